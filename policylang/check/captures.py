"""What a route captures: every pattern and every host of it binds the same names with the same types."""

from collections.abc import Sequence

from policylang.check import errors_routes as errors
from policylang.check.declared_types import scalar
from policylang.check.environment import Sink
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Scalar, Text

Bound = dict[str, tuple[Scalar, Span]]
"""Capture name to its type and the place where it is bound."""


def captures_of(
    route: str, paths: Sequence[nodes.PathPattern], hosts: Sequence[nodes.HostPattern], sink: Sink
) -> dict[str, Scalar]:
    """The captures of a route, sorted by name, path and host together."""
    of_path = _agreed(route, [(path.span, _bound(path.segments, sink)) for path in paths], sink)
    of_host = _agreed(route, [(host.span, _bound(host.labels, sink)) for host in hosts], sink)
    for name in sorted(of_path.keys() & of_host.keys()):
        sink.add(errors.capture_in_both(name, of_host[name][1], of_path[name][1]))
    return {name: type_ for name, (type_, _) in sorted({**of_host, **of_path}.items())}


def _bound(segments: Sequence[nodes.Segment], sink: Sink) -> Bound:
    bound: Bound = {}
    for segment in segments:
        if segment.kind == "capture":
            type_ = Text() if segment.type is None else scalar(segment.type, sink)
            bound.setdefault(segment.text, (type_, segment.span))
    return bound


def _agreed(route: str, patterns: Sequence[tuple[Span, Bound]], sink: Sink) -> Bound:
    """The union of what the patterns bind; complains where one lacks a name or has another type for it."""
    union: Bound = {}
    holder: dict[str, Span] = {}
    for span, bound in patterns:
        for name, (type_, place) in bound.items():
            first, first_place = union.setdefault(name, (type_, place))
            holder.setdefault(name, span)
            if first != type_:
                sink.add(errors.capture_retyped(name, describe(first), describe(type_), place, first_place))
    for span, bound in patterns:
        missing = tuple(sorted(union.keys() - bound.keys()))
        if missing:
            sink.add(errors.capture_missing(route, missing, span, holder[missing[0]]))
    return union
