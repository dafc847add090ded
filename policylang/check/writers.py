"""One writer for each header of a route and direction, identity tokens included."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from policylang.check import errors_headers as errors
from policylang.check.environment import Sink
from policylang.check.header_names import Direction, fold
from policylang.source.spans import Span


@dataclass(frozen=True, slots=True)
class Writer:
    """Something that writes a header on some routes; ``name`` as written."""

    name: str
    routes: Sequence[str]
    span: Span


@dataclass
class Writers:
    """Who writes what. Routes are looked at only for names that have two writers: most have one, on many routes."""

    _by_name: dict[tuple[Direction, str], list[Writer]] = field(default_factory=dict)

    def announce(self, name: str, direction: Direction, routes: Sequence[str], span: Span) -> None:
        """Note a writer of a header on some routes."""
        self._by_name.setdefault((direction, fold(name)), []).append(Writer(name, routes, span))

    def settle(self, sink: Sink) -> None:
        """Complain of each writer whose routes meet those of an earlier one, in the order of the source."""
        for (direction, _), writers in self._by_name.items():
            if len(writers) == 1:
                continue
            first: dict[str, Writer] = {}
            for writer in sorted(writers, key=lambda writer: writer.span):
                route = next((route for route in writer.routes if first.setdefault(route, writer) is not writer), None)
                if route is not None:
                    other = first[route]
                    names = (writer.name, other.name)
                    sink.add(errors.two_writers(*names, route, direction, span=writer.span, first=other.span))
