"""Ties: two patterns of which neither is more specific, for one method. One dictionary look-up for each of them."""

from collections.abc import Mapping, Sequence

from policylang.check import errors_routes as errors
from policylang.check.environment import Sink
from policylang.check.model import Pattern, Route, Segment

Shape = tuple[str, ...]
"""Segments in which captures are equal whatever they are called: literals keep their text behind a slash."""


def check_ties(routes: Mapping[str, Route], sink: Sink) -> None:
    """Complain of every pattern that ties with an earlier one (by route name, then as written)."""
    taken: dict[tuple[Shape, Shape | None, str], tuple[Route, Pattern]] = {}
    for route in routes.values():
        hosts: Sequence[Shape | None] = [shape(host.labels) for host in route.hosts] or [None]
        for pattern in route.patterns:
            path = shape(pattern.segments)
            if not path:
                continue
            ties: dict[int, tuple[Route, Pattern, list[str]]] = {}
            for host in dict.fromkeys(hosts):
                for method in pattern.methods:
                    rival, rival_pattern = taken.setdefault((path, host, method), (route, pattern))
                    if rival_pattern is not pattern:
                        ties.setdefault(id(rival_pattern), (rival, rival_pattern, []))[2].append(method)
            for rival, rival_pattern, methods in ties.values():
                _complain((rival, rival_pattern), (route, pattern), tuple(sorted(set(methods))), sink)


def shape(segments: Sequence[Segment]) -> Shape:
    """What two patterns must share to be equally specific.

    >>> shape([Segment("literal", "v1"), Segment("capture", "id"), Segment("rest")])
    ('/v1', 'capture', 'rest')
    """
    return tuple(f"/{segment.text}" if segment.kind == "literal" else segment.kind for segment in segments)


def _complain(one: tuple[Route, Pattern], other: tuple[Route, Pattern], methods: tuple[str, ...], sink: Sink) -> None:
    first, second = sorted((one, other), key=lambda pair: pair[1].span)
    sink.add(errors.routes_tie(first[0].name, second[0].name, methods, second[1].span, first[1].span))
