"""The order of the answers, whatever is bound when."""

from itertools import permutations
from typing import Any

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.model import Expr
from policylang.runtime.cell import Cell, Fields
from policylang.runtime.verdict import Verdict
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    CLIENT,
    FLAG,
    LOGIN,
    PATH_NUMBER,
    PATH_TENANT,
    ROLES,
    SCOPE,
    SUB,
    TENANT,
    Build,
    claims_of,
    decide,
    eq,
    fields_of,
    number,
    text,
    with_request,
)  # fmt: skip

EARLY = {True: eq(SUB, text("u1")), False: eq(SUB, text("x"))}
LATE = {True: eq(PATH_NUMBER, number(7)), False: eq(PATH_NUMBER, number(8))}
FAULTY = {"early": BLOCKED, "late": ("in", PATH_TENANT, ROLES)}
WHEN = pytest.mark.parametrize("tests", [EARLY, LATE], ids=["early", "late"])


def cell(made: Build, issuer: int | None = 0, method: str = "GET") -> Cell:
    return CompiledPlan(made.plan(), {}).cell(0, method, issuer)


def verdict(made: Build, claims: tuple[Any, ...] | None = None, fields: Fields | None = None) -> Verdict:
    return decide(cell(made), claims, fields)


@WHEN
def test_a_true_deny_before_everything(tests: dict[bool, Expr]) -> None:
    made = Build().rule("allow", "a").rule("deny", "c", tests[True]).rule("deny", "b", tests[True])
    made.rule("deny", "a", tests[False]).rule("deny", "d", BLOCKED).rule("deny", "e", tests[True], step_up="mfa")
    assert verdict(made) == Verdict("denied", 2), "the first by name"


@WHEN
def test_step_up_only_where_no_plain_deny_is_true(tests: dict[bool, Expr]) -> None:
    made = (
        Build()
        .rule("allow", "a")
        .rule("deny", "z", tests[True], step_up="b")
        .rule("deny", "y", tests[True], step_up="a")
    )
    made.rule("deny", "x", tests[False]).rule("deny", "w", BLOCKED).rule("deny", "v", tests[True], step_up="a")
    assert verdict(made) == Verdict("step_up", 1, acr=("a", "b"))


@pytest.mark.parametrize("faulty", FAULTY)
def test_a_deny_without_an_answer_denies(faulty: str) -> None:
    made = Build().rule("allow", "a").rule("deny", "c", FAULTY[faulty]).rule("deny", "b", BLOCKED)
    assert verdict(made) == Verdict("deny_fault", 1, faults=(1, 2))
    assert verdict(made, fields=fields_of()).kind == "allow"


@WHEN
def test_the_first_true_allow_by_name(tests: dict[bool, Expr]) -> None:
    for names in permutations("abc"):
        made = Build()
        for name in names:
            made.rule("allow", name, tests[name != "a"])
        assert verdict(made).rule == 1


def test_allows_bound_at_different_stages_keep_their_order() -> None:
    for late_first in (True, False):
        made = Build().rule("allow", "a", (LATE if late_first else EARLY)[True])
        made.rule("allow", "b", (EARLY if late_first else LATE)[True]).rule("allow", "c", ("in", text("a"), ROLES))
        assert verdict(made, fields=fields_of(roles=frozenset("a"))).rule == 0
        made.rules[0] = Build().rule("allow", "a", (LATE if late_first else EARLY)[False]).rules[0]
        assert verdict(made, fields=fields_of(roles=frozenset("a"))).rule == 1


@pytest.mark.parametrize("faulty", FAULTY)
def test_no_true_allow(faulty: str) -> None:
    made = Build().rule("allow", "a", LATE[False]).rule("allow", "b", FAULTY[faulty]).rule("allow", "c", BLOCKED)
    assert verdict(made) == Verdict("allow_fault", 1, faults=(1, 2))
    assert verdict(made, fields=fields_of()) == Verdict("no_allow")
    made.rule("allow", "d")
    assert verdict(made).rule == 3, "a fault in another allow does not matter"


def test_nothing_in_scope_is_denied() -> None:
    assert verdict(Build()) == Verdict("no_allow")
    assert decide(cell(Build().rule("allow", "a", methods=("POST",)))) == Verdict("no_allow")


def test_a_credential_could_help_only_where_an_allow_is_in_scope() -> None:
    made = Build(anonymous=True).rule("allow", "a", ("and", ("issuer", "corp"), eq(TENANT, PATH_TENANT)))
    anonymous = cell(made, None)
    assert decide(anonymous, (), None, identity=b"") == Verdict("credential_required")
    only = Build(anonymous=True, issuers=()).rule("allow", "a", eq(PATH_TENANT, text("x")))
    assert decide(cell(only, None), (), None, identity=b"") == Verdict("no_allow")
    none = Build(anonymous=True).rule("deny", "d", eq(PATH_TENANT, text("x")))
    assert decide(cell(none, None), (), None, identity=b"") == Verdict("no_allow")


def test_until_and_older_flip_at_their_instant() -> None:
    made = Build().rule("allow", "a", until=1000).rule("deny", "d", ("and", ("present", LOGIN), ("older", LOGIN, 5)))
    made.rule("shadow allow", "s", until=1000)
    claims = claims_of(login=999)
    one = cell(made)
    for now, kind, edges in (
        (999_000_005, "allow", (None, 999_000_006)),
        (999_000_006, "denied", (999_000_006, 1_000_000_000)),
        (999_999_999, "denied", (999_000_006, 1_000_000_000)),
        (1_000_000_000, "denied", (1_000_000_000, None)),
    ):
        facts = one.token_facts(claims, b"", now)
        assert one.decide(facts.slots, (), with_request(now=now)).kind == kind
        assert facts.valid_from == (edges[0] or -(2**62))
        assert facts.valid_until == (edges[1] or 2**62)


def test_a_guarded_age_that_is_absent_leaves_no_mark_on_the_interval() -> None:
    made = Build().rule("deny", "d", ("and", ("present", LOGIN), ("older", LOGIN, 5)))
    facts = cell(made).token_facts(claims_of(), b"", 1)
    assert (facts.valid_from, facts.valid_until) == (-(2**62), 2**62)


def test_shadows_change_nothing_but_themselves() -> None:
    made = Build().rule("allow", "a", EARLY[True]).rule("deny", "d", LATE[False])
    plain = verdict(made)
    made.rule("shadow deny", "s1").rule("shadow deny", "s2", BLOCKED).rule("shadow allow", "s3", LATE[True])
    shadowed = verdict(made)
    assert shadowed.shadows == ((2, True), (3, True), (4, None))
    shadowed.shadows = ()
    assert shadowed == plain
    assert not cell(made).needs_metadata
    assert cell(made).reads_metadata
    refused = decide(cell(made), claims_of(sub="x"))
    assert (refused.kind, refused.shadows) == ("no_allow", ((2, True), (3, True), (4, None)))


@pytest.mark.parametrize(
    ("condition", "metadata", "late"),
    [(EARLY[True], False, False), (BLOCKED, True, False), (LATE[True], False, True), (eq(CLIENT, SUB), False, True)],
)
def test_needs(condition: Expr, metadata: bool, late: bool) -> None:
    one = cell(Build().rule("allow", "a", condition))
    assert (one.needs_metadata, one.needs_request) == (metadata, late)
    assert one.reads_metadata is one.needs_metadata


def test_what_does_not_depend_on_the_request_is_decided_before_it() -> None:
    made = Build().rule("allow", "a", ("in", text("x"), SCOPE)).rule("deny", "d", FLAG).header("X-U", SUB)
    one = cell(made)
    facts = one.token_facts(claims_of(scope=frozenset("x")), b"", 0)
    first = one.decide(facts.slots, (), with_request())
    assert first.kind == "allow"
    assert one.decide(facts.slots, (), with_request(client_ip="::1")) is first
    assert facts.slots == (first,)


def test_more_allows_than_are_worth_a_verdict_each() -> None:
    made = Build().header("X-U", SUB)
    for i in range(12):
        made.rule("allow", f"a{i:02}", LATE[i == 11] if i % 2 else EARLY[False])
    said = verdict(made)
    assert (said.rule, said.set_request) == (11, b"X-U: u1\r\n")


@pytest.mark.parametrize("holding", [0, 23, 24, 47, 59])
def test_many_allows_that_are_known_early_give_the_first_that_holds(holding: int) -> None:
    """They are split into functions of their own; one that is known late stands beside them."""
    made = Build()
    for i in range(60):
        made.rule("allow", f"a{i:02}", EARLY[i >= holding])
    made.rule("allow", "b", LATE[True])
    assert verdict(made) == Verdict("allow", holding)
    refusing = Build()
    for i in range(60):
        refusing.rule("allow", f"a{i:02}", EARLY[False])
    assert verdict(refusing.rule("allow", "b", LATE[True])) == Verdict("allow", 60)


@pytest.mark.parametrize(("op", "late", "kind"), [
    ("and", True, "deny_fault"), ("and", False, "allow"), ("or", True, "denied"), ("or", False, "deny_fault"),
])  # fmt: skip
def test_a_fault_that_is_known_early_beside_what_the_request_tells(op: str, late: bool, kind: str) -> None:
    made = Build().rule("allow", "a").rule("deny", "d", (op, BLOCKED, LATE[late]))
    assert verdict(made, fields=None).kind == kind
