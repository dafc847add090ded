"""What the rules saw of a request, by name: from the positions that claims, fields and captures have in a plan."""

from collections.abc import Sequence
from typing import Any

from policylang.explain.evaluate import Facts
from policylang.explain.to_json import to_json
from policylang.explain.tree import explain_rules
from policylang.plan.model import Plan
from policylang.runtime.cell import Claims, Fields
from policylang.runtime.verdict import RequestFacts, Verdict
from policylang.simulate import unhoisted
from policylang.simulate.record import decision_of


def facts_of(
    plan: Plan, number: int, issuer: int | None, claims: Claims, fields: Fields | None, request: RequestFacts, now: int
) -> Facts:
    """What the expressions of route ``number`` may name. ``fields`` None: metadata is a fault. ``now`` in microseconds."""
    route = plan.routes[number]
    trusted = None if issuer is None else plan.issuers[issuer]
    declared = plan.metadata.fields if plan.metadata is not None else ()
    facts = Facts(
        now=now,
        issuer=None if trusted is None else trusted.name,
        claims={} if trusted is None else _named([claim.name for claim in trusted.claims], claims),
        fields=None if fields is None else _named([field.name for field in declared], fields),
        captures=_named(route.captures, request.captures),
        headers=request.headers,
        unreadable=request.unreadable,
        client_ip=request.client_ip,
        peer_ip=request.peer_ip,
    )
    return unhoisted.with_grants(facts, unhoisted.select(plan, route, facts))


def why(plan: Plan, number: int, method: str, issuer: int | None, facts: Facts, verdict: Verdict) -> dict[str, Any]:
    """The explanation of a verdict as JSON, the same tree that ``policylang explain`` prints; every value is hidden."""
    decision = decision_of(plan, plan.routes[number].name, issuer, verdict)
    return to_json(explain_rules(plan, number, method, facts, decision, "hidden"))


def _named(names: Sequence[str], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))
