"""Fields of a declaration: given once, given at most once; and entries of a list, each once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TypeVar

from policylang.check import errors_names as errors
from policylang.check.environment import Sink
from policylang.source.spans import Span
from policylang.syntax import nodes

Value = TypeVar("Value", bound=nodes.Node | tuple[nodes.Node, ...])
Entry = TypeVar("Entry", bound=nodes.Node)


@dataclass
class Fields:
    """The fields of one declaration: which are there too often, and which are not there at all."""

    owner: str
    at: Span
    sink: Sink
    _missing: dict[str, str] = dataclass_field(default_factory=dict)

    def at_most_one(self, field: str, given: Sequence[Value]) -> Value | None:
        """The first of the values given for a field, None without one; complains of each further one."""
        for again in given[1:]:
            self.sink.add(errors.field_repeated(self.owner, field, _place(again), _place(given[0])))
        return given[0] if given else None

    def exactly_one(self, field: str, given: Sequence[Value], example: str) -> Value | None:
        """Like ``at_most_one``, and notes that the field is missing; ``example`` is a line to add."""
        if not given:
            self._missing[field] = example
        return self.at_most_one(field, given)

    def settle(self) -> None:
        """Complain, once, of all that is missing."""
        if self._missing:
            self.sink.add(errors.fields_missing(self.owner, self._missing, self.at))


def distinct(what: str, entries: Sequence[Entry], text: Callable[[Entry], str], sink: Sink) -> tuple[Entry, ...]:
    """The entries without those whose ``text`` an earlier one has; complains of each that it leaves out."""
    first: dict[str, Entry] = {}
    for entry in entries:
        earlier = first.setdefault(text(entry), entry)
        if earlier is not entry:
            sink.add(errors.listed_twice(what, text(entry), entry.span, earlier.span))
    return tuple(first.values())


def distinct_names(what: str, entries: Sequence[nodes.Name], sink: Sink) -> tuple[nodes.Name, ...]:
    """``distinct`` for names."""
    return distinct(what, entries, lambda name: name.text, sink)


def opening(item: nodes.Node, words: str) -> Span:
    """The place of the words that a declaration without a name begins with."""
    return Span(item.span.file, item.span.start, min(item.span.start + len(words), item.span.end))


def _place(value: nodes.Node | tuple[nodes.Node, ...]) -> Span:
    if isinstance(value, nodes.Node):
        return value.span
    return value[0].span.to(value[-1].span)
