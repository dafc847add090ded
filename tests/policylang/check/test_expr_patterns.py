"""Globs, prefixes and suffixes: what holds, and what a type decides."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policylang.check.expr_patterns import Op, holds
from tests.policylang.check.expr_world import codes, tree


@given(st.text("ab*?.\n", max_size=8), st.text("ab*?.[", max_size=8))
@example("", "")
@example("", "*")
@example("a\nb", "a*b")
def test_a_glob_is_its_regular_expression(text: str, pattern: str) -> None:
    meaning = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    assert holds("matches", text, pattern) is (re.fullmatch(meaning, text, re.DOTALL) is not None)


@given(st.text("abc", max_size=6), st.text("abc", max_size=3))
def test_prefixes_and_suffixes_are_globs(text: str, pattern: str) -> None:
    assert holds("starts", text, pattern) is holds("matches", text, f"{pattern}*")
    assert holds("ends", text, pattern) is holds("matches", text, f"*{pattern}")


def test_many_stars_stay_quick() -> None:
    assert not holds("matches", "a" * 2000, "*a" * 30 + "b")


@pytest.mark.parametrize(
    ("op", "text", "pattern", "expected"),
    [
        ("starts", "a*", "a*", True),
        ("starts", "ab", "a*", False),
        ("ends", "a?", "?", True),
        ("matches", "A", "a", False),
        ("matches", "é", "?", True),
        ("matches", "", "?", False),
    ],
)
def test_corners(op: Op, text: str, pattern: str, expected: bool) -> None:
    assert holds(op, text, pattern) is expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('claims.plan starts with "g"', None),
        ('claims.plan starts with "x"', "R238"),
        ('claims.plan matches "????"', "R238"),  # all values have four letters
        ('claims.tenant starts with "a_b"', None),
        ('claims.tenant ends with "-"', None),
        ('claims.tenant starts with "_a"', "R238"),
        ('claims.tenant matches "a*B"', "R238"),
        ('claims.tenant matches "a.b"', "R238"),
        ('claims.tenant matches "*"', "R238"),
        ('claims.tenant matches "?*"', "R238"),
        ('claims.tenant matches "??*"', None),
        ('claims.nick present and claims.nick matches "?*"', None),
        (f'claims.nick starts with "{"a" * 41}"', "R204"),
        (f'claims.nick present and claims.nick starts with "{"a" * 41}"', "R238"),
        (f'claims.nick present and claims.nick matches "{"?" * 40}*"', None),
        ('claims.email ends with "@"', "R238"),
        ('claims.email ends with "."', "R238"),
        ('claims.email starts with ".a"', "R238"),
        ('claims.email matches "*@*@*"', "R238"),
        ('claims.email matches "é*"', "R238"),
        ('claims.email ends with "b.example"', "R239"),
        ('claims.email matches "*?b.example"', "R239"),
        ('claims.email matches "*@b.example"', None),
        ('claims.email matches "*.b.example"', None),
        ('claims.email matches "a@b.example"', None),
        ('claims.email matches "a*"', None),
        ('claims.email starts with "admin"', None),
        ('claims.sub ends with "b.example"', None),  # a text is no address
        ('claims.sub starts with ""', "R237"),
        ('header["X-A"] present and header["X-A"] matches "v?"', None),
        ('(claims.acr ?? "pwd") starts with "m"', None),
        ('(claims.acr ?? "pwd") starts with "x"', "R238"),
    ],
)
def test_what_types_decide(text: str, code: str | None) -> None:
    assert codes(text, "own") == ([] if code is None else [code])


def test_the_pattern_is_checked_although_the_subject_is_wrong() -> None:
    assert codes('claims.unknown_one starts with "{claims.sub}"', "own") == ["R201", "R229"]
    assert codes('claims.scope starts with ""', "own") == ["R224", "R237"]


def test_the_tree_keeps_the_pattern() -> None:
    assert tree('claims.sub matches "a*?"', "own") == "(matches claims.sub 'a*?')"
