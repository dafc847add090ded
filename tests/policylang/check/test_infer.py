"""The door: whole conditions over many cells, and what they come to."""

import pytest

from policylang.check.environment import CellEnv, Sink
from policylang.check.infer import Purpose, check_arms, check_condition, check_reference, disjoint
from policylang.syntax import nodes
from tests.policylang.check.expr_world import STAFF_AND_PARTNER, World, codes, tree, tree_text, world


def condition_of(text: str) -> tuple[nodes.Expr, World]:
    here = world(f"{STAFF_AND_PARTNER}\ndeny it on all when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    return rule.when, here


def test_the_door_has_what_was_agreed() -> None:
    assert {member.name for member in Purpose} == {
        "TEMPLATE", "TEMPLATE_OMIT", "JOINED", "JOINED_OMIT", "LIMIT_KEY", "SUBJECT", "MINTED", "POLICY_NAME",
        "POLICY_NAMES",
    }  # fmt: skip
    assert all(map(callable, (check_arms, check_condition, check_reference, disjoint)))


@pytest.mark.parametrize(
    ("text", "routes", "expected"),
    [
        ("issuer is staff", ("own",), ["R246"]),
        ("issuer is staff", ("own", "orders"), []),
        ("issuer is not staff", ("own",), ["R247"]),
        ("issuer is staff or issuer is anonymous", ("shop",), ["R246"]),
        ("issuer is staff and issuer is anonymous", ("shop",), ["R248"]),
        ('claims.plan != "free" and claims.plan != "gold"', ("own",), ["R247"]),
        ('claims.plan != "free" and claims.plan != "gold"', ("orders",), []),
        ('claims.plan == "free" or claims.plan == "gold"', ("own",), ["R246"]),
        ("claims.partner_id present", ("orders",), []),
        ("claims.partner_id present or issuer is staff", ("orders",), ["R241"]),
    ],
)
def test_conditions_that_nothing_changes(text: str, routes: tuple[str, ...], expected: list[str]) -> None:
    assert codes(text, *routes) == expected


def test_without_cells_there_is_nothing_to_say() -> None:
    expr, here = condition_of("claims.admin")
    sink = Sink()
    assert check_condition(expr, (), here.names, sink) is None
    assert sink.found == []


def test_wide_scopes_cost_one_check_for_each_kind_of_cell() -> None:
    expr, here = condition_of("claims.tenant != path.tenant")
    narrow = here.of("orders")
    wide = tuple(
        CellEnv(f"r{number}", cell.issuer, dict(cell.claims), dict(cell.captures), cell.grants)
        for number in range(4000)
        for cell in narrow
    )
    sink = Sink()
    found = check_condition(expr, wide, here.names, sink)
    assert found is not None
    assert tree_text(found) == "(!= claims.tenant path.tenant)"


def test_one_complaint_for_thousands_of_routes() -> None:
    expr, here = condition_of("claims.risk > 50")
    wide = tuple(
        CellEnv(f"r{number}", cell.issuer, cell.claims, cell.captures, cell.grants)
        for number in range(2000)
        for cell in here.of("own")
    )
    sink = Sink()
    assert check_condition(expr, wide, here.names, sink) is None
    assert [one.code for one in sink.found] == ["R204"]


def test_the_order_of_cells_changes_nothing() -> None:
    expr, here = condition_of('claims.plan == "gold" or (issuer is partner and claims.partner_id == "x")')
    cells = here.of("orders", "own")
    sink = Sink()
    there = check_condition(expr, cells, here.names, sink)
    back = check_condition(expr, cells[::-1], here.names, sink)
    assert there == back is not None


def test_when_and_unless_are_one_condition() -> None:
    when, here = condition_of("claims.risk > 50")
    unless = nodes.Not(when.span, nodes.Presence(when.span, nodes.Ref(when.span, "claims", "risk"), absent=True))
    whole = nodes.And(when.span, (when, unless))
    found = check_condition(whole, here.of("own"), here.names, Sink(), effect="deny")
    assert found is not None
    assert tree_text(found) == "(and (not (not (present claims.risk?))) (> claims.risk? 50))"


def test_shadows_are_helped_like_what_they_shadow() -> None:
    expr, here = condition_of("claims.risk > 50")
    told = []
    effects: tuple[nodes.Effect, ...] = ("deny", "shadow deny", "allow", "shadow allow")
    for effect in effects:
        sink = Sink()
        check_condition(expr, here.of("own"), here.names, sink, effect=effect)
        told.append(sink.found[0].help)
    assert told[0] == told[1] != told[2] == told[3]


def test_the_sample_of_the_design() -> None:
    text = '(claims.acr absent or claims.acr != "mfa" or claims.auth_time older than 15min) and issuer is staff'
    assert tree(f'{text} and not ("breakglass" in metadata.roles)', "orders") == (
        "(and (issuer staff) (or (not (present claims.acr?)) (!= claims.acr? 'mfa') "
        "(older claims.auth_time? 900000000)) (not (in 'breakglass' metadata.roles)))"
    )
