"""One writer for each header of a route and direction, identity tokens included."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from policylang.check import errors_headers as errors
from policylang.check.environment import Sink
from policylang.check.header_names import Direction, fold
from policylang.source.spans import Span


@dataclass
class Writers:
    """Who writes what, as far as announced."""

    sink: Sink
    _first: dict[tuple[str, Direction, str], tuple[str, Span]] = field(default_factory=dict)

    def announce(self, name: str, direction: Direction, routes: Sequence[str], span: Span) -> None:
        """Note a writer of a header on some routes; complains of the first route that has one already."""
        folded = fold(name)
        complained = False
        for route in routes:
            other, first = self._first.setdefault((route, direction, folded), (name, span))
            if first is not span and not complained:
                complained = True
                early, late = sorted(((first, other), (span, name)))
                self.sink.add(
                    errors.two_writers(late[1], early[1], route, direction, span=late[0], first=early[0])
                )
