"""The verdict without stages: every expression is walked when the request is there. Slow, and the same as a cell's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from policylang.explain.evaluate import ABSENT, FAULT, Facts, Lack, evaluate
from policylang.plan.model import Expr, Limit, Plan, Route, Rule, Select, SetHeader, Token
from policylang.request.fields import fold
from policylang.runtime.keys import identity_part, limit_part, route_part, value_part
from policylang.runtime.policies import REFUSED, UNCOVERED, Selected, merge, policy_charges
from policylang.runtime.refusal import objection, withheld
from policylang.runtime.rendering import HeaderLine, block, mint, text_of
from policylang.runtime.verdict import Charge, Mint, Verdict

SECOND = 1_000_000


class RenderFault(Exception):
    """A fact that something says is not to be had."""


class RenderRefused(Exception):
    """A value that cannot be said."""


def verdict(plan: Plan, secrets: Mapping[str, str], number: int, method: str, facts: Facts, identity: bytes) -> Verdict:
    """What a plan says of one request; ``facts.grants`` is not looked at."""
    route = plan.routes[number]
    selected = select(plan, route, facts)
    facts = with_grants(facts, selected)
    scoped = [(i, plan.rules[i]) for i in route.rules if not plan.rules[i].methods or method in plan.rules[i].methods]
    held = {i: holds(rule, facts) for i, rule in scoped}
    shadows = tuple((i, held[i]) for i, rule in scoped if rule.effect.startswith("shadow"))
    denies = {i: rule for i, rule in scoped if rule.effect == "deny"}
    objections = tuple((i, True if held[i] else None) for i in denies if held[i] is not False)
    if objections:
        acr = {i: rule.step_up for i, rule in denies.items() if rule.step_up is not None}
        return objection(acr, objections, shadows)
    allows = [i for i, rule in scoped if rule.effect == "allow"]
    granting = [i for i in allows if held[i]]
    if not granting:
        helps = facts.issuer is None and route.trust and allows
        faults = tuple(i for i in allows if held[i] is None)
        return withheld("credential_required" if helps else "no_allow", faults, shadows)
    if selected is None:
        return Verdict("policy_fault", shadows=shadows)
    if selected is REFUSED:
        return Verdict("policy_refused", shadows=shadows)
    return _rendered(plan, secrets, route, facts, identity, Verdict("allow", granting[0], shadows=shadows), selected)


def holds(rule: Rule, facts: Facts) -> bool | None:
    """Whether a rule holds now: past its ``until`` it is false, whatever its condition; None is a fault."""
    if rule.until is not None and facts.now >= rule.until * SECOND:
        return False
    return True if rule.condition is None else truth(rule.condition.expr, facts)


def truth(expr: Expr, facts: Facts) -> bool | None:
    """The value of a condition; None for a fault."""
    value = evaluate(expr, facts)
    return value if isinstance(value, bool) else None


def with_grants(facts: Facts, selected: Selected | None) -> Facts:
    """The facts that the route's rules see: with what the selected policies grant."""
    return replace(facts, grants=None if selected is None else selected.grants)


def select(plan: Plan, route: Route, facts: Facts) -> Selected | None:
    """The policies that apply to a route; REFUSED; None for a fault."""
    if route.select == -1:
        return UNCOVERED
    declared = plan.selects[route.select]
    chosen = _chosen(plan, declared, facts)
    if chosen is None:
        return None
    if not chosen and declared.otherwise != -1:
        chosen = {plan.policies[declared.otherwise].name}
    numbers = {policy.name: i for i, policy in enumerate(plan.policies)}
    if not chosen or not chosen <= numbers.keys():
        return REFUSED
    return merge(plan.policies, [numbers[name] for name in chosen])


def _chosen(plan: Plan, declared: Select, facts: Facts) -> set[str] | None:
    """The names of the arms' policies; of the first arm that holds, or of all; None for a fault."""
    chosen: set[str] = set()
    for arm in declared.arms:
        held = True if arm.when is None else truth(arm.when.expr, facts)
        if held is None:
            return None
        if not held:
            continue
        if arm.named is None:
            chosen.add(plan.policies[arm.policy].name)
        else:
            value = evaluate(arm.named, facts)
            if isinstance(value, Lack):
                return None
            chosen |= value if isinstance(value, frozenset) else {value}
        if not declared.every:
            return chosen or {""}
    return chosen


def _rendered(
    plan: Plan,
    secrets: Mapping[str, str],
    route: Route,
    facts: Facts,
    identity: bytes,
    allowed: Verdict,
    selected: Selected,
) -> Verdict:
    refused = replace(allowed, rule=-1, policies=selected.policies)
    try:
        faults = [value for ref in _said(plan, route, facts) if (value := evaluate(ref, facts)) is FAULT]
        if faults:
            return replace(refused, kind="render_fault")
        return replace(
            allowed,
            policies=selected.policies,
            charges=_charges(plan, route, facts, identity, selected),
            set_request=_block(plan, secrets, route, facts, "request"),
            set_response=_block(plan, secrets, route, facts, "response"),
            mints=tuple(_mint(i, plan.tokens[i], facts) for i in _minted(route, facts)),
        )
    except RenderRefused:
        return replace(refused, kind="render_refused")


def _minted(route: Route, facts: Facts) -> tuple[int, ...]:
    """The identity tokens of a request: none where nobody has shown who they are."""
    return () if facts.issuer is None else route.tokens


def _said(plan: Plan, route: Route, facts: Facts) -> list[Expr]:
    said: list[Expr] = []
    for i in route.set_headers:
        header = plan.set_headers[i]
        said += header.parts if header.joined is None else [header.joined]
    for i in _minted(route, facts):
        said += [plan.tokens[i].subject, *(claim.value for claim in plan.tokens[i].claims)]
    return said + [key for i in route.limits if (key := plan.limits[i].key) is not None]


def _block(
    plan: Plan, secrets: Mapping[str, str], route: Route, facts: Facts, direction: Literal["request", "response"]
) -> bytes:
    headers = [plan.set_headers[i] for i in route.set_headers if plan.set_headers[i].direction == direction]
    headers.sort(key=lambda header: fold(header.name.encode("ascii")))
    lines = block(tuple(_line(header, secrets, facts) for header in headers))
    if lines is None:
        raise RenderRefused(direction)
    return lines


def _line(header: SetHeader, secrets: Mapping[str, str], facts: Facts) -> bytes | None:
    line = HeaderLine(header.name, header.omit, header.separator)
    if header.secret is not None:
        return line.text(secrets[header.secret])
    if header.joined is not None:
        return line.joined(_or_none(evaluate(header.joined, facts)))
    pieces = [text_of(_or_none(evaluate(part, facts))) for part in header.parts]
    return line.text(None if None in pieces else "".join(piece or "" for piece in pieces))


def _mint(number: int, token: Token, facts: Facts) -> Mint:
    subject = _or_none(evaluate(token.subject, facts))
    if subject is None:
        raise RenderRefused(token.name)
    return mint(number, text_of(subject), [(c.name, _or_none(evaluate(c.value, facts))) for c in token.claims])


def _charges(plan: Plan, route: Route, facts: Facts, identity: bytes, selected: Selected) -> tuple[Charge, ...]:
    charges = list(policy_charges(selected, identity_part(identity)))
    for i in route.limits:
        limit = plan.limits[i]
        amount = limit.rate or limit.quota or limit.concurrency
        if amount is None or (limit.quota is not None and limit.quota.count is None):
            continue
        counted = _counted(limit, route, facts, identity)
        charges.append(Charge(limit.name, limit_part(limit.name) + counted, amount, limit.on_outage))
    return tuple(charges)


def _counted(limit: Limit, route: Route, facts: Facts, identity: bytes) -> bytes:
    if limit.by == "identity":
        return identity_part(identity)
    if limit.key is None:
        return route_part(route.name)
    value = _or_none(evaluate(limit.key, facts))
    if value is None:
        raise RenderRefused(limit.name)
    return value_part(value)


def _or_none(value: Any) -> Any:
    return None if value is ABSENT or value is FAULT else value
