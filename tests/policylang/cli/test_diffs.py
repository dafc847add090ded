"""Diffs that a command shows."""

import pytest

from policylang.cli.diffs import unified

HEAD = "--- a\n+++ b\n"
MARK = "\\ No newline at end of file\n"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a\n", "a\n", ""),
        ("", "", ""),
        ("a\n", "b\n", f"{HEAD}@@ -1 +1 @@\n-a\n+b\n"),
        ("a", "a\n", f"{HEAD}@@ -1 +1 @@\n-a\n{MARK}+a\n"),
        ("a\n", "b", f"{HEAD}@@ -1 +1 @@\n-a\n+b\n{MARK}"),
    ],
)
def test_what_patch_reads(before: str, after: str, shown: str) -> None:
    assert unified(before, after, "a", "b") == shown
