from dataclasses import replace
from typing import Any

import pytest

from policylang.plan.model import Plan, Position
from policylang.plan.references import References
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import STRIDE, run
from tests.strategies.modules import everything, planned

PLAN = planned(everything())
MANY = len(PLAN.positions)


def changed(plan: Plan, table: str, index: int, **change: Any) -> Plan:
    """The plan with one element of a table changed."""
    elements = list(getattr(plan, table))
    elements[index] = replace(elements[index], **change)
    return with_members(plan, {table: tuple(elements)})


def with_members(plan: Plan, members: dict[str, Any]) -> Plan:
    """The plan with some members replaced."""
    return replace(plan, **members)


def refused(plan: Plan) -> str:
    with pytest.raises(PlanRefused) as found:
        run(References(plan).steps())
    return found.value.where


def index(table: str, name: str) -> int:
    return [element.name for element in getattr(PLAN, table)].index(name)


def condition(rule: str, **change: Any) -> Plan:
    at = index("rules", rule)
    here = PLAN.rules[at].condition
    assert here is not None
    return changed(PLAN, "rules", at, condition=replace(here, **change))


def test_a_compiled_plan_refers_to_what_it_has() -> None:
    run(References(PLAN).steps())


@pytest.mark.parametrize("table", ["files", "secrets", "issuers", "policies", "rules", "limits", "routes"])
def test_tables_are_in_order_and_have_nothing_twice(table: str) -> None:
    elements = getattr(PLAN, table)
    assert refused(with_members(PLAN, {table: elements[::-1]})) == f"/{table}/1"
    assert refused(with_members(PLAN, {table: (elements[0], *elements)})) == f"/{table}/1"


@pytest.mark.parametrize(
    ("positions", "where"),
    [
        ((Position(0, 1, 1, 1, 2), Position(0, 1, 1, 1, 2)), "/positions/1"),
        ((Position(0, 2, 1, 2, 2), Position(0, 1, 1, 1, 2)), "/positions/1"),
        ((Position(0, 1, 5, 1, 4),), "/positions/0"),
        ((Position(0, 2, 1, 1, 9),), "/positions/0"),
        ((Position(2, 1, 1, 1, 2),), "/positions/0"),
        ((Position(0, 1, 1, 1, 2), Position(7, 1, 1, 1, 2), Position(1, 1, 1, 1, 2)), "/positions/1"),
    ],
)
def test_positions(positions: tuple[Position, ...], where: str) -> None:
    assert refused(replace(PLAN, positions=positions)) == where


def test_order_of_positions_holds_across_the_seams_of_strides() -> None:
    rows = [Position(0, line, 1, line, 2) for line in range(1, 12 * STRIDE)]
    for seam in range(4 * STRIDE, 7 * STRIDE):
        assert rows[seam].line == seam + 1
    run(References(replace(PLAN, positions=tuple(rows))).steps())
    for seam in (5 * STRIDE - 1, 5 * STRIDE, 10 * STRIDE):
        swapped = [*rows[:seam], rows[seam + 1], rows[seam], *rows[seam + 2 :]]
        assert refused(replace(PLAN, positions=tuple(swapped))) == f"/positions/{seam + 1}"


@pytest.mark.parametrize(
    "table", ["issuers", "policies", "rules", "set_headers", "remove_headers", "tokens", "limits", "routes", "selects"]
)
def test_places_are_in_range(table: str) -> None:
    assert refused(changed(PLAN, table, 0, at=MANY)) == f"/{table}/0/at"
    last = len(getattr(PLAN, table)) - 1
    assert refused(changed(PLAN, table, last, at=MANY + 5)) == f"/{table}/{last}/at"


def test_places_of_nodes_are_in_range() -> None:
    at = index("rules", "read")
    assert refused(condition("read", at=(0, 1, MANY))) == f"/rules/{at}/condition/at"
    assert PLAN.metadata is not None
    assert refused(replace(PLAN, metadata=replace(PLAN.metadata, at=MANY))) == "/metadata/at"


@pytest.mark.parametrize(
    "expr",
    [
        ("claim", "nothing"),
        ("meta", "nothing"),
        ("issuer", "nobody"),
        ("not", ("cmp", "eq", ("claim", "sub"), ("meta", "nothing"))),
    ],
)
def test_names_are_declared(expr: tuple[Any, ...]) -> None:
    at = index("rules", "read")
    assert refused(condition("read", expr=expr)) == f"/rules/{at}/condition"


def test_anonymous_needs_no_declaration() -> None:
    run(References(condition("read", expr=("issuer", None))).steps())


def test_without_metadata_no_field_is_declared() -> None:
    assert refused(replace(PLAN, metadata=None)).startswith("/selects/0/arms")


@pytest.mark.parametrize("member", ["rules", "set_headers", "remove_headers", "tokens", "limits", "trust"])
def test_routes_refer_to_what_is_there(member: str) -> None:
    at = index("routes", "orders")
    table = "issuers" if member == "trust" else member
    used = (*getattr(PLAN.routes[at], member), len(getattr(PLAN, table)))
    assert refused(changed(PLAN, "routes", at, **{member: used})) == f"/routes/{at}/{member}/{len(used) - 1}"


def test_selects_and_policies_are_there() -> None:
    at = index("routes", "orders")
    assert refused(changed(PLAN, "routes", at, select=2)) == f"/routes/{at}/select"
    assert refused(changed(PLAN, "selects", 0, otherwise=9)) == "/selects/0/otherwise"
    arms = PLAN.selects[1].arms
    assert (
        refused(changed(PLAN, "selects", 1, arms=(replace(arms[0], policy=9), *arms[1:]))) == "/selects/1/arms/0/policy"
    )
    assert refused(changed(PLAN, "selects", 1, arms=(replace(arms[0], at=MANY), *arms[1:]))) == "/selects/1/arms/0/at"


def test_a_rule_names_only_what_its_routes_have() -> None:
    health = index("routes", "health")
    cross, bulk = index("rules", "cross"), index("rules", "bulk")
    assert refused(changed(PLAN, "routes", health, rules=(cross,))) == f"/routes/{health}/rules/0"
    run(References(changed(PLAN, "routes", health, rules=(bulk,))).steps())  # no select: nothing is granted
    user = index("set_headers", "X-User")
    assert refused(changed(PLAN, "routes", health, set_headers=(user,))) == f"/routes/{health}/set_headers/0"


def test_a_select_names_only_what_its_routes_have_and_no_grants() -> None:
    arm = PLAN.selects[1].arms[0]
    here = arm.when
    assert here is not None

    def asking(expr: tuple[Any, ...]) -> Plan:
        when = replace(here, expr=expr)
        return changed(PLAN, "selects", 1, arms=(replace(arm, when=when), *PLAN.selects[1].arms[1:]))

    run(References(asking(("present", ("path", "n")))).steps())
    assert refused(asking(("present", ("path", "other")))) == "/selects/1/arms/0"
    assert refused(asking(("in", ("lit", "text", "a"), ("grants",)))) == "/selects/1/arms/0"
    orders = index("routes", "orders")
    turned = changed(asking(("present", ("path", "n"))), "routes", orders, select=1)
    assert refused(turned) == f"/routes/{orders}/select"


@pytest.mark.parametrize(
    "expr",
    [
        ("claim", "sub"),
        ("not", ("claim", "sub")),
        ("cmp", "lt", ("claim", "sub"), ("lit", "int", 1)),
        ("cmp", "lt", ("claim", "scope"), ("claim", "roles")),
        ("in", ("claim", "scope"), ("claim", "sub")),
        ("innet", ("claim", "sub"), ("claim", "nets")),
        ("starts", ("claim", "risk"), "a"),
        ("older", ("claim", "sub"), 1),
        ("and", ("claim", "flag"), ("add", ("claim", "risk"), ("lit", "int", 1))),
    ],
)
def test_values_go_together(expr: tuple[Any, ...]) -> None:
    at = index("rules", "read")
    assert refused(condition("read", expr=expr)) == f"/rules/{at}/condition"


def test_sets_stand_where_sets_are_wanted_and_nowhere_else() -> None:
    scope, sub = ("claim", "scope"), ("claim", "sub")
    user, roles = index("set_headers", "X-User"), index("set_headers", "X-Roles")
    assert refused(changed(PLAN, "set_headers", user, parts=(scope,))) == f"/set_headers/{user}"
    assert refused(changed(PLAN, "set_headers", roles, joined=sub)) == f"/set_headers/{roles}"
    assert refused(changed(PLAN, "tokens", 0, subject=scope)) == "/tokens/0"
    share = index("limits", "share")
    assert refused(changed(PLAN, "limits", share, key=scope)) == f"/limits/{share}"


def test_secrets_are_declared() -> None:
    assert refused(replace(PLAN, secrets=("other",))) == "/issuers/1/keys/value"
    key = index("set_headers", "X-Key")
    assert refused(changed(PLAN, "set_headers", key, secret="unknown")) == f"/set_headers/{key}/secret"


def test_it_gives_way() -> None:
    expr = ("or", *[("claim", "flag")] * (5 * STRIDE))
    assert sum(1 for _ in References(condition("read", expr=expr)).steps()) >= 5
