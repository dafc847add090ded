"""One function applied to the nodes of a tree, operands first; what does not change is not made anew."""

from collections.abc import Callable

from policylang.ir.nodes import Node

Pass = Callable[[Node], Node]


def rewrite(node: Node, local: Pass) -> Node:
    """The tree after ``local`` was applied to each of its nodes, from the leaves up."""
    return local(_inside(node, local, rewrite)) if node.operands else local(node)


def rewrite_logic(node: Node, local: Pass) -> Node:
    """The same for a ``local`` that changes ``and``, ``or`` and ``not`` alone: what has none of them is not looked at."""
    return local(_inside(node, local, rewrite_logic)) if node.logic else node


def _inside(node: Node, local: Pass, again: Callable[[Node, Pass], Node]) -> Node:
    operands = []
    changed = False
    for operand in node.operands:
        new = again(operand, local)
        changed = changed or new is not operand
        operands.append(new)
    return node.over(tuple(operands)) if changed else node
