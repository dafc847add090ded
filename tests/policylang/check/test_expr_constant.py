"""Conditions with one value for all requests of a case, and of all cases."""

import pytest

from policylang.check import model
from policylang.check.environment import Sink
from policylang.check.expr_cases import Case, Mentions, cases_of, everywhere
from policylang.check.expr_conditions import condition
from policylang.check.expr_constant import in_case, value_everywhere, value_in
from policylang.check.expr_scene import Scene
from policylang.syntax import nodes
from tests.policylang.check.expr_world import tree_text, world

DECLARATIONS = """
issuer a { claims { x: int 0..9 optional  plan: one of "free", "gold" } }
issuer b { claims { x: int 0..9  plan: one of "free", "bulk" } }
issuer c { claims { y: slug  plan: one of "free", "bulk" } }
route r { match GET on "/r" trust a, b, c }
let three = issuer is a or issuer is b or issuer is c
let two = issuer is a or claims.x present
"""


def typed(text: str) -> tuple[model.TypedExpr, dict[str | None, Case]]:
    here = world(f"{DECLARATIONS}\ndeny it on r when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    cases = cases_of(here.cells, Mentions())
    sink = Sink()
    found = condition(rule.when, everywhere(cases), Scene(cases, here.names, sink))
    assert found is not None, sink.found
    return found, {case.issuer: case for case in cases}


@pytest.mark.parametrize(
    ("text", "a", "b", "c"),
    [
        ("issuer is a", "True", "False", "False"),
        ("claims.x present", "(present claims.x?)", "True", "False"),
        ("claims.x absent", "(not (present claims.x?))", "False", "True"),
        ("issuer is not a or claims.x present", "(present claims.x?)", "True", "True"),
        (
            "claims.x present and claims.x > 3",
            "(and (present claims.x?) (> claims.x? 3))",
            "(> claims.x? 3)",
            "False",
        ),
        ('header["X-A"] present', *["(present header.x-a?)"] * 3),
    ],
)
def test_what_remains_in_a_case(text: str, a: str, b: str, c: str) -> None:
    expr, cases = typed(text)
    rests = [in_case(expr, cases[issuer]) for issuer in "abc"]
    assert [str(rest) if isinstance(rest, bool) else tree_text(rest) for rest in rests] == [a, b, c]


def test_what_stays_whole_stays_the_same_object() -> None:
    expr, cases = typed('claims.plan == "free" and header["X-A"] present')
    assert in_case(expr, cases["a"]) is expr


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('claims.plan == "free"', [None, None, None]),
        ('claims.plan != "free" and claims.plan != "gold"', [False, None, None]),
        ('claims.plan != "free" and claims.plan != "bulk"', [None, False, False]),
        ("claims.x present", [None, True, False]),
        ("three", [True, True, True]),
        ("two", [True, True, False]),
    ],
)
def test_values_by_case(text: str, values: list[bool | None]) -> None:
    expr, cases = typed(text)
    assert [value_in(expr, cases[issuer]) for issuer in "abc"] == values
    expected = values[0] if len(set(values)) == 1 else None
    assert value_everywhere(expr, list(cases.values())) is expected
