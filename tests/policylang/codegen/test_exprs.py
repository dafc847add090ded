from policylang.codegen.exprs import ABSENT, FALSE, FAULT, TRUE, UP, boolean, inner
from tests.policylang.codegen.small_plans import SUB, text


def test_inner_knows_the_operators_of_plans_and_those_of_cells() -> None:
    assert inner(("cmp", "eq", SUB, text("a"))) == (SUB, text("a"))
    assert inner(("older", ("claim", "login"), 5)) == (("claim", "login"),)
    assert [inner(leaf) for leaf in (ABSENT, FAULT, UP, ("before", 7), ("shadowed", "x"))] == [()] * 5


def test_boolean() -> None:
    assert (boolean(True), boolean(False)) == (TRUE, FALSE)
