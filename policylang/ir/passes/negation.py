"""``not not x`` is x: in three values too, for the negation of a fault is a fault."""

from policylang.ir.nodes import Node
from policylang.ir.passes.rewrite import rewrite_logic


def negation(node: Node) -> Node:
    """The tree without double negations."""
    return rewrite_logic(node, _negation)


def _negation(node: Node) -> Node:
    if node.op == "not" and node.operands[0].op == "not":
        return node.operands[0].operands[0]
    return node
