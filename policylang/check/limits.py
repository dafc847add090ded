"""Limits beyond those of policies: what they count, and by what."""

from typing import Literal

from policylang.check import errors_policies as errors
from policylang.check.amounts import concurrency, quota, rate
from policylang.check.environment import Sink
from policylang.check.ground import Ground
from policylang.check.infer import Purpose, check_reference
from policylang.check.model import Concurrency, Limit, Quota, Rate, Ref
from policylang.check.scopes import Reach
from policylang.syntax import nodes


def check_limits(ground: Ground) -> tuple[Limit, ...]:
    """Every limit, sorted by name."""
    made: list[Limit] = []
    limits = ground.symbols.limits
    for name in sorted(limits):
        node = limits[name]
        amount = _amount(node, ground.sink)
        reach = ground.scopes.reach(node.scope)
        key = _key(node, reach, ground)
        if key is not None:
            made.append(Limit(name, reach.routes, key, amount, node.on_outage, node.name.span))
    return tuple(made)


def _amount(node: nodes.Limit, sink: Sink) -> Rate | Quota | Concurrency:
    if isinstance(node.amount, nodes.Rate):
        return rate(node.amount, sink)
    if isinstance(node.amount, nodes.Concurrency):
        return concurrency(node.amount, sink)
    if node.amount.count is None:
        sink.add(errors.limit_unlimited(node.name.text, node.amount.span))
    return quota(node.amount, sink)


def _key(node: nodes.Limit, reach: Reach, ground: Ground) -> Literal["identity", "route"] | Ref | None:
    if node.key.kind == "route":
        return "route"
    if node.key.kind == "identity":
        if reach.nameless:
            ground.sink.add(errors.limit_without_identity(node.name.text, reach.nameless, node.key.span))
        return "identity"
    environments = ground.cells.of(reach.routes)
    if node.key.ref is None or not environments:
        return None
    return check_reference(node.key.ref, environments, ground.names, ground.sink, purpose=Purpose.LIMIT_KEY)
