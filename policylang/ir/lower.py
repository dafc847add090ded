"""Typed expressions to a plan's operators: one case for each kind of node, nothing rewritten."""

from policylang.check import model
from policylang.ir.nodes import Node, Program, leaf, literal, made
from policylang.plan.draft import reference
from policylang.plan.model import Expr
from policylang.typesys.terms import Cidr, Ip, SetOf

_COMPARE = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_TEXT_TESTS = {"starts": "starts", "ends": "ends", "matches": "glob"}
_ARITH = {"+": "add", "-": "sub"}
_NETWORKS = SetOf(Cidr())


def lower(module: model.CheckedModule) -> Program:
    """The conditions of a module as trees; everything else stays the module's."""
    return Program(
        module=module,
        rules=tuple(_optional(rule.condition) for rule in module.rules),
        arms=tuple(tuple(_optional(arm.when) for arm in select.arms) for select in module.selects),
    )


def lower_expr(expr: model.TypedExpr) -> Node:
    """One expression as a tree."""
    match expr:
        case model.Lit():
            return _literal(expr)
        case model.Ref():
            return leaf(reference(expr), expr.span)
        case model.Not():
            return _node(expr, ("not",), (expr.operand,))
        case model.And():
            return _node(expr, ("and",), expr.operands)
        case model.Or():
            return _node(expr, ("or",), expr.operands)
        case model.Compare():
            return _node(expr, ("cmp", _COMPARE[expr.op]), (expr.left, expr.right))
        case model.In():
            networks = isinstance(expr.item.type, Ip | Cidr) and expr.container.type == _NETWORKS
            return _node(expr, ("innet" if networks else "in",), (expr.item, expr.container))
        case model.Meets():
            return _node(expr, ("meets", "all" if expr.every else "any"), (expr.items, expr.container))
        case model.Present():
            return _node(expr, ("present",), (expr.ref,))
        case model.Older():
            return _node(expr, ("older",), (expr.ref,), (expr.micros,))
        case model.TextTest():
            return _node(expr, (_TEXT_TESTS[expr.op],), (expr.subject,), (expr.pattern,))
        case model.IssuerIs():
            return leaf(("issuer", expr.issuer), expr.span)
        case model.Coalesce():
            return _node(expr, ("else",), (expr.ref, expr.default))
        case model.Arith():
            return _node(expr, (_ARITH[expr.op],), (expr.left, expr.right))


def _optional(expr: model.TypedExpr | None) -> Node | None:
    return None if expr is None else lower_expr(expr)


def _node(expr: model.Typed, before: Expr, inner: tuple[model.TypedExpr, ...], after: Expr = ()) -> Node:
    return made(before, tuple([lower_expr(operand) for operand in inner]), after, expr.span)


def _literal(lit: model.Lit) -> Node:
    match lit.value:
        case bool():
            return literal("bool", lit.value, lit.span)
        case int():
            return literal("int", lit.value, lit.span)
        case str():
            return literal("text", lit.value, lit.span)
        case _:
            return literal("nets" if lit.type == _NETWORKS else "set", tuple(sorted(lit.value)), lit.span)
