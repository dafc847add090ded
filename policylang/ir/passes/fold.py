"""Constants are computed: comparisons and tests of literals, and what a literal decides of ``not``, ``and``, ``or``.

Law of this file: strong Kleene. ``false and x`` is false whatever x is, a fault included; ``true and x`` is x, fault or
not. Nothing else is dropped unseen. Globs and networks are left alone: their matchers belong to run time.
"""

from collections.abc import Callable
from operator import add, eq, ge, gt, le, lt, ne, sub
from typing import Any

from policylang.ir.nodes import Node, literal
from policylang.ir.passes.rewrite import rewrite
from policylang.plan.operators import INT_MAX, INT_MIN

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}
_ARITH: dict[str, Callable[[int, int], int]] = {"add": add, "sub": sub}


def fold(node: Node) -> Node:
    """The tree with every constant computed."""
    return rewrite(node, _fold)


def _fold(node: Node) -> Node:
    if node.op in ("and", "or"):
        return _junction(node)
    if not node.operands or any(operand.op != "lit" for operand in node.operands):
        return node
    value = _constant(node)
    if value is None:
        return node
    return literal("bool" if isinstance(value, bool) else "int", value, node.span)


def _junction(node: Node) -> Node:
    """``and`` with a false is false, ``or`` with a true is true; the other constant says nothing and goes."""
    decisive = node.op == "or"
    found = [_truth(operand) for operand in node.operands]
    if decisive in found:
        return literal("bool", decisive, node.span)
    if all(value is None for value in found):
        return node
    left = tuple(operand for operand, value in zip(node.operands, found, strict=True) if value is None)
    if not left:
        return literal("bool", not decisive, node.span)
    return left[0] if len(left) == 1 else node.over(left)


def _truth(node: Node) -> bool | None:
    """The value of a literal truth value, None of anything else."""
    if node.op == "lit" and node.expr[1] == "bool":
        value: bool = node.expr[2]
        return value
    return None


def _constant(node: Node) -> bool | int | None:
    """The value of an operator over literals; None where it is left to run time."""
    values = [operand.expr[2] for operand in node.operands]
    match node.op:
        case "not":
            return not values[0]
        case "cmp":
            return _COMPARE[node.expr[1]](*values)
        case "in":
            return values[0] in values[1]
        case "meets":
            items, container = set(values[0]), set(values[1])
            return items <= container if node.expr[1] == "all" else bool(items & container)
        case "starts":
            return bool(values[0].startswith(node.expr[2]))
        case "ends":
            return bool(values[0].endswith(node.expr[2]))
        case "add" | "sub":
            result = _ARITH[node.op](*values)
            return result if INT_MIN <= result <= INT_MAX else None
        case _:
            return None
