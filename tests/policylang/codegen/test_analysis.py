import pytest

from policylang.codegen.analysis import Analysis
from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN
from policylang.plan.model import Expr
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    CLIENT,
    EVENT,
    GRANTS,
    LEVEL,
    LOGIN,
    PATH_TENANT,
    RISK,
    SINCE,
    SUB,
    eq,
    number,
    text,
)  # fmt: skip


def analysis() -> Analysis:
    return Analysis(frozenset({RISK, LEVEL, LOGIN, SINCE}))


@pytest.mark.parametrize(
    ("expr", "stage"),
    [
        (text("a"), CONST), (SUB, TOKEN), (("before", 5), TOKEN), (eq(SUB, text("a")), TOKEN), (LEVEL, IDENTITY),
        (("up",), IDENTITY), (("and", eq(SUB, text("a")), BLOCKED), IDENTITY), (eq(SUB, PATH_TENANT), REQUEST),
        (CLIENT, REQUEST), (("shadowed", "x"), REQUEST), (("older", LOGIN, 5), TOKEN),
        (("older", number(5), 5), TOKEN), (("older", SINCE, 5), REQUEST), (GRANTS, CONST),
    ],
)  # fmt: skip
def test_the_stage_is_that_of_the_latest_input(expr: Expr, stage: int) -> None:
    assert analysis().stage(expr) == stage


def test_grants_are_bound_when_the_select_is() -> None:
    bound = analysis()
    bound.select_stage, bound.select_faults = IDENTITY, True
    assert bound.stage(("in", text("a"), GRANTS)) == IDENTITY
    assert bound.faults(("in", text("a"), GRANTS))
    assert bound.stage_of([SUB, GRANTS]) == IDENTITY
    assert bound.stage_of([]) == TOKEN


@pytest.mark.parametrize(
    ("expr", "faults"),
    [
        (eq(SUB, text("a")), False),
        (("cmp", "gt", RISK, number(1)), True),
        (("present", RISK), False),
        (("present", LEVEL), True),
        (("and", ("present", RISK), ("cmp", "gt", RISK, number(1))), False),
        (("and", ("cmp", "gt", RISK, number(1)), ("present", RISK)), True),
        (("or", ("not", ("present", RISK)), ("cmp", "gt", RISK, number(1))), False),
        (("or", ("present", RISK), ("cmp", "gt", RISK, number(1))), True),
        (("and", ("present", LEVEL), ("cmp", "gt", LEVEL, number(1))), True),
        (("else", RISK, number(1)), False),
        (("else", RISK, LEVEL), True),
        (("else", EVENT, text("")), False),
        (EVENT, True),
        (("older", LOGIN, 5), True),
        (("before", 5), False),
        (("fault",), True),
        (("absent",), True),
    ],
)
def test_what_may_be_without_an_answer(expr: Expr, faults: bool) -> None:
    assert analysis().faults(expr) is faults


def test_what_is_known_needs_no_guard() -> None:
    assert not analysis().faults(("cmp", "gt", RISK, number(1)), frozenset({RISK}))
    assert analysis().faults(LEVEL, frozenset({LEVEL}))


def test_grants_are_known_at_once_and_no_fault_until_a_select_says_otherwise() -> None:
    analysis = Analysis(frozenset())
    assert (analysis.stage(("grants",)), analysis.faults(("grants",))) == (CONST, False)
