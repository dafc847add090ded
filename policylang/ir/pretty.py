"""A plan for people: what ``compile --print`` shows. The output is for reading, and nothing reads it back."""

import json
from collections.abc import Iterable, Iterator

from policylang.plan import model
from policylang.plan.model import Plan
from policylang.plan.written import amount, duration, expression, type_term


def pretty(plan: Plan) -> str:
    """The plan as lines of text: declarations first, then each route with all that it has in scope."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield f"plan {plan.semantic}"
    yield f"whole {plan.whole}"
    yield f"language {plan.language}, {len(plan.routes)} routes, {len(plan.rules)} rules"
    for issuer in plan.issuers:
        who = f"issuer {issuer.name}  {issuer.iss}  {', '.join(issuer.algorithms)}"
        yield f"{f'keyring {issuer.name}' if issuer.opaque else who}  identity by claims.{issuer.identity}"
        yield from (f"  {_claim(claim)}" for claim in issuer.claims)
    if plan.metadata is not None:
        yield f"metadata  fresh within {duration(plan.metadata.fresh_micros)}"
        yield from (f"  {_claim(field)}" for field in plan.metadata.fields)
    for policy in plan.policies:
        yield f"policy {policy.name}{_amounts(policy.rate, policy.quota, policy.concurrency)}{_listed('  grants', policy.grants)}"
    for route in plan.routes:
        yield from _route(plan, route)


def _claim(claim: model.Claim) -> str:
    words = [f"{claim.name}: {type_term(claim.type)}"]
    words += [f"from {json.dumps(list(claim.source))}"] if claim.source != (claim.name,) else []
    words += ["optional"] if claim.optional else []
    words += [f"default {json.dumps(claim.default[0])}"] if claim.default is not None else []
    words += [f"always {json.dumps(claim.always[0])}"] if claim.always is not None else []
    words += [f"split {json.dumps(claim.split)}"] if claim.split is not None else []
    words += ["null as absent"] if claim.null_as_absent else []
    return "  ".join(words)


def _amounts(*given: model.Amount | None) -> str:
    return "".join(f"  {amount(one)}" for one in given if one is not None)


def _listed(word: str, names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"{word} {listed}" if listed else ""


def _route(plan: Plan, route: model.Route) -> Iterator[str]:
    trusted = [plan.issuers[i].name for i in route.trust] + (["anonymous"] if route.anonymous else [])
    yield f"route {route.name}  trust {', '.join(trusted)}  upstream {', '.join(route.upstream)}"
    hosts = [".".join(map(_segment, host)) for host in route.hosts]
    for pattern in route.patterns:
        path = "/" + "/".join(map(_segment, pattern.segments))
        yield f"  {', '.join(pattern.methods)} on {path}{_listed(' host', hosts)}"
    for i in route.rules:
        rule = plan.rules[i]
        yield f"  {rule.effect} {rule.name}{_listed(' for', rule.methods)}{_when(rule.condition)}{_place(plan, rule.at)}"
    if route.select != -1:
        yield from _select(plan, plan.selects[route.select])
    for i in route.limits:
        limit = plan.limits[i]
        by = expression(limit.key) if limit.key is not None else limit.by
        yield f"  limit {limit.name} by {by}{_amounts(limit.rate, limit.quota, limit.concurrency)}  on outage {limit.on_outage}"
    yield from (f"  {_header(plan.set_headers[i])}" for i in route.set_headers)
    for i in route.remove_headers:
        removed = plan.remove_headers[i]
        yield f"  {removed.direction} remove {removed.name}{'*' if removed.prefix else ''}"
    for i in route.tokens:
        token = plan.tokens[i]
        yield f"  identity token {token.name} for {token.audience} in {token.header}  [{token.binding}]"


def _select(plan: Plan, select: model.Select) -> Iterator[str]:
    word = "add" if select.every else "use"
    for arm in select.arms:
        name = expression(arm.named) if arm.named is not None else plan.policies[arm.policy].name
        yield f"  {word} {name}{_when(arm.when)}{_place(plan, arm.at)}"
    yield f"  {'refuse' if select.otherwise == -1 else f'use {plan.policies[select.otherwise].name}'} otherwise"


def _header(header: model.SetHeader) -> str:
    if header.secret is not None:
        value = f"secret.{header.secret}"
    elif header.joined is not None:
        value = f"{expression(header.joined)} joined by {json.dumps(header.separator)}"
    else:
        value = " ".join(map(expression, header.parts))
    omit = f"  omit when {header.omit}" if header.omit else ""
    return f"{header.direction} set {header.name} {value}{omit}  [{header.binding}]"


def _segment(segment: model.Segment) -> str:
    match segment.kind:
        case "literal":
            return segment.text
        case "capture":
            return f"{{{segment.text}: {type_term(segment.type or ())}}}"
        case "one":
            return "*"
        case "rest":
            return "**"


def _when(condition: model.Condition | None) -> str:
    return " always" if condition is None else f" when {expression(condition.expr)}  [{condition.binding}]"


def _place(plan: Plan, at: int) -> str:
    position = plan.positions[at]
    return f"  {plan.files[position.file].path}:{position.line}:{position.column}"
