"""``a and (b and c)`` is ``a and b and c``: one node with one list of operands."""

from policylang.ir.nodes import Node
from policylang.ir.passes.rewrite import rewrite_logic


def flatten(node: Node) -> Node:
    """The tree in which no ``and`` is directly below an ``and``, and no ``or`` below an ``or``."""
    return rewrite_logic(node, _flatten)


def _flatten(node: Node) -> Node:
    if node.op not in ("and", "or") or all(operand.op != node.op for operand in node.operands):
        return node
    return node.over(
        tuple(
            inner for operand in node.operands for inner in (operand.operands if operand.op == node.op else (operand,))
        )
    )
