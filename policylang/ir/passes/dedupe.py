"""``a and a`` is a: equal operands of ``and`` and ``or`` are asked once."""

from policylang.ir.nodes import Node
from policylang.ir.passes.rewrite import rewrite_logic


def dedupe(node: Node) -> Node:
    """The tree in which no ``and`` and no ``or`` has an operand twice; the first one stays."""
    return rewrite_logic(node, _dedupe)


def _dedupe(node: Node) -> Node:
    if node.op not in ("and", "or"):
        return node
    # kinds of literals are part of the expression, so true and 1 are not taken for each other
    first = {operand.expr: operand for operand in reversed(node.operands)}
    if len(first) == len(node.operands):
        return node
    if len(first) == 1:
        return node.operands[0]
    return node.over(tuple(operand for operand in node.operands if first[operand.expr] is operand))
