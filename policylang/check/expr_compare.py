"""Comparisons: ``==`` and ``!=`` within a kind, ``<`` and its like on integers, and what the types decide beforehand."""

from policylang.check import errors_expr_constant as constant_errors
from policylang.check import errors_expr_types as errors
from policylang.check import model
from policylang.check.expr_cases import Live
from policylang.check.expr_literals import Constant, address_kind, in_place, words
from policylang.check.expr_print import brief
from policylang.check.expr_scene import Scene
from policylang.check.expr_shape import shape
from policylang.check.expr_types import BOOL, comparable, may_equal, only_value
from policylang.check.expr_values import bounds, operand
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Int, Time

_EQUALITY = ("==", "!=")


def compare(node: nodes.Compare, live: Live, scene: Scene) -> model.Compare | None:
    """Type a comparison; None after a complaint."""
    scene = scene.around(node)
    left, left_scene = operand(node.left, live, scene)
    right, right_scene = operand(node.right, live, scene)
    if left is None or right is None:
        return None
    first: model.TypedExpr | None
    second: model.TypedExpr | None
    if isinstance(left, Constant):
        if isinstance(right, Constant):
            reason = "both sides are constant"
            scene.complain(constant_errors.decided_by_type(brief(node), None, reason, node.span))
            return None
        first, second = _beside(left, right, node.op, left_scene, right_scene), right
    elif isinstance(right, Constant):
        first, second = left, _beside(right, left, node.op, right_scene, left_scene)
    elif _takes(node.op, left, left_scene) and _takes(node.op, right, right_scene):
        first, second = left, right
    else:
        return None
    if first is None or second is None:
        return None
    return _checked(node, first, second, scene)


def _beside(
    constant: Constant, value: model.TypedExpr, op: nodes.CompareOp, scene: Scene, value_scene: Scene
) -> model.TypedExpr | None:
    """A constant, typed by the value beside it."""
    if not _takes(op, value, value_scene):
        return None
    if op in _EQUALITY:
        return in_place(constant, value.type, op, scene)
    if isinstance(constant, nodes.Int):
        return model.Lit(constant.span, value.type, constant.value)
    scene.complain(errors.no_order(op, words(constant), constant.span))
    return None


def _takes(op: nodes.CompareOp, side: model.TypedExpr, scene: Scene) -> bool:
    """Whether a value is of a kind that the operator takes."""
    if isinstance(side.type, Time):
        scene.complain(errors.time_as_value(side.span))
    elif address_kind(side.type):
        fix = 'look for it in a list of networks:  … in ["10.0.0.0/8"]'
        scene.complain(errors.address_outside_in(describe(side.type), side.span, fix))
    elif op not in _EQUALITY and not isinstance(side.type, Int):
        scene.complain(errors.no_order(op, describe(side.type), side.span))
    else:
        return True
    return False


def _checked(node: nodes.Compare, left: model.TypedExpr, right: model.TypedExpr, scene: Scene) -> model.Compare | None:
    if not comparable(left.type, right.type):
        one, other = describe(left.type), describe(right.type)
        fix = "compare texts with texts, integers with integers, truth values, or sets of texts"
        scene.complain(errors.kinds_do_not_compare(node.op, one, other, node.span, fix))
        return None
    decided = _decided(node.op, left, right)
    if decided is not None:
        truth, reason = decided
        word = "true" if truth else "false"
        scene.complain(constant_errors.decided_by_type(brief(node), word, reason, node.span))
        return None
    return model.Compare(node.span, BOOL, node.op, left, right)


def _decided(op: nodes.CompareOp, left: model.TypedExpr, right: model.TypedExpr) -> tuple[bool, str] | None:
    """The only answer a comparison can have, and why; None when both are possible."""
    if shape(left) == shape(right):
        return op in {"==", "<=", ">="}, "both sides are the same"
    if op in _EQUALITY:
        told = _equality(left, right)
        return None if told is None else (told[0] is (op == "=="), told[1])
    (low, high), (other_low, other_high) = bounds(left), bounds(right)
    if op in {">", "<="}:  # a > b is b < a, and a <= b its contrary
        low, high, other_low, other_high = other_low, other_high, low, high
    if high >= other_low and low < other_high:
        return None
    return (high < other_low) is (op in {"<", ">"}), f"{_range(left)} beside {_range(right)}"


def _equality(left: model.TypedExpr, right: model.TypedExpr) -> tuple[bool, str] | None:
    """Whether two values are always or never equal, and why; None when it depends."""
    if not may_equal(left.type, right.type):
        return False, f"{describe(left.type)} never equals {describe(right.type)}"
    only = _only(left)
    if only is not None and only == _only(right):
        return True, "there is no other value"
    return None


def _only(side: model.TypedExpr) -> object:
    return side.value if isinstance(side, model.Lit) else only_value(side.type)


def _range(side: model.TypedExpr) -> str:
    return str(side.value) if isinstance(side, model.Lit) else describe(side.type)
