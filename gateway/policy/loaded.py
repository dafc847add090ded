"""A plan in force: compiled, with what the gateway derives from it once."""

from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from gateway.message.forward import AnswerEdit, Drops
from gateway.message.ports import MetadataStore
from gateway.message.principal import Principal
from gateway.message.record import PlanNames
from policylang.embed import (
    CompiledPlan,
    HeadersRead,
    Match,
    PrefixChange,
    Target,
    fold,
    plan_model,
    prefix_change,
)

FOREVER = 1 << 62


class Place(NamedTuple):
    """Where a target leads: the match, its route, the headers that the route's rules read of this method's requests, and
    the begin of the request line that travels on (method, and path after any change of prefix, with query)."""

    target: Target
    found: Match
    route: plan_model.Route
    reads: HeadersRead
    line: bytes


# What the gateway says on an answer itself; an upstream's own line of that name would contradict it.
GATEWAY_SAYS = frozenset({b"x-request-id", b"ratelimit", b"ratelimit-policy"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """``names`` outlive the plan in records; ``metadata`` reads facts as this plan declares them.

    ``drops``, ``edits``, ``hosts`` (of upstreams) and ``prefixes`` are aligned with the plan's routes. ``anonymous`` is
    the principal without a credential, for whom cells keep their facts as for any other. ``generation`` counts the plans
    that this process has served. ``declares_metadata``: the rules know of facts behind the gateway at all.
    ``places``: matches by (method, target, Host), for requests that come again; whoever adds keeps them few.
    """

    compiled: CompiledPlan
    names: PlanNames
    metadata: MetadataStore
    anonymous: Principal
    drops: tuple[Drops, ...]
    edits: tuple[AnswerEdit, ...]
    hosts: tuple[bytes, ...]
    prefixes: tuple[PrefixChange | None, ...]
    generation: int
    declares_metadata: bool
    places: dict[tuple[str, bytes, bytes], Place] = field(default_factory=dict)


def loaded(compiled: CompiledPlan, metadata: MetadataStore, generation: int) -> Loaded:
    """A plan ready to serve."""
    plan = compiled.plan
    names = PlanNames(
        digest=plan.semantic,
        routes=tuple(route.name for route in plan.routes),
        issuers=tuple(issuer.name for issuer in plan.issuers),
        rules=tuple(rule.name for rule in plan.rules),
        policies=tuple(policy.name for policy in plan.policies),
    )
    return Loaded(
        compiled=compiled,
        names=names,
        metadata=metadata,
        anonymous=Principal(None, (), b"", FOREVER, plan.semantic),
        drops=tuple(_drops(compiled, index) for index in range(len(plan.routes))),
        edits=tuple(_edit(compiled, index) for index in range(len(plan.routes))),
        hosts=tuple(urlsplit(route.upstream[0]).netloc.encode() for route in plan.routes),
        prefixes=tuple(prefix_change(route.strip_prefix, route.add_prefix) for route in plan.routes),
        generation=generation,
        declares_metadata=plan.metadata is not None,
    )


def _drops(compiled: CompiledPlan, index: int) -> Drops:
    plan = compiled.plan
    names, prefixes = compiled.request_removals(index)
    credentials = [plan.issuers[issuer].credential for issuer in plan.routes[index].trust]
    return Drops(
        names | {fold(c.name.encode()) for c in credentials if c.kind == "header"},
        prefixes,
        frozenset(c.name.encode() for c in credentials if c.kind == "cookie"),
    )


def _edit(compiled: CompiledPlan, index: int) -> AnswerEdit:
    """What every answer of a route loses. A name that the rules set goes even where a value is omitted."""
    names, prefixes = compiled.response_edit(index)
    return AnswerEdit(names | GATEWAY_SAYS, prefixes, b"")
