"""The tree between the checked expressions and a plan's: a plan's expression, with the span of each of its nodes.

Law of this file: a node's ``expr`` always says the same as its operands; only this file makes nodes.
"""

from dataclasses import dataclass

from policylang.check.model import CheckedModule
from policylang.plan.model import Expr
from policylang.plan.operators import extent
from policylang.source.spans import Span

LOGIC = ("and", "or", "not")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """``expr`` is the whole expression below this node; ``operands`` are the expressions among its operands.

    ``logic``: it, or a node below it, is an ``and``, ``or`` or ``not``.
    """

    expr: Expr
    operands: tuple["Node", ...]
    span: Span
    logic: bool

    @property
    def op(self) -> str:
        """The operator, as in the plan's operator table."""
        op: str = self.expr[0]
        return op

    def over(self, operands: tuple["Node", ...]) -> "Node":
        """The same operator, at the same place, over other operands."""
        first, _ = extent(self.op)
        before, after = self.expr[:first], self.expr[first + len(self.operands) :]
        return made(before, operands, after, self.span)

    def places(self) -> tuple[Span, ...]:
        """The span of each node in preorder: what becomes a condition's ``at``."""
        found: list[Span] = []
        waiting = [self]
        while waiting:
            node = waiting.pop()
            found.append(node.span)
            waiting += node.operands[::-1]
        return tuple(found)


def made(before: Expr, operands: tuple[Node, ...], after: Expr, span: Span) -> Node:
    """A node whose expression is ``before`` (the operator and what follows it), the operands', and ``after``."""
    logic = before[0] in LOGIC or any(operand.logic for operand in operands)
    return Node((*before, *[operand.expr for operand in operands], *after), operands, span, logic)


def leaf(expr: Expr, span: Span) -> Node:
    """A node without operands that are expressions."""
    return Node(expr, (), span, False)


def literal(kind: str, value: str | int | bool | tuple[str, ...], span: Span) -> Node:
    """A constant."""
    return leaf(("lit", kind, value), span)


@dataclass(frozen=True)
class Program:
    """A module and its conditions as trees; ``rules`` and ``arms`` are aligned with the module's rules and selects."""

    module: CheckedModule
    rules: tuple[Node | None, ...]
    arms: tuple[tuple[Node | None, ...], ...]
