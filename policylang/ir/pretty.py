"""A plan for people: what ``compile --print`` shows. The output is for reading, and nothing reads it back."""

import json
from collections.abc import Callable, Iterable, Iterator

from policylang.plan import model
from policylang.plan.model import Expr, Plan

_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ALONE, _JUNCTION, _NOT, _TEST, _SUM, _TIGHTEST = range(6)
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms"))


def pretty(plan: Plan) -> str:
    """The plan as lines of text: declarations first, then each route with all that it has in scope."""
    return "\n".join(_lines(plan)) + "\n"


def expression(expr: Expr, outer: int = _ALONE) -> str:
    """An expression as an author would write it, with parentheses where ``outer`` binds tighter.

    >>> expression(("cmp", "eq", ("claim", "plan"), ("lit", "text", "gold")))
    'claims.plan == "gold"'
    """
    tightness, text = _OPERATORS[expr[0]](expr)
    return f"({text})" if tightness < outer else text


def duration(micros: int) -> str:
    """Microseconds in the largest unit that has no remainder.

    >>> duration(90_000_000)
    '90s'
    """
    for size, unit in _UNITS:
        if micros and micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{micros}us"


def _literal(expr: Expr) -> tuple[int, str]:
    return _TIGHTEST, json.dumps(expr[2], ensure_ascii=False)


def _junction(expr: Expr) -> tuple[int, str]:
    return _JUNCTION, f" {expr[0]} ".join(expression(operand, _NOT) for operand in expr[1:])


def _not(expr: Expr) -> tuple[int, str]:
    if expr[1][0] == "present":
        return _TEST, f"{expression(expr[1][1])} absent"
    return _NOT, f"not {expression(expr[1], _NOT)}"


def _infix(word: str, left: Expr, right: Expr, tightness: int = _TEST) -> tuple[int, str]:
    return tightness, f"{expression(left, tightness + 1)} {word} {expression(right, tightness + 1)}"


_Printer = Callable[[Expr], tuple[int, str]]
_OPERATORS: dict[str, _Printer] = {
    "lit": _literal,
    "claim": lambda e: (_TIGHTEST, f"claims.{e[1]}"),
    "meta": lambda e: (_TIGHTEST, f"metadata.{e[1]}"),
    "path": lambda e: (_TIGHTEST, f"path.{e[1]}"),
    "header": lambda e: (_TIGHTEST, f'header["{e[1]}"]'),
    "ip": lambda e: (_TIGHTEST, f"{e[1]}.ip"),
    "grants": lambda _: (_TIGHTEST, "policy.grants"),
    "not": _not,
    "and": _junction,
    "or": _junction,
    "cmp": lambda e: _infix(_COMPARE[e[1]], e[2], e[3]),
    "in": lambda e: _infix("in", e[1], e[2]),
    "innet": lambda e: _infix("in", e[1], e[2]),
    "meets": lambda e: (_TEST, f"{e[1]} of {expression(e[2], _SUM)} in {expression(e[3], _SUM)}"),
    "present": lambda e: (_TEST, f"{expression(e[1])} present"),
    "older": lambda e: (_TEST, f"{expression(e[1])} older than {duration(e[2])}"),
    "starts": lambda e: (_TEST, f"{expression(e[1], _SUM)} starts with {json.dumps(e[2], ensure_ascii=False)}"),
    "ends": lambda e: (_TEST, f"{expression(e[1], _SUM)} ends with {json.dumps(e[2], ensure_ascii=False)}"),
    "glob": lambda e: (_TEST, f"{expression(e[1], _SUM)} matches {json.dumps(e[2], ensure_ascii=False)}"),
    "issuer": lambda e: (_TEST, f"issuer is {e[1] or 'anonymous'}"),
    "else": lambda e: (_ALONE, f"{expression(e[1], _TIGHTEST)} ?? {expression(e[2], _TIGHTEST)}"),
    "add": lambda e: _infix("+", e[1], e[2], _SUM),
    "sub": lambda e: _infix("-", e[1], e[2], _SUM),
}


def _lines(plan: Plan) -> Iterator[str]:
    yield f"plan {plan.semantic}"
    yield f"whole {plan.whole}"
    yield f"language {plan.language}, {len(plan.routes)} routes, {len(plan.rules)} rules"
    for issuer in plan.issuers:
        yield f"issuer {issuer.name}  {issuer.iss}  {', '.join(issuer.algorithms)}  identity by claims.{issuer.identity}"
        yield from (f"  {_claim(claim)}" for claim in issuer.claims)
    if plan.metadata is not None:
        yield f"metadata  fresh within {duration(plan.metadata.fresh_micros)}"
        yield from (f"  {_claim(field)}" for field in plan.metadata.fields)
    for policy in plan.policies:
        yield f"policy {policy.name}{_amounts(policy.rate, policy.quota)}{_listed('  grants', policy.grants)}"
    for route in plan.routes:
        yield from _route(plan, route)


def _claim(claim: model.Claim) -> str:
    words = [f"{claim.name}: {_type(claim.type)}"]
    words += [f"from {json.dumps(list(claim.source))}"] if claim.source != (claim.name,) else []
    words += ["optional"] if claim.optional else []
    words += [f"default {json.dumps(claim.default[0])}"] if claim.default is not None else []
    words += [f"always {json.dumps(claim.always[0])}"] if claim.always is not None else []
    words += [f"split {json.dumps(claim.split)}"] if claim.split is not None else []
    words += ["null as absent"] if claim.null_as_absent else []
    return "  ".join(words)


def _type(term: Expr) -> str:
    match term[0]:
        case "set":
            return f"set of {_type(term[1])}"
        case "enum":
            return "one of " + ", ".join(json.dumps(value, ensure_ascii=False) for value in term[1:])
        case "text" | "int":
            return f"{term[0]} {term[1]}..{term[2]}"
        case _:
            return str(term[0])


def _amounts(rate: model.Rate | None, quota: model.Quota | None) -> str:
    text = "" if rate is None else f"  rate {rate.count} per {duration(rate.per_micros)} burst {rate.burst}"
    if quota is None:
        return text
    if quota.count is None:
        return f"{text}  quota unlimited"
    if quota.window == "anchored":
        return f"{text}  quota {quota.count} per {duration(quota.micros)} from first use"
    return f"{text}  quota {quota.count} per {quota.window} in {quota.zone}"


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
        yield f"  limit {limit.name} by {by}{_amounts(limit.rate, limit.quota)}  on outage {limit.on_outage}"
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
            return f"{{{segment.text}: {_type(segment.type or ())}}}"
        case "one":
            return "*"
        case "rest":
            return "**"


def _when(condition: model.Condition | None) -> str:
    return " always" if condition is None else f" when {expression(condition.expr)}  [{condition.binding}]"


def _place(plan: Plan, at: int) -> str:
    position = plan.positions[at]
    return f"  {plan.files[position.file].path}:{position.line}:{position.column}"
