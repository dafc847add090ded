"""Operators on routes: a wider path, an issuer less trusted."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes


def routes(written: Written) -> Iterator[nodes.Route]:
    """Every route."""
    return (item for item in written.items() if isinstance(item, nodes.Route))


def widen_paths(written: Written) -> Iterator[Mutant]:
    """A literal segment becomes ``*``."""
    for route in routes(written):
        for pattern in (pattern for match in route.matches for pattern in match.patterns):
            for segment in pattern.segments:
                if segment.kind == "literal" and segment.text:
                    hint = (
                        f"Send a request that differs from route {route.name.text} in segment `{segment.text}` alone."
                    )
                    yield Mutant("widen_path", segment.span, pattern.span, (Edit(segment.span, "*"),), hint)


def drop_trust(written: Written) -> Iterator[Mutant]:
    """A route that trusts one issuer fewer, or no anonymous caller any more."""
    for route in routes(written):
        for names in route.trust:
            spans = [name.span for name in names]
            shown = Span(route.span.file, written.before(spans[0]).start, spans[-1].end)
            for index, name in enumerate(names if len(names) > 1 else ()):
                caller = (
                    "an anonymous request" if name.text == "anonymous" else f"a request with a token of {name.text}"
                )
                hint = f"Send {caller} on route {route.name.text}."
                yield Mutant("drop_trust", name.span, shown, (without(spans, index),), hint)
