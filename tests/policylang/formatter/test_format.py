"""The spine: every file by itself, those that do not parse left out and complained of."""

import re
from pathlib import Path

import pytest

from policylang.formatter.format import format_tree
from policylang.source.tree import read_tree, tree_of

DATA = [
    Path("tests/data/sample.rules"),
    *sorted(Path("tests/data/situations").iterdir()),
    *sorted(Path("rules").rglob("*.rules")),
]


@pytest.mark.parametrize("path", DATA, ids=str)
def test_the_examples_can_be_formatted(path: Path) -> None:
    result = format_tree(read_tree(path))
    assert result.diagnostics == ()
    (file,) = result.files
    assert not format_tree(tree_of({"a.rules": file.text})).files[0].changed


def test_the_page_about_the_style_is_in_it() -> None:
    (block,) = re.findall(r"^```rules\n(.*?)^```$", Path("docs/tools/fmt.md").read_text(), re.DOTALL | re.MULTILINE)
    assert format_tree(tree_of({"a.rules": block})).files[0].text == block


def test_a_file_that_does_not_parse_is_left_out() -> None:
    texts = {"a.rules": "secret  a", "b.rules": "allow x on y", "c.rules": ""}
    result = format_tree(tree_of({path: f"language 1\n{text}" for path, text in texts.items()}))
    assert [(file.source.path, file.changed) for file in result.files] == [("a.rules", True), ("c.rules", False)]
    assert [(diagnostic.code, diagnostic.span.file) for diagnostic in result.diagnostics] == [("R111", 1)]


def test_what_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_bytes(b"language 1\n# \xff")
    (tmp_path / "b.rules").write_text("language 1\n")
    result = format_tree(read_tree(tmp_path))
    assert [file.source.path for file in result.files] == ["b.rules"]
    assert len(result.diagnostics) == 1


def test_an_empty_directory_is_a_complaint(tmp_path: Path) -> None:
    result = format_tree(read_tree(tmp_path))
    assert (result.files, [diagnostic.code for diagnostic in result.diagnostics]) == ((), ["R701"])


def test_rules_that_parse_need_not_check() -> None:
    assert format_tree(tree_of({"a.rules": "language 1\nallow a on nowhere always\n"})).diagnostics == ()
