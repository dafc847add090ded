"""One function applied to every node of a tree, operands first; what does not change is not made anew."""

from collections.abc import Callable

from policylang.ir.nodes import Node

Pass = Callable[[Node], Node]


def rewrite(node: Node, local: Pass) -> Node:
    """The tree after ``local`` was applied to each of its nodes, from the leaves up."""
    if not node.operands:
        return local(node)
    operands = tuple([rewrite(operand, local) for operand in node.operands])
    same = all(new is old for new, old in zip(operands, node.operands, strict=True))
    return local(node if same else node.over(operands))
