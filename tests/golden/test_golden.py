"""Golden files: rules and what the compiler says of them, side by side in Markdown.

A file has blocks fenced as ``rules title="name.rules"`` and one block fenced as ``text``: the diagnostics of the parser, or
of the checker where the parser has none; ``no complaints`` where there are none. Settings of the environment stand in a
block fenced as ``json title="settings"``. UPDATE_GOLDEN=1 writes the ``text`` blocks anew. Pages whose rules have no title
are of another form and have a runner of their own.
"""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from policylang.check.check import check
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.render_text import render_text
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse

HERE = Path(__file__).parent
CASES = sorted(path for path in HERE.glob("*/*.md") if '```rules title="' in path.read_text(encoding="utf-8"))
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTHING = "no complaints\n"


def diagnose(tree: SourceTree, settings: dict[str, str | int] | None) -> Sequence[Diagnostic]:
    """What the parser says; where it says nothing, what the checker does."""
    parsed = parse(tree)
    return parsed.diagnostics or check(parsed.rule_set, tree, settings).diagnostics


def rendered(page: str) -> str:
    """The diagnostics of a page's rules as text."""
    sources: dict[str, str] = {}
    settings: dict[str, str | int] | None = None
    for language, title, body in BLOCK.findall(page):
        if language == "rules":
            assert title not in sources
            sources[title] = body
        elif (language, title) == ("json", "settings"):
            settings = json.loads(body)
    assert sources, "a golden file needs rules"
    tree = tree_of(sources)
    return render_text(diagnose(tree, settings), tree.files) or NOTHING


def expected(page: str) -> str:
    """The body of the one ``text`` block."""
    (body,) = (body for language, _, body in BLOCK.findall(page) if language == "text")
    assert isinstance(body, str)
    return body


def updated(page: str, text: str) -> str:
    """The page with another ``text`` block."""
    return BLOCK.sub(lambda match: f"```text\n{text}```" if match[1] == "text" else match[0], page)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    text = rendered(page)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(updated(page, text), encoding="utf-8")
        page = updated(page, text)
    assert text == expected(page)


def test_there_are_golden_files() -> None:
    assert len(CASES) > 5


def test_an_update_touches_the_text_block_only() -> None:
    page = '# t\n\n```rules title="a.rules"\nlanguage 1\n```\n\n```text\nold\n```\n'
    assert updated(page, "new\n") == page.replace("old", "new")
