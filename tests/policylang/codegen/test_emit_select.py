from dataclasses import replace
from typing import Any

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.plan import model
from policylang.plan.model import Quota, Rate
from policylang.runtime.verdict import Verdict
from tests.policylang.codegen import small_plans as sp
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    FLAG,
    PATH_NUMBER,
    PLAN,
    SCOPE,
    Build,
    claims_of,
    decide,
    eq,
    number,
)

POLICIES = (
    model.Policy("free", Rate(1, 1_000_000, 1), None, ("a",), 0),
    model.Policy("gold", Rate(9, 1_000_000, 9), Quota(5, "day", 0, "UTC"), ("b",), 0),
    model.Policy("x", None, None, (), 0),
)
ALWAYS = None


def build(*arms: tuple[int, Any], **rest: Any) -> Build:
    return Build(policies=POLICIES).rule("allow", "a").choose(*arms, **rest)


def verdict(made: Build, claims: tuple[Any, ...] | None = None, fields: Any = None) -> Verdict:
    return decide(CompiledPlan(made.plan(), {}).cell(0, "GET", 0), claims, fields)


@pytest.mark.parametrize("gate", [FLAG, ("and", FLAG, eq(PATH_NUMBER, number(7)))], ids=["early", "late"])
def test_the_first_arm_that_holds(gate: model.Expr) -> None:
    made = build((1, gate), (0, ALWAYS), otherwise=2)
    assert verdict(made, claims_of(flag=True)).policies == (1,)
    assert verdict(made).policies == (0,)


def test_otherwise_and_refusal() -> None:
    assert verdict(build((1, FLAG), otherwise=2)).policies == (2,)
    refused = verdict(build((1, FLAG)))
    assert (refused.kind, refused.rule, refused.policies, refused.charges) == ("policy_refused", -1, (), ())


def test_an_arm_without_an_answer_is_a_fault_once_it_is_reached() -> None:
    made = build((1, FLAG), (0, BLOCKED), (2, ALWAYS))
    assert verdict(made, claims_of(flag=True)).policies == (1,)
    assert verdict(made).kind == "policy_fault"
    assert verdict(made, fields=sp.fields_of()).policies == (2,)
    every = build((1, ALWAYS), (0, BLOCKED), every=True)
    assert verdict(every).kind == "policy_fault"


def test_every_arm_that_holds_is_merged() -> None:
    made = build((1, FLAG), (0, ALWAYS), every=True)
    merged = verdict(made, claims_of(flag=True))
    assert merged.policies == (0, 1)
    assert [charge.name for charge in merged.charges] == ["policy:gold:rate", "policy:gold:quota"]
    assert verdict(made).policies == (0,)
    assert verdict(build((1, FLAG), every=True, otherwise=0)).policies == (0,)
    assert verdict(build((1, FLAG), every=True)).kind == "policy_refused"


def named(ref: model.Expr, *, every: bool) -> Build:
    made = build(every=every)
    arm = model.Arm(-1, ref, None, 0)
    made.select = model.Select(every, (arm,), -1, 0)
    return made


def test_a_claim_names_the_policy() -> None:
    assert verdict(named(PLAN, every=False), claims_of(plan="gold")).policies == (1,)
    assert verdict(named(SCOPE, every=True), claims_of(scope=frozenset({"free", "gold"}))).policies == (0, 1)
    assert verdict(named(SCOPE, every=True), claims_of(scope=frozenset())).kind == "policy_refused"


@pytest.mark.parametrize("every", [True, False])
def test_a_name_that_is_no_policy_refuses(every: bool) -> None:
    assert verdict(named(SCOPE, every=every), claims_of(scope=frozenset({"free", "no"}))).kind == "policy_refused"
    assert verdict(named(sp.ROLES, every=every), fields=None).kind == "policy_fault"


@pytest.mark.parametrize("every", [True, False])
def test_a_name_that_is_no_policy_refuses_beside_an_otherwise_too(every: bool) -> None:
    made = named(SCOPE, every=every)
    made.select = model.Select(every, (model.Arm(-1, SCOPE, None, 0),), 0, 0)
    refused = verdict(made, claims_of(scope=frozenset({"free", "no"})))
    assert (refused.kind, refused.policies, refused.charges) == ("policy_refused", (), ())


def test_grants_are_empty_when_refused_and_a_fault_when_faulted() -> None:
    granted = ("in", sp.text("b"), sp.GRANTS)
    made = build((1, BLOCKED))
    made.rules = []
    made.rule("allow", "a", granted).rule("shadow deny", "s", granted)
    assert verdict(made, fields=sp.fields_of(blocked=True)).shadows == ((1, True),)
    refused = verdict(made, fields=sp.fields_of())
    assert (refused.kind, refused.shadows) == ("no_allow", ((1, False),))
    faulted = verdict(made, fields=None)
    assert (faulted.kind, faulted.faults, faulted.shadows) == ("allow_fault", (0,), ((1, None),))


def test_hundreds_of_arms_compile() -> None:
    arms = [(1, eq(PLAN, sp.text(str(n)))) for n in range(600)]
    made = build(*arms, otherwise=0)
    assert verdict(made).policies == (0,)
    assert verdict(replace(made, select=replace(made.select, every=True))).policies == (0,)  # type: ignore[type-var]
