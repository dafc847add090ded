"""Conditions: what is true or false. Here the parts beside a part tell it what is known there."""

from policylang.check import errors_expr_constant as constant_errors
from policylang.check import errors_expr_literals as literal_errors
from policylang.check import errors_expr_names as name_errors
from policylang.check import errors_expr_types as errors
from policylang.check import model
from policylang.check.expr_absence import presence, value
from policylang.check.expr_cases import Live
from policylang.check.expr_compare import compare
from policylang.check.expr_contradiction import clash, impossible
from policylang.check.expr_guards import Part, assume, in_order
from policylang.check.expr_literals import words
from policylang.check.expr_lookup import Wanted, lookup, noun
from policylang.check.expr_membership import meets, member
from policylang.check.expr_patterns import text_test
from policylang.check.expr_print import reference
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import BOOL
from policylang.check.expr_values import arith, coalesce
from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Bool, Cidr, Int, Ip, SetOf, Time, Type


def condition(expr: nodes.Expr, live: Live, scene: Scene) -> model.TypedExpr | None:
    """Type a condition for the cases it is live in; None after a complaint. Its other parts are still looked at."""
    expr, scene = scene.peel(expr)
    match expr:
        case nodes.And() | nodes.Or():
            return _junction(expr, live, scene)
        case nodes.Not(operand=operand):
            inner = condition(operand, live, scene.under_not())
            return None if inner is None else model.Not(expr.span, BOOL, inner)
        case nodes.Compare():
            return compare(expr, live, scene)
        case nodes.In():
            return member(expr, live, scene)
        case nodes.AnyOf() | nodes.AllOf():
            return meets(expr, live, scene)
        case nodes.Presence():
            return presence(expr, live, scene)
        case nodes.Older():
            return _older(expr, live, scene)
        case nodes.TextTest():
            return text_test(expr, live, scene)
        case nodes.IssuerIs():
            return _issuer_is(expr, scene)
        case _:
            return _truth_value(expr, live, scene)


def _junction(expr: nodes.And | nodes.Or, live: Live, scene: Scene) -> model.TypedExpr | None:
    """``and`` and ``or``: operands in the order of ``in_order``, each live where those before it decide nothing.

    An operand that is live nowhere decides nothing and is left out: those before it decide the whole in every case.
    """
    truth = isinstance(expr, nodes.And)
    scene = scene.under("and" if truth else "or")
    typed: list[model.TypedExpr] = []
    failed = False
    for operand, inner in in_order(_flat(expr, scene, type(expr)), live, scene.names, truth=truth):
        if not live:
            break
        one = condition(operand, live, inner)
        if one is None:
            failed = True
        elif isinstance(one, model.And if truth else model.Or):
            typed.extend(one.operands)
        else:
            typed.append(one)
        live = assume(operand, live, scene.names, truth=truth)
    if failed or _excluded(expr, typed, scene):
        return None
    if len(typed) == 1:
        return typed[0]
    return (model.And if truth else model.Or)(expr.span, BOOL, tuple(typed))


def _flat(expr: nodes.And | nodes.Or, scene: Scene, kind: type[nodes.And] | type[nodes.Or]) -> list[Part]:
    parts: list[Part] = []
    for operand in expr.operands:
        inner, inner_scene = scene.peel(operand)
        if isinstance(inner, kind):
            parts.extend(_flat(inner, inner_scene, kind))
        else:
            parts.append((inner, inner_scene))
    return parts


def _excluded(expr: nodes.And | nodes.Or, typed: list[model.TypedExpr], scene: Scene) -> bool:
    """Complain of conjuncts that exclude each other, and of disjuncts of which one always holds."""
    truth = isinstance(expr, nodes.And)
    if len(typed) < 2 or not impossible([(operand, truth) for operand in typed]):
        return False
    if truth:
        first, second = clash(typed)
        scene.complain(constant_errors.contradiction(expr.span, first, second))
    else:
        scene.complain(constant_errors.always_holds(expr.span, "one of these alternatives holds whatever the request"))
    return True


def _issuer_is(expr: nodes.IssuerIs, scene: Scene) -> model.TypedExpr | None:
    name, span = expr.issuer.text, expr.issuer.span
    issuer = None if name == "anonymous" else name
    if issuer is not None and issuer not in scene.names.issuers:
        near = scene.near(name, [*scene.names.issuers, "anonymous"])
        scene.complain(name_errors.unknown_issuer(name, span, near, scene.names.issuers))
        return None
    reached = {case.issuer for case in scene.cases}
    if issuer not in reached and scene.use is None:
        trusted = sorted("anonymous" if one is None else one for one in reached)
        scene.complain(name_errors.issuer_out_of_reach(name, span, trusted, scene.cases[0].route))
        return None
    test = model.IssuerIs(expr.span, BOOL, issuer)
    return model.Not(expr.span, BOOL, test) if expr.negated else test


def _older(expr: nodes.Older, live: Live, scene: Scene) -> model.Older | None:
    scene = scene.around(expr)
    found = lookup(expr.ref, live, scene, Wanted.VALUE)
    if found is None:
        return None
    if not isinstance(found.type, Time):
        scene.complain(errors.not_a_time(describe(found.type), expr.ref.span))
        return None
    ref = value(expr.ref, live, scene)
    return None if ref is None else model.Older(expr.span, BOOL, ref, expr.duration.micros)


def _truth_value(expr: nodes.Expr, live: Live, scene: Scene) -> model.TypedExpr | None:
    """A value that is to be a condition: only one of type bool is."""
    scene = scene.around(expr)
    match expr:
        case nodes.Bool(value=truth):
            scene.complain(literal_errors.constant_as_condition(expr.span, "true" if truth else "false"))
            return None
        case nodes.Str() | nodes.Int() | nodes.StrSet():
            scene.complain(errors.not_a_condition(words(expr), expr.span, "compare a claim with it"))
            return None
        case nodes.Ref() | nodes.HeaderRef():
            return _bare_reference(expr, live, scene)
        case nodes.Coalesce():
            typed: model.TypedExpr | None = coalesce(expr, live, scene)
        case nodes.Arith():
            typed = arith(expr, live, scene)
        case _:
            raise TypeError(f"{type(expr).__name__} is no expression")
    if typed is None or isinstance(typed.type, Bool):
        return typed
    scene.complain(_no_condition(describe(typed.type), typed.type, "(…)", expr.span))
    return None


def _bare_reference(ref: nodes.Ref | nodes.HeaderRef, live: Live, scene: Scene) -> model.Ref | None:
    """Its type matters before its absence: a guard would not make a condition of a text."""
    found = lookup(ref, live, scene, Wanted.VALUE)
    if found is None:
        return None
    if not isinstance(found.type, Bool):
        what = f"{noun(ref)} is {describe(found.type)}; it"
        scene.complain(_no_condition(what, found.type, reference(ref), ref.span))
        return None
    return value(ref, live, scene)


def _no_condition(what: str, term: Type, name: str, span: Span) -> Diagnostic:
    return errors.not_a_condition(what, span, _FIXES.get(type(term), 'compare it:  {} == "…"').format(name))


_FIXES: dict[type, str] = {
    SetOf: 'look for an item in it:  "…" in {}',
    Int: "compare it:  {} > 0",
    Time: "ask for its age:  {} older than 15min",
    Ip: 'look for it in networks:  {} in ["10.0.0.0/8"]',
    Cidr: 'look for it in networks:  {} in ["10.0.0.0/8"]',
}
