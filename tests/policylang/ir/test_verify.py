from dataclasses import replace
from typing import Any

import pytest

from policylang.ir.lower import lower
from policylang.ir.stage import stage
from policylang.ir.verify import PlanBroken, conditions, verify
from policylang.plan.build import build
from policylang.plan.model import Plan
from tests.strategies.modules import BOOL, TREE, both, claims, everything, negated, planned

MODULE = everything()
PLAN = planned(MODULE)


def broken(plan: Plan) -> str:
    with pytest.raises(PlanBroken) as found:
        verify(plan)
    return f"{found.value.where} {found.value}"


def condition(name: str, **change: Any) -> Plan:
    rules = list(PLAN.rules)
    at = [rule.name for rule in rules].index(name)
    here = rules[at].condition
    assert here is not None
    rules[at] = replace(rules[at], condition=replace(here, **change))
    return replace(PLAN, rules=tuple(rules))


def test_a_compiled_plan_is_whole() -> None:
    verify(PLAN)


def test_every_condition_is_looked_at() -> None:
    found = dict(conditions(PLAN))
    assert len(found) == sum(rule.condition is not None for rule in MODULE.rules) + sum(
        arm.when is not None for select in MODULE.selects for arm in select.arms
    )
    assert found["/rules/0/condition"] == PLAN.rules[0].condition
    assert found["/selects/1/arms/0/when"] == PLAN.selects[1].arms[0].when


def test_what_is_out_of_range_is_found() -> None:
    assert broken(replace(PLAN, rules=PLAN.rules[::-1])).startswith("/rules/1 ")
    assert broken(replace(PLAN, positions=PLAN.positions[:3])).startswith("/issuers/")


def test_places_and_nodes_are_counted() -> None:
    assert "places for" in broken(condition("read", at=(0, 0)))


@pytest.mark.parametrize("binding", ["const", "identity", "request"])
def test_bindings_are_the_earliest(binding: str) -> None:
    assert "token is the earliest" in broken(condition("read", binding=binding))
    headers = tuple(replace(header, binding="token") for header in PLAN.set_headers)
    assert broken(replace(PLAN, set_headers=headers)).startswith("/set_headers/0")
    tokens = tuple(replace(token, binding="request") for token in PLAN.tokens)
    assert broken(replace(PLAN, tokens=tokens)).startswith("/tokens/0")


@pytest.mark.parametrize(
    "expr",
    [
        ("and", ("claim", "sub"), ("claim", "flag")),
        ("or", ("claim", "flag"), ("claim", "flag")),
        ("and", ("and", ("claim", "flag"), ("claim", "sub")), ("claim", "sub")),
    ],
)
def test_junctions_are_in_canonical_form(expr: tuple[Any, ...]) -> None:
    count = 3 if expr[1][0] != "and" else 5
    assert "/rules/" in broken(condition("read", expr=expr, at=(0,) * count))


def test_a_plan_without_passes_is_not_canonical() -> None:
    both_twice = both(claims("flag", BOOL, 1), both(claims("flag", BOOL, 2), negated(claims("flag", BOOL, 3))))
    rules = tuple(replace(rule, condition=both_twice) for rule in MODULE.rules if rule.name == "read")
    module = replace(MODULE, rules=rules, selects=())
    verify(planned(module))
    assert "and directly below and" in broken(build(stage(lower(module)), TREE, 1))


def test_depth_is_bounded() -> None:
    expr: tuple[Any, ...] = ("claim", "flag")
    for _ in range(300):
        expr = ("not", expr)
    assert "deeper" in broken(condition("read", expr=expr, at=(0,) * 301))


def test_routes_that_tie_are_found() -> None:
    health = next(route for route in PLAN.routes if route.name == "health")
    routes = sorted((*PLAN.routes, replace(health, name="healthz")), key=lambda route: route.name)
    assert broken(replace(PLAN, routes=tuple(routes))).startswith("/routes/1 ")
