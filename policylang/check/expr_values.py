"""Expressions that stand for a value: references, ``??``, and sums. Constants are typed by what they stand beside."""

from policylang.check import errors_expr_types as errors
from policylang.check import model
from policylang.check.expr_absence import option, value
from policylang.check.expr_cases import Live
from policylang.check.expr_literals import Constant, in_place, words
from policylang.check.expr_print import brief, reference
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import HIGHEST, LOWEST, join, same_family
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Int, Time

Operand = model.TypedExpr | Constant
"""A typed value, or a constant that still needs the type of its place."""


def operand(expr: nodes.Expr, live: Live, scene: Scene) -> tuple[Operand | None, Scene]:
    """One side of an operator, lets put in, and the scene that complaints about it belong to.

    A constant comes back as written. None after a complaint.
    """
    expr, scene = scene.peel(expr)
    match expr:
        case nodes.Str() | nodes.Int() | nodes.Bool() | nodes.StrSet():
            return expr, scene
        case nodes.Ref() | nodes.HeaderRef():
            return value(expr, live, scene), scene
        case nodes.Coalesce():
            return coalesce(expr, live, scene), scene
        case nodes.Arith():
            return arith(expr, live, scene), scene
        case _:
            fix = f"write it as a condition of its own, joined by `and`, `or` or `not`: {brief(expr)}"
            scene.complain(errors.condition_as_value(expr.span, fix))
            return None, scene


def coalesce(expr: nodes.Coalesce, live: Live, scene: Scene) -> model.Coalesce | None:
    """``left ?? right``. The left may be absent; the right is what it could have been, and is always there."""
    left, left_scene = scene.peel(expr.left)
    if not isinstance(left, nodes.Ref | nodes.HeaderRef):
        fix = "it is only for claims, metadata and headers, and stands once in an expression"
        left_scene.complain(errors.unsuitable_default("only a reference can be absent", left.span, (fix,)))
        return None
    ref = option(left, live, left_scene)
    if ref is None:
        return None
    if isinstance(ref.type, Time):
        left_scene.complain(errors.time_as_value(left.span))
        return None
    right, right_scene = scene.peel(expr.right)
    default = _default(right, ref, live, right_scene)
    if default is None:
        return None
    return model.Coalesce(expr.span, join(ref.type, default.type), ref, default)


def _default(right: nodes.Expr, ref: model.Ref, live: Live, scene: Scene) -> model.TypedExpr | None:
    if isinstance(right, Constant):
        return in_place(right, ref.type, "??", scene)
    if not isinstance(right, nodes.Ref | nodes.HeaderRef):
        fix = "write a constant, or a reference that is never absent"
        scene.complain(errors.unsuitable_default("this cannot stand in for a missing value", right.span, (fix,)))
        return None
    other = value(right, live, scene)
    if other is None or same_family(ref.type, other.type):
        return other
    title = f"`{reference(right)}` is {describe(other.type)} and cannot stand in for {describe(ref.type)}"
    scene.complain(errors.unsuitable_default(title, right.span, ("use a value of the same kind",)))
    return None


def arith(expr: nodes.Arith, live: Live, scene: Scene) -> model.Arith | None:
    """A sum or difference of integers that 64 bits hold whatever the values are."""
    left = _integer(expr.left, expr.op, live, scene)
    right = _integer(expr.right, expr.op, live, scene)
    if left is None or right is None:
        return None
    (a, b), (c, d) = bounds(left), bounds(right)
    low, high = (a + c, b + d) if expr.op == "+" else (a - d, b - c)
    if low < LOWEST or high > HIGHEST:
        scene.complain(errors.arithmetic_overflow(expr.op, low, high, expr.span))
        return None
    return model.Arith(expr.span, Int(low, high), expr.op, left, right)


def _integer(expr: nodes.Expr, op: str, live: Live, scene: Scene) -> model.TypedExpr | None:
    side, scene = operand(expr, live, scene)
    match side:
        case None:
            return None
        case nodes.Int():
            return model.Lit(side.span, Int(side.value, side.value), side.value)
        case nodes.Str() | nodes.Bool() | nodes.StrSet():
            scene.complain(errors.not_a_number(op, words(side), side.span))
            return None
    if isinstance(side.type, Int):
        return side
    scene.complain(errors.not_a_number(op, describe(side.type), side.span))
    return None


def bounds(side: model.TypedExpr) -> tuple[int, int]:
    """The least and greatest value of an integer expression."""
    if isinstance(side, model.Lit) and isinstance(side.value, int):
        return side.value, side.value
    return (side.type.low, side.type.high) if isinstance(side.type, Int) else (LOWEST, HIGHEST)
