from policylang.codegen.exprs import ABSENT, FALSE, FAULT, TRUE
from policylang.codegen.scope import Scope, headers_read, reads_metadata, scope_steps
from policylang.plan.model import Plan, Rate
from policylang.plan.steps import run
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    EVENT,
    FLAG,
    LEVEL,
    OTHER,
    RISK,
    SUB,
    TENANT,
    Build,
    eq,
    number,
    text,
)  # fmt: skip


def scope(plan: Plan, method: str = "GET", issuer: int | None = 0) -> Scope:
    return run(scope_steps(plan, 0, method, issuer))


def test_rules_of_other_methods_and_rules_that_never_hold_are_left_out() -> None:
    made = Build().rule("allow", "a", FLAG, methods=("POST",)).rule("allow", "b", ("issuer", "robots"))
    made.rule("deny", "c", ("issuer", "robots")).rule("shadow deny", "d", ("issuer", "robots")).rule("allow", "e")
    found = scope(made.plan())
    assert [rule.name for rule in found.allows] == ["e"]
    assert found.denies == ()
    assert [(rule.name, rule.condition) for rule in found.shadows] == [("d", FALSE)]
    assert [rule.name for rule in scope(made.plan(), "POST", 1).allows] == ["a", "b", "e"]
    assert scope(made.plan(), "POST", 1).allows[0].condition == FAULT


def test_until_is_a_part_of_the_condition() -> None:
    made = Build().rule("allow", "a", FLAG, until=5).rule("allow", "b", until=6)
    assert [rule.condition for rule in scope(made.plan()).allows] == [("and", ("before", 5), FLAG), ("before", 6)]


def test_the_rest_is_specialised_too() -> None:
    made = Build().rule("allow", "a").choose((0, ("issuer", "corp")), otherwise=0).header("X-R", RISK, omit="absent")
    made.token("t", SUB, ("tenant", TENANT)).limit("l", "ref", Rate(1, 1, 1), TENANT).limit("m", "route", Rate(1, 1, 1))
    found = scope(made.plan(), issuer=1)
    assert found.select is not None
    assert (found.select.arms, found.select.otherwise) == ((), 0)
    assert found.headers[0].values == (ABSENT,)
    assert found.tokens[0].members == (("tenant", text("robots")),)
    assert [limit.key for limit in found.limits] == [text("robots"), ABSENT]
    assert list(found.said()) == [ABSENT, SUB, text("robots"), text("robots"), ABSENT]
    assert found.allows[0].condition == TRUE


def test_a_first_arm_that_always_holds_is_the_last() -> None:
    made = Build().rule("allow", "a").choose((2, FLAG), (1, ("issuer", "corp")), (0, FLAG))
    found = scope(made.plan())
    assert found.select is not None
    assert ([arm.policy for arm in found.select.arms], found.select.otherwise) == ([2], 1)
    every = scope(made.choose((1, None), (0, FLAG), every=True).plan())
    assert every.select is not None
    assert ([arm.when for arm in every.select.arms], every.select.otherwise) == ([TRUE, FLAG], -1)


def test_what_a_missing_credential_leads_to() -> None:
    made = Build(anonymous=True).rule("allow", "a", ("issuer", "corp"), methods=("GET",))
    assert scope(made.plan(), issuer=None).otherwise == "credential_required"
    assert scope(made.plan(), "POST", None).otherwise == "no_allow"
    assert scope(made.plan(), issuer=0).otherwise == "no_allow"


def test_headers_that_shadow_rules_alone_read() -> None:
    made = Build().rule("allow", "a", ("present", EVENT), methods=("GET",)).rule("shadow deny", "s", eq(EVENT, OTHER))
    plan = made.plan()
    route = plan.routes[0]
    assert headers_read(plan, route, "GET") == (frozenset({"x-event"}), frozenset({"x-other"}))
    assert headers_read(plan, route, "POST") == (frozenset(), frozenset({"x-event", "x-other"}))
    assert headers_read(plan, route, None) == (frozenset({"x-event"}), frozenset({"x-other"}))
    assert scope(plan).shadows[0].condition == eq(EVENT, ("shadowed", "x-other"))


def test_headers_of_everything_else_count() -> None:
    made = Build().rule("shadow deny", "s", eq(EVENT, OTHER)).header("X-A", ("header", "a"), omit="absent")
    made.token("t", ("header", "b"), ("m", ("header", "c"))).limit("l", "ref", Rate(1, 1, 1), ("header", "d"))
    made.choose((0, ("present", ("header", "e"))))
    assert headers_read(made.plan(), made.plan().routes[0], "GET") == (
        frozenset("abcde"),
        frozenset({"x-event", "x-other"}),
    )


def test_reading_metadata() -> None:
    assert reads_metadata([eq(SUB, text("a")), ("not", BLOCKED)])
    assert reads_metadata([("cmp", "gt", ("else", LEVEL, number(1)), number(2))])
    assert not reads_metadata([eq(SUB, text("a")), FAULT, ABSENT, ("before", 1), ("shadowed", "x")])
