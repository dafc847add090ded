"""A small world for tests of expressions: declarations as source text, made into environments without the spine.

Rules in the text are typed on the cells of their scopes (names, ``all``, ``routes with path.x``); what a real checker
would complain of in declarations is not looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from policylang.check import model
from policylang.check.declared_types import declared, scalar
from policylang.check.environment import CellEnv, Names, Sink
from policylang.check.infer import check_condition
from policylang.diagnostics.model import Diagnostic
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax import nodes
from policylang.syntax.parse import parse
from policylang.typesys.terms import Scalar

STAFF_AND_PARTNER = """
issuer staff {
  claims { sub: text(1..128)  tenant: slug  scope: set of text  plan: one of "free", "gold" default "free"
           acr: one of "pwd", "mfa" optional  risk: int 0..100 optional  auth_time: time  email: email
           nick: text(0..40) optional  beta: bool optional  admin: bool  nets: set of cidr  home: cidr
           level: int 0..9  used: int 0..9223372036854775807  tier: one of "a1", "a2", "b1"
           teams: set of slug optional  seen: time optional  flags: set of one of "x", "y" } }
issuer partner { claims { sub: text(1..64)  tenant: slug  scope: set of text  level: text  risk: int 0..1000
                          partner_id: slug  plan: one of "free", "bulk" } }
issuer hooks { claims { sub: text(1..64)  events: set of text } }
metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false  note: text optional }
policy reader { grants "orders:read" }
policy gold { grants "orders:read", "orders:export" }
select policy on orders, own { use gold when issuer is staff  use reader otherwise }
route orders { match GET on "/v1/{tenant: slug}/orders/{id: int 1..999}"  trust staff, partner }
route own    { match GET on "/own/{tenant: slug}"  trust staff  tags internal }
route shop   { match GET on "/shop"  trust staff, anonymous }
route health { match GET on "/health"  trust anonymous }
route hook   { match POST on "/hooks/{id: slug}"  trust hooks }
"""


@dataclass(frozen=True)
class World:
    """What the declarations of a source text say."""

    tree: SourceTree
    items: tuple[nodes.Item, ...]
    names: Names
    cells: tuple[CellEnv, ...]

    def of(self, *routes: str) -> tuple[CellEnv, ...]:
        """The cells of some routes, all of them without names."""
        return tuple(cell for cell in self.cells if not routes or cell.route in routes)

    def scoped(self, scope: nodes.Scope) -> tuple[CellEnv, ...]:
        """The cells of a scope."""
        if scope.kind == "capture":
            return tuple(cell for cell in self.cells if scope.names[0].text in cell.captures)
        return self.of(*(name.text for name in scope.names))

    def source(self, span: object) -> str:
        """The text that a span covers."""
        return self.tree.text_of(span)  # type: ignore[arg-type]


def parsed(text: str) -> tuple[SourceTree, tuple[nodes.Item, ...]]:
    """The items of a source text; what does not parse fails the test."""
    tree = tree_of({"a.rules": f"language 1\n{text}"})
    result = parse(tree)
    assert result.ok, result.diagnostics
    return tree, tuple(item for file in result.rule_set.files for item in file.items)


@lru_cache(maxsize=64)
def world(text: str) -> World:
    """The world that declarations describe."""
    tree, items = parsed(text)
    claims = {item.name.text: _claims(item.claims[0]) for item in items if isinstance(item, nodes.Issuer)}
    metadata = next((_claims(item.fields) for item in items if isinstance(item, nodes.Metadata)), None)
    policies = {item.name.text: _policy(item) for item in items if isinstance(item, nodes.Policy)}
    cells = tuple(_cells(items, claims, policies))
    by_claim: dict[str, list[tuple[str, model.Claim]]] = {}
    for issuer, declarations in claims.items():
        for name, claim in declarations.items():
            by_claim.setdefault(name, []).append((issuer, claim))
    captures: dict[str, list[str]] = {}
    for cell in cells:
        for name in cell.captures:
            captures.setdefault(name, []).append(cell.route)
    names = Names(
        lets={item.name.text: item for item in items if isinstance(item, nodes.Let)},
        claims={name: tuple(found) for name, found in by_claim.items()},
        metadata=metadata,
        issuers=tuple(claims),
        captures={name: tuple(dict.fromkeys(routes)) for name, routes in captures.items()},
        policies=policies,
    )
    return World(tree, items, names, cells)


def typed(text: str, *routes: str, lets: str = "", around: str = STAFF_AND_PARTNER) -> tuple[str, list[Diagnostic]]:
    """A condition typed on routes, as a compact tree (or "refused"), and the complaints."""
    here = world(around)
    _, items = parsed(f"{lets}\ndeny it on all when {text}")
    rule = next(item for item in items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    names = replace(here.names, lets={item.name.text: item for item in items if isinstance(item, nodes.Let)})
    sink = Sink()
    found = check_condition(rule.when, here.of(*routes), names, sink, effect=rule.effect)
    assert (found is None) is bool(sink.found)
    return "refused" if found is None else tree_text(found), sink.found


def codes(text: str, *routes: str, lets: str = "", around: str = STAFF_AND_PARTNER) -> list[str]:
    """The codes of the complaints about a condition, in order of their places."""
    found = typed(text, *routes, lets=lets, around=around)[1]
    return [one.code for one in sorted(found, key=lambda one: (one.span, one.code))]


def tree(text: str, *routes: str, lets: str = "", around: str = STAFF_AND_PARTNER) -> str:
    """The compact tree of a condition that is fine."""
    found, complaints = typed(text, *routes, lets=lets, around=around)
    assert not complaints, complaints
    return found


def tree_text(expr: model.TypedExpr) -> str:
    """A typed tree on one line; ``?`` after a reference that may be absent."""
    match expr:
        case model.Lit(value=value):
            return f"{{{', '.join(sorted(value))}}}" if isinstance(value, frozenset) else repr(value)
        case model.Ref(root=root, name=name, optional=optional):
            return f"{root}.{name}{'?' if optional else ''}"
        case model.Not(operand=operand):
            return f"(not {tree_text(operand)})"
        case model.And(operands=operands) | model.Or(operands=operands):
            word = "and" if isinstance(expr, model.And) else "or"
            return f"({word} {' '.join(map(tree_text, operands))})"
        case model.Compare(op=op, left=left, right=right) | model.Arith(op=op, left=left, right=right):
            return f"({op} {tree_text(left)} {tree_text(right)})"
        case model.In(item=item, container=container):
            return f"(in {tree_text(item)} {tree_text(container)})"
        case model.Meets(items=items, container=container, every=every):
            return f"({'all' if every else 'any'} {tree_text(items)} {tree_text(container)})"
        case model.Present(ref=ref):
            return f"(present {tree_text(ref)})"
        case model.Older(ref=ref, micros=micros):
            return f"(older {tree_text(ref)} {micros})"
        case model.TextTest(op=op, subject=subject, pattern=pattern):
            return f"({op} {tree_text(subject)} {pattern!r})"
        case model.IssuerIs(issuer=issuer):
            return f"(issuer {issuer or 'anonymous'})"
        case model.Coalesce(ref=ref, default=default):
            return f"(?? {tree_text(ref)} {tree_text(default)})"


def _claims(fields: tuple[nodes.Claim, ...]) -> dict[str, model.Claim]:
    found = {}
    for field in fields:
        name, term = field.name.text, declared(field.type, Sink())
        optional = field.optional and field.default is None
        found[name] = model.Claim(name, term, (name,), optional, None, None, None, field.null_as_absent, field.span)
    return found


def _policy(item: nodes.Policy) -> model.Policy:
    grants = [value.value for field in item.fields if isinstance(field, nodes.Grants) for value in field.values]
    return model.Policy(item.name.text, None, None, frozenset(grants), item.span)


def _cells(
    items: tuple[nodes.Item, ...], claims: dict[str, dict[str, model.Claim]], policies: dict[str, model.Policy]
) -> Iterator[CellEnv]:
    for route in items:
        if not isinstance(route, nodes.Route):
            continue
        name, trust = route.name.text, [entry.text for entry in route.trust[0]]
        captures = _captures(route)
        grants = next((_grants(item, policies) for item in items if _covers(item, name)), None)
        for entry in trust:
            if entry == "anonymous":
                yield CellEnv(name, None, {}, captures, grants)
            else:
                yield CellEnv(name, entry, claims[entry], captures, grants)


def _covers(item: nodes.Item, route: str) -> bool:
    return isinstance(item, nodes.Select) and route in {name.text for name in item.scope.names}


def _grants(item: nodes.Item, policies: dict[str, model.Policy]) -> frozenset[str]:
    assert isinstance(item, nodes.Select)
    named = [policies[arm.policy.text].grants for arm in item.arms if isinstance(arm.policy, nodes.Name)]
    return frozenset[str]().union(*named)


def _captures(route: nodes.Route) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for match in route.matches:
        for pattern in match.patterns:
            for segment in pattern.segments:
                if segment.kind == "capture" and segment.type is not None:
                    found[segment.text] = scalar(segment.type, Sink())
    return found
