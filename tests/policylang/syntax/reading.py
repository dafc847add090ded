"""What the tests of the parser share: reading a text, one item, one expression, and trees without their places."""

from pathlib import Path
from typing import Any

from policylang.source.tree import SourceTree, tree_of
from policylang.syntax import nodes
from policylang.syntax.parse import ParseResult, parse

DATA = Path(__file__).parents[2] / "data"
GOOD = tuple(
    path.read_text(encoding="utf-8") for path in (DATA / "sample.rules", *sorted((DATA / "situations").iterdir()))
)
"""Rule sets that have no mistake."""


def tree(text: str) -> SourceTree:
    return tree_of({"a.rules": f"language 1\n{text}"})


def read(text: str) -> ParseResult:
    """The reading of a text, to which the header is added."""
    return parse(tree(text))


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in read(text).diagnostics]


def told(text: str) -> list[tuple[str, str]]:
    """Code and the text pointed at, of every complaint."""
    source = tree(text)
    return [(d.code, source.text_of(d.span)) for d in parse(source).diagnostics]


def items(text: str) -> tuple[nodes.Item, ...]:
    """The items of a text that has no mistake."""
    result = read(text)
    assert result.diagnostics == ()
    return result.rule_set.files[0].items


def item(text: str) -> Any:
    (only,) = items(text)
    return only


def expression(text: str) -> Any:
    return item(f"let x = {text}").value


def shape(value: object) -> object:
    """A node as nested tuples without spans: what it means, not where it stands."""
    if isinstance(value, nodes.Node):
        names: tuple[str, ...] = type(value).__match_args__[1:]
        return (type(value).__name__, *(shape(getattr(value, name)) for name in names))
    return tuple(shape(part) for part in value) if isinstance(value, tuple) else value


def covered(text: str, node: nodes.Node) -> str:
    """The source text that a node of ``read(text)`` covers."""
    return tree(text).text_of(node.span)


def fixed(text: str) -> str:
    """The text with the edits of its first complaint made."""
    edits = sorted(read(text).diagnostics[0].edits, key=lambda edit: edit.span.start, reverse=True)
    source = tree(text).files[0].text
    for edit in edits:
        source = source[: edit.span.start] + edit.text + source[edit.span.end :]
    return source.removeprefix("language 1\n")
