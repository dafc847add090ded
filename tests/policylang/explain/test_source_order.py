"""Operands of a condition are told in the order of their author, whatever order a plan evaluates them in."""

from policylang.explain.evaluate import walk
from policylang.explain.source_order import in_source_order
from policylang.plan.model import Expr, Position
from policylang.plan.written import expression
from tests.policylang.explain.test_evaluate import FACTS

A: Expr = ("claim", "a")
B: Expr = ("claim", "b")
C: Expr = ("claim", "c")
PLACES = tuple(Position(0, 1, column, 1, column + 1) for column in (1, 10, 20, 30, 40))


def test_operands_stand_where_they_are_written() -> None:
    walked = walk(("and", C, ("not", ("or", B, A))), FACTS)
    # Nodes by preorder: and, C, not, or, B, A.
    ordered = in_source_order(walked, (0, 4, 1, 1, 3, 2), PLACES)
    assert expression(ordered.expr) == "not (claims.a or claims.b) and claims.c"
    assert [operand.index for operand in ordered.operands] == [2, 1]
    assert ordered.value == walked.value


def test_without_places_nothing_moves() -> None:
    walked = walk(("and", C, A), FACTS)
    assert in_source_order(walked, (0, -1, 1), PLACES) is walked
    assert in_source_order(walked, (0, 1, 2), PLACES) is walked
