"""Rules in the one style, for tests: parsed, laid out, proved."""

from policylang.formatter.concrete import Concrete, concrete
from policylang.formatter.format import format_tree
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

HEADER = "language 1\n"


def styled(text: str) -> str:
    """The text of a file in the one style."""
    result = format_tree(tree_of({"a.rules": text}))
    assert result.diagnostics == ()
    return result.files[0].text


def styled_items(items: str) -> str:
    """Items in the one style, without the language line."""
    text = styled(HEADER + items)
    assert text.startswith(HEADER)
    return text.removeprefix(HEADER)


def concrete_of(text: str) -> Concrete:
    """The concrete tree of a file."""
    parsed = parse(tree_of({"a.rules": text}))
    assert parsed.ok
    return concrete(text, parsed.rule_set.files[0])
