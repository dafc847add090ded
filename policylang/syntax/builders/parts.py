"""What reductions hand upwards that is not a node yet, and the places of tokens, nodes and parts alike."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax.words import Word

Children = list[Any]


class Field(NamedTuple):
    """A named part of a block; ``span`` covers it, keyword and all."""

    name: str
    value: Any
    span: Span


class Paren(NamedTuple):
    """An expression in parentheses; ``span`` includes them."""

    inner: nodes.Expr
    span: Span


class Builder:
    """The base of the node builders: which file is being read, and where complaints go.

    One builder serves one grammar, and one parse at a time: ``policylang.syntax.grammar`` holds the lock.
    """

    file: int = 0
    complain: Callable[[Diagnostic], None]

    def place(self, children: Sequence[Any]) -> Span:
        """From the start of the first child to the end of the last."""
        first, last = children[0], children[-1]
        return Span(
            self.file,
            first.start if type(first) is Word else first.span.start,
            last.end if type(last) is Word else last.span.end,
        )

    def at(self, word: Word) -> Span:
        """Where a word is."""
        return Span(self.file, word.start, word.end)

    def field(self, name: str, children: Sequence[Any], value: Any) -> Field:
        """A named part that covers all the children."""
        return Field(name, value, self.place(children))

    def name_of(self, word: Word) -> nodes.Name:
        """A NAME or PROPER as a node."""
        return nodes.Name(self.at(word), word.value)

    def names_in(self, children: Sequence[Any], kind: str = "NAME") -> tuple[nodes.Name, ...]:
        """Every word of one kind among the children, as names."""
        return tuple(self.name_of(c) for c in children if type(c) is Word and c.type == kind)

    def member_name(self, word: Word) -> str:
        """The name in ``.name``."""
        return word.value[1:]


def grouped(fields: Sequence[Any]) -> dict[str, tuple[Any, ...]]:
    """The values of a block's fields by field name, in order."""
    groups: dict[str, list[Any]] = {}
    for field in fields:
        if type(field) is Field:
            groups.setdefault(field.name, []).append(field.value)
    return {name: tuple(values) for name, values in groups.items()}
