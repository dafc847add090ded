"""Caps: how many things of each kind a rule set may have. Beyond them nothing is checked, so that checking is bounded."""

from collections.abc import Collection, Iterator

from policylang.check import errors_names as errors
from policylang.check.environment import Sink
from policylang.check.symbols import Symbols
from policylang.source.spans import Span
from policylang.syntax import nodes

ITEMS = 20_000
ISSUERS = 200
NAMES = 5_000
"""Settings, secrets, policies, lets."""
ARMS = 200
CLAIMS = 200
PATTERNS = 100
HOSTS = 20
METHODS = 40
TARGETS = 100
PAIRS = 200_000
"""(route, trusted issuer), for all routes together."""


def within_caps(symbols: Symbols, sink: Sink) -> bool:
    """Whether the rule set is small enough to be checked; complains of each kind that there is too much of."""
    before = len(sink.found)
    for kind, spans, limit in _counted(symbols):
        if len(spans) > limit:
            sink.add(errors.too_many(kind, len(spans), limit, list(spans)[limit]))
    return len(sink.found) == before


def _counted(symbols: Symbols) -> Iterator[tuple[str, Collection[Span], int]]:
    yield "routes", _spans(symbols.routes.values()), ITEMS
    yield "rules", _spans(symbols.rules.values()), ITEMS
    yield "limits", _spans(symbols.limits.values()), ITEMS
    yield "identity tokens", _spans(symbols.identity_tokens.values()), ITEMS
    yield "selects", _spans(symbols.selects), ITEMS
    yield "tests", _spans(symbols.tests), ITEMS
    yield "header operations", [op.span for block in symbols.headers for op in block.operations], ITEMS
    yield "issuers and keyrings", _spans([*symbols.issuers.values(), *symbols.keyrings.values()]), ISSUERS
    for kind, items in (
        ("settings", symbols.settings), ("secrets", symbols.secrets), ("policies", symbols.policies),
        ("lets", symbols.lets),
    ):  # fmt: skip
        yield kind, _spans(items.values()), NAMES
    pairs = [entry.span for route in symbols.routes.values() for trust in route.trust for entry in trust]
    yield "trusted issuers in all routes together", pairs, PAIRS
    yield from _counted_within(symbols)


def _counted_within(symbols: Symbols) -> Iterator[tuple[str, Collection[Span], int]]:
    for kind, sources in (("issuer", symbols.issuers.values()), ("keyring", symbols.keyrings.values())):
        for source in sources:
            spans = [claim.span for block in source.claims for claim in block]
            yield f"claims in {kind} `{source.name.text}`", spans, CLAIMS
    if symbols.metadata is not None:
        yield "metadata fields", _spans(symbols.metadata.fields), CLAIMS
    for select in symbols.selects:
        yield "arms in one select", _spans(select.arms), ARMS
    for route in symbols.routes.values():
        owner = f"in route `{route.name.text}`"
        yield f"patterns {owner}", [p.span for match in route.matches for p in match.patterns], PATTERNS
        yield f"hosts {owner}", [host.span for hosts in route.hosts for host in hosts], HOSTS
        for match in route.matches:
            yield f"methods of one match {owner}", _spans(match.methods), METHODS
        yield f"upstreams {owner}", [const.span for upstream in route.upstream for const in upstream], TARGETS


def _spans(items: Collection[nodes.Node]) -> list[Span]:
    return [item.span for item in items]
