from dataclasses import replace

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.plan import model
from policylang.plan.index import Match, Miss
from policylang.plan.refused import PlanRefused
from tests.policylang.codegen.small_plans import EVENT, OTHER, SUB, Build, claims_of, eq, text


def compiled(made: Build, **secrets: str) -> CompiledPlan:
    return CompiledPlan(made.plan(), secrets)


def secret_header(value: str) -> CompiledPlan:
    return compiled(Build(secrets=("hush",)).header("X-Key", secret="hush"), hush=value)


def test_a_secret_that_is_not_given_is_named() -> None:
    with pytest.raises(ValueError, match=r"secrets that are not given: hush$"):
        compiled(Build(secrets=("hush",)))


@pytest.mark.parametrize("value", ["", "s3cret\n", " s3cret", "s3créto", "s" * 4097])
def test_a_secret_that_cannot_stand_in_its_header_is_named_and_not_shown(value: str) -> None:
    with pytest.raises(ValueError, match="secret hush cannot stand in header X-Key") as raised:
        secret_header(value)
    assert not value.strip() or value.strip() not in str(raised.value)


def test_only_the_secrets_of_the_plan_are_kept() -> None:
    assert compiled(Build(secrets=("hush",)), hush="a", other="b").secrets == {"hush": "a"}
    assert secret_header("s3cret").secrets == {"hush": "s3cret"}


def test_matching() -> None:
    one = compiled(Build())
    assert one.match(("any",), ("r", "acme", "7"), "GET") == Match(0, (7, "acme"))
    assert one.match(("any",), ("r", "acme", "7", "x"), "PUT") == Miss(("GET", "POST"))
    assert one.match(("any",), ("s",), "GET") == Miss(())


def test_cells_are_generated_once_and_only_those_of_the_plan() -> None:
    one = compiled(Build().rule("allow", "a"))
    assert one.cell(0, "GET", 0) is one.cell(0, "GET", 0)
    assert one.cell(0, "GET", 1) is not one.cell(0, "GET", 0)
    for method, issuer in (("PUT", 0), ("GET", None), ("GET", 2)):
        with pytest.raises(KeyError):
            one.cell(0, method, issuer)


def test_warming_makes_every_cell_in_steps() -> None:
    one = compiled(Build(anonymous=True).rule("allow", "a", eq(SUB, text("u1"))))
    steps = sum(1 for _ in one.warm_steps())
    assert steps >= 6 * 3
    cells = {(method, issuer): one.cell(0, method, issuer) for method in ("GET", "POST") for issuer in (0, 1, None)}
    assert sum(1 for _ in one.warm_steps()) == 6
    assert all(one.cell(0, *key) is cell for key, cell in cells.items())


def test_a_large_cell_gives_way_while_it_is_generated() -> None:
    made = Build()
    for i in range(400):
        made.rule("deny", f"d{i:03}", eq(SUB, text(f"x{i}")))
    one = compiled(made.rule("allow", "a"))
    assert sum(1 for _ in one.warm_steps()) > 4 * 8
    cell = one.cell(0, "GET", 0)
    facts = cell.token_facts(claims_of(sub="x17"), b"", 0)
    assert cell.decide(facts.slots, (), None).rule == 18  # type: ignore[arg-type]  # nothing late is read


def test_two_routes_that_take_the_same_requests_are_refused() -> None:
    plan = Build().plan()
    doubled = replace(plan, routes=(plan.routes[0], replace(plan.routes[0], name="s")))
    with pytest.raises(PlanRefused):
        CompiledPlan(doubled, {}).match(("a",), ("r", "a", "1"), "GET")
    with pytest.raises(PlanRefused):
        list(CompiledPlan(doubled, {}).warm_steps())


def test_output_names_are_folded_and_of_the_whole_plan() -> None:
    made = (
        Build().header("X_User", SUB).header("X-Out", SUB, direction="response").token("t", SUB, header="X_Identity_T")
    )
    plan = made.plan()
    elsewhere = replace(plan, routes=(replace(plan.routes[0], set_headers=(), tokens=()),))
    assert CompiledPlan(elsewhere, {}).output_names == {b"x-user", b"x-identity-t"}


def remove(name: str, *, direction: str = "response", prefix: bool = False) -> model.RemoveHeader:
    return model.RemoveHeader(direction, name, prefix, 0)  # type: ignore[arg-type]


def test_removals() -> None:
    made = Build(removes=[remove("server"), remove("x_debug-", prefix=True), remove("x-b", prefix=True)])
    made.removes += [remove("x_old", direction="request"), remove("x_int", direction="request", prefix=True)]
    made.header("X_Out", SUB, direction="response").header("X-In", SUB)
    one = compiled(made)
    assert one.request_removals(0) == (frozenset({b"x-old"}), (b"x-int",))
    assert one.response_edit(0) == (frozenset({b"server", b"x_out"}), (b"x-b", b"x_debug-"))
    assert compiled(Build()).request_removals(0) == compiled(Build()).response_edit(0) == (frozenset(), ())


def test_headers_read() -> None:
    made = Build().rule("allow", "a", ("present", EVENT), methods=("GET",)).rule("shadow deny", "s", eq(EVENT, OTHER))
    one = compiled(made)
    event, other = frozenset({"x-event"}), frozenset({"x-other"})
    assert one.headers_read(0, "GET") == (event, other)
    assert one.headers_read(0, "POST") == (frozenset(), event | other)
    assert one.headers_read(0) == (event, other)
    strict, lenient = one.headers_read(0, "GET")
    assert one.cell(0, "GET", 0).headers == tuple(sorted(strict | lenient))


def test_a_cell_that_is_not_the_plans_is_named() -> None:
    with pytest.raises(KeyError) as raised:
        compiled(Build().rule("allow", "a")).cell(0, "PUT", 1)
    assert raised.value.args == ((0, "PUT", 1),)
