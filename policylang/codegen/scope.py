"""What a plan says to one cell: its rules, select, headers, tokens and limits, specialised. Data for the stages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from policylang.codegen.exprs import ABSENT, FALSE, TRUE, inner
from policylang.codegen.specialise import Specialiser, junction
from policylang.plan.model import Arm, Condition, Expr, Issuer, Limit, Plan, Route, Rule, Select, SetHeader, Token
from policylang.plan.operators import preorder
from policylang.plan.steps import Pace, Steps, run


@dataclass(frozen=True, slots=True)
class ScopedRule:
    """``number`` is the rule's index in the plan; ``condition`` includes its ``until``."""

    number: int
    name: str
    condition: Expr
    step_up: str | None
    at: int


@dataclass(frozen=True, slots=True)
class ScopedArm:
    """``policy`` -1: ``named`` gives the name, or the names."""

    policy: int
    named: Expr
    when: Expr
    at: int


@dataclass(frozen=True, slots=True)
class ScopedSelect:
    every: bool
    arms: tuple[ScopedArm, ...]
    otherwise: int
    at: int


@dataclass(frozen=True, slots=True)
class ScopedHeader:
    """``values``: the parts of a template, or the one set to join; none where a secret is the value."""

    declared: SetHeader
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class ScopedToken:
    number: int
    declared: Token
    subject: Expr
    members: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class ScopedLimit:
    """``key`` is ABSENT unless the limit counts by a reference."""

    declared: Limit
    key: Expr


@dataclass(frozen=True, slots=True)
class Scope:
    """Rules by name. ``otherwise``: the refusal where no allow is true. ``optional``: references that may be absent.

    ``reads`` are the references that an answer may depend on, ``shadow_reads`` those of shadow rules.
    """

    plan: Plan
    number: int
    method: str
    issuer: int | None
    denies: tuple[ScopedRule, ...]
    allows: tuple[ScopedRule, ...]
    shadows: tuple[ScopedRule, ...]
    select: ScopedSelect | None
    headers: tuple[ScopedHeader, ...]
    tokens: tuple[ScopedToken, ...]
    limits: tuple[ScopedLimit, ...]
    otherwise: Literal["no_allow", "credential_required"]
    optional: frozenset[Expr]
    reads: frozenset[Expr]
    shadow_reads: frozenset[Expr]

    @property
    def route(self) -> Route:
        """The cell's route."""
        return self.plan.routes[self.number]

    @property
    def declared_issuer(self) -> Issuer | None:
        """The cell's issuer; None when anonymous."""
        return None if self.issuer is None else self.plan.issuers[self.issuer]

    def said(self) -> Iterator[Expr]:
        """What is said of an allowed request: the values of headers, identity tokens and limits."""
        for header in self.headers:
            yield from header.values
        for token in self.tokens:
            yield token.subject
            yield from (value for _, value in token.members)
        yield from (limit.key for limit in self.limits)


def scope_steps(plan: Plan, number: int, method: str, issuer: int | None) -> Steps[Scope]:
    """The scope of a cell, giving way every few hundred nodes."""
    route = plan.routes[number]
    declared = None if issuer is None else plan.issuers[issuer]
    read = yield from headers_read_steps(plan, route, method)
    specialise = Specialiser(plan, route, declared, read[1])
    pace = Pace()
    rules: dict[str, list[ScopedRule]] = {"allow": [], "deny": [], "shadow": []}
    reads: dict[str, set[Expr]] = {"allow": set(), "deny": set(), "shadow": set()}
    covering = [i for i in route.rules if _covers(plan.rules[i], method)]
    for i in covering:
        rule = plan.rules[i]
        kind = "shadow" if rule.effect.startswith("shadow") else rule.effect
        condition = _condition(rule, specialise)
        if condition != FALSE or kind == "shadow":
            rules[kind].append(ScopedRule(i, rule.name, condition, rule.step_up, rule.at))
            reads[kind].update(_leaves([condition]))
        pace.nodes += 1 if rule.condition is None else len(rule.condition.at)
        if pace.due():
            yield
    could_help = declared is None and bool(route.trust) and any(plan.rules[i].effect == "allow" for i in covering)
    scope = Scope(
        plan,
        number,
        method,
        issuer,
        denies=tuple(rules["deny"]),
        allows=tuple(rules["allow"]),
        shadows=tuple(rules["shadow"]),
        select=_select(plan.selects[route.select], specialise) if route.select != -1 else None,
        headers=tuple(_header(plan.set_headers[i], specialise) for i in route.set_headers),
        # Nobody is vouched for to a service: a request without a credential gets no identity token.
        tokens=() if declared is None else tuple(_token(i, plan.tokens[i], specialise) for i in route.tokens),
        limits=tuple(_limit(plan.limits[i], specialise) for i in route.limits),
        otherwise="credential_required" if could_help else "no_allow",
        optional=specialise.optional,
        reads=frozenset(reads["allow"] | reads["deny"]),
        shadow_reads=frozenset(reads["shadow"]),
    )
    arms = [expr for arm in scope.select.arms for expr in (arm.named, arm.when)] if scope.select else []
    return replace(scope, reads=scope.reads | set(_leaves([*arms, *scope.said()])))


def _covers(rule: Rule, method: str | None) -> bool:
    return method is None or not rule.methods or method in rule.methods


def _leaves(exprs: Iterable[Expr]) -> Iterator[Expr]:
    """The references in some expressions, literals and the like among them."""
    waiting = list(exprs)
    while waiting:
        node = waiting.pop()
        operands = inner(node)
        if operands:
            waiting.extend(operands)
        else:
            yield node


def reads_metadata(exprs: Iterable[Expr]) -> bool:
    """Whether one of specialised expressions reads metadata."""
    return any(leaf[0] == "meta" for leaf in _leaves(exprs))


HeaderNames = tuple[frozenset[str], frozenset[str]]


def headers_read(plan: Plan, route: Route, method: str | None) -> HeaderNames:
    """Lower-case names of the client's headers that a route reads for a method (None: for any), whatever the issuer.

    First those that an answer may depend on, then those that only shadow rules read.
    """
    return run(headers_read_steps(plan, route, method))


def headers_read_steps(plan: Plan, route: Route, method: str | None) -> Steps[HeaderNames]:
    """As ``headers_read``, giving way every few hundred nodes."""
    pace = Pace()
    strict: set[str] = set()
    shadow: set[str] = set()
    for i in route.rules:
        rule = plan.rules[i]
        if rule.condition is not None and _covers(rule, method):
            (shadow if rule.effect.startswith("shadow") else strict).update(_headers([rule.condition.expr]))
            pace.nodes += len(rule.condition.at)
            if pace.due():
                yield
    if route.select != -1:
        for arm in plan.selects[route.select].arms:
            strict.update(_headers([arm.named, arm.when]))
    for i in route.set_headers:
        strict.update(_headers([*plan.set_headers[i].parts, plan.set_headers[i].joined]))
    for i in route.tokens:
        strict.update(_headers([plan.tokens[i].subject, *(claim.value for claim in plan.tokens[i].claims)]))
    for i in route.limits:
        strict.update(_headers([plan.limits[i].key]))
    return frozenset(strict), frozenset(shadow - strict)


def _headers(exprs: Iterable[Expr | Condition | None]) -> Iterator[str]:
    for expr in exprs:
        if expr is not None:
            root = expr.expr if isinstance(expr, Condition) else expr
            yield from (node[1] for node in preorder(root) if node[0] == "header")


def _condition(rule: Rule, specialise: Specialiser) -> Expr:
    condition = TRUE if rule.condition is None else junction("and", [specialise(rule.condition.expr)])
    return condition if rule.until is None else junction("and", [("before", rule.until), condition])


def _select(select: Select, specialise: Specialiser) -> ScopedSelect:
    """The select without arms that never hold, and without what comes after a first arm that always does."""
    arms: list[ScopedArm] = []
    for arm in select.arms:
        scoped = _arm(arm, specialise)
        if scoped.when == TRUE and scoped.policy != -1 and not select.every:
            return ScopedSelect(select.every, tuple(arms), scoped.policy, select.at)
        if scoped.when != FALSE:
            arms.append(scoped)
    return ScopedSelect(select.every, tuple(arms), select.otherwise, select.at)


def _arm(arm: Arm, specialise: Specialiser) -> ScopedArm:
    named = ABSENT if arm.named is None else specialise(arm.named)
    when = TRUE if arm.when is None else junction("and", [specialise(arm.when.expr)])
    return ScopedArm(arm.policy, named, when, arm.at)


def _header(header: SetHeader, specialise: Specialiser) -> ScopedHeader:
    exprs = header.parts if header.joined is None else (header.joined,)
    return ScopedHeader(header, tuple(specialise(expr) for expr in exprs))


def _token(number: int, token: Token, specialise: Specialiser) -> ScopedToken:
    members = tuple((claim.name, specialise(claim.value)) for claim in token.claims)
    return ScopedToken(number, token, specialise(token.subject), members)


def _limit(limit: Limit, specialise: Specialiser) -> ScopedLimit:
    return ScopedLimit(limit, ABSENT if limit.key is None else specialise(limit.key))
