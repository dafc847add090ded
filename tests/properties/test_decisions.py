"""What a decision may and may not depend on."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from policylang.check.model import CheckedModule, Quota, Rate
from policylang.limits.step import State
from policylang.limits.step import step as product_step
from policylang.plan import declarations
from policylang.reference.authenticate import authenticate
from policylang.reference.choose_route import Chosen, choose
from policylang.reference.counters import Amount, Counters
from policylang.reference.host import labels
from policylang.reference.oracle import client_headers, facts_of
from policylang.reference.payload import RefusedError
from policylang.reference.policies import Taken, choose_policies
from policylang.reference.target import segments
from policylang.reference.values import FAULT, Facts, Truth
from policylang.reference.verdict import holds, in_scope
from policylang.runtime.ask import Ask
from policylang.runtime.decision import ChargeRecord, Decision
from policylang.runtime.keys import limit_part, value_part
from tests.strategies import json_texts, pool
from tests.strategies.checking import Case, cases
from tests.strategies.engines import alone, plan_of, said, simulation
from tests.strategies.payloads import put
from tests.strategies.profile import examples

BEFORE_RULES = {
    "malformed", "no_route", "method_not_allowed", "credential_missing", "credential_refused", "keys_fault",
}  # fmt: skip
ALLOWED_BY_RULES = {"allow", "policy_fault", "policy_refused", "limited", "render_fault", "render_refused"}
FAULTS = {"deny_fault", "allow_fault", "policy_fault", "render_fault"}


def facts_for(module: CheckedModule, ask: Ask) -> tuple[Facts, str] | None:
    """What the rules are asked about, and the route; None where a request does not get so far."""
    path, host = segments(ask.target), labels(ask.host)
    chosen = choose(module, ask.method, path, host) if path is not None and host is not None else None
    if not isinstance(chosen, Chosen):
        return None
    try:
        caller = authenticate(module, chosen.route, ask)
    except RefusedError:
        return None
    if caller is None:
        return None
    facts = facts_of(module, ask, caller, chosen.captures, client_headers(ask))
    taken = choose_policies(module, chosen.route.name, facts)
    grants: Any = taken.grants if isinstance(taken, Taken) else FAULT if taken.fault else frozenset()
    return replace(facts, grants=grants), chosen.route.name


@given(cases())
@examples(30)
def test_allowed_if_and_only_if_an_allow_is_true_and_every_deny_false(case: Case) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    for question in questions:
        decision = alone(plan, question)
        known = facts_for(found.module, question)
        if decision.kind in BEFORE_RULES or known is None:
            assert decision.kind in BEFORE_RULES
            continue
        facts, name = known
        rules = in_scope(found.module, found.module.routes[name], question.method)
        held: dict[str, list[Truth]] = defaultdict(list)
        for rule in rules:
            held[rule.effect].append(holds(rule, facts))
        passed = True in held["allow"] and all(value is False for value in held["deny"])
        assert (decision.kind in ALLOWED_BY_RULES) is passed


@given(cases())
@examples(20)
def test_nothing_in_scope_is_denied(case: Case) -> None:
    found, questions = case.kept, case.questions
    bare = plan_of(replace(found.module, rules=()), found.tree)
    for question in questions:
        assert alone(bare, question).status >= 400


def without(module: CheckedModule, effect: str, number: int) -> CheckedModule | None:
    """The module without one of its rules of an effect; None where it has none."""
    mine = [rule for rule in module.rules if rule.effect == effect]
    if not mine:
        return None
    gone = mine[number % len(mine)]
    return replace(module, rules=tuple(rule for rule in module.rules if rule is not gone))


@given(cases(), st.integers(0, 9))
@examples(25)
def test_one_more_deny_never_allows(case: Case, number: int) -> None:
    found, questions = case.kept, case.questions
    less = without(found.module, "deny", number)
    if less is None:
        return
    before, after = plan_of(less, found.tree), plan_of(found.module, found.tree)
    for question in questions:
        if alone(after, question).status == 200:
            assert alone(before, question).status == 200


@given(cases(), st.integers(0, 9))
@examples(25)
def test_one_more_allow_never_denies(case: Case, number: int) -> None:
    """But for a header that only the new rule reads, which must then be there once and readable."""
    found, questions = case.kept, case.questions
    less = without(found.module, "allow", number)
    if less is None:
        return
    before, after = plan_of(less, found.tree), plan_of(found.module, found.tree)
    for question in questions:
        if alone(before, question).status == 200:
            assert alone(after, question).kind in {"allow", "malformed"}


@given(cases(), st.integers(0, 9))
@examples(20)
def test_a_rule_twice_is_a_rule_once(case: Case, number: int) -> None:
    found, questions = case.kept, case.questions
    if not found.module.rules:
        return
    rule = found.module.rules[number % len(found.module.rules)]
    again = replace(rule, name=f"zz_{rule.name}")
    doubled = replace(found.module, rules=tuple(sorted((*found.module.rules, again), key=lambda r: (r.effect, r.name))))
    before, after = simulation(plan_of(found.module, found.tree)), simulation(plan_of(doubled, found.tree))
    for question in questions:
        assert unnamed(after.ask(question), again.name) == unnamed(before.ask(question), again.name)


def unnamed(decision: Decision, name: str) -> Decision:
    """The decision without the mention of one rule."""
    return replace(
        said(decision),
        faults=tuple(fault for fault in decision.faults if fault != name),
        shadows=tuple(shadow for shadow in decision.shadows if shadow[0] != name),
    )


@given(cases(), st.integers(0, 99))
@examples(25)
def test_a_claim_less_never_allows_unless_a_rule_speaks_of_absence(case: Case, number: int) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    text = "\n".join(found.items)
    for question in questions:
        members = json_texts.members_of(question.payload)
        name = question.keyring or json_texts.issuer_named(case.rule_set.schema, members)
        if members is None or name not in {issuer.name for issuer in case.rule_set.schema.issuers}:
            continue
        assert name is not None
        claims = case.rule_set.schema.issuer(name).claims
        claim = claims[number % len(claims)]
        words = (f"claims.{claim.name} absent", f"claims.{claim.name} present", f"claims.{claim.name} ??", "omit when")
        if claim.default is not None or any(word in text for word in words):
            continue
        put(members, claim.where, ...)
        less = replace(question, payload=json_texts.without_gaps(members))
        if alone(plan, less).status == 200:
            assert alone(plan, question).status == 200


@given(cases())
@examples(25)
def test_a_fault_never_allows_what_is_denied_without_it(case: Case) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    for question in questions:
        if alone(plan, replace(question, metadata=None)).status == 200:
            assert alone(plan, question).status == 200


@given(cases())
@examples(25)
def test_without_a_fault_at_an_edge_there_is_no_fault(case: Case) -> None:
    """Checked rules meet no type and no absence that they are not prepared for: the oracle would raise."""
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    for question in questions:
        known = facts_for(found.module, question)
        if known is not None and known[0].metadata is not FAULT:
            assert alone(plan, question).kind not in FAULTS


@given(cases())
@examples(25)
def test_shadows_change_nothing_but_what_is_said_of_them(case: Case) -> None:
    found, questions = case.kept, case.questions
    bare = replace(found.module, rules=tuple(r for r in found.module.rules if not r.effect.startswith("shadow")))
    with_them, without_them = simulation(plan_of(found.module, found.tree)), simulation(plan_of(bare, found.tree))
    for question in questions:
        assert replace(said(with_them.ask(question)), shadows=()) == said(without_them.ask(question))


@given(cases())
@examples(25)
def test_what_is_refused_is_charged_nothing(case: Case) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    engine = simulation(plan)
    decisions = [engine.ask(question) for question in questions]
    again = simulation(plan)
    for question, decision in zip(questions, decisions, strict=True):
        assert bool(decision.charges) <= (decision.kind in {"allow", "limited"})
        assert len({charge.limit for charge in decision.charges}) == len(decision.charges)
        if decision.status == 200:
            assert again.ask(question) == decision


PARTS = st.text(max_size=6) | st.sampled_from(("a", "ab", "b", "policy:a:rate", "1", "-1"))
VALUES = PARTS | st.integers(-(2**63), 2**63 - 1) | st.booleans()


@given(PARTS, VALUES, PARTS, VALUES)
@example("a", 1, "a", True)
@example("a", "1", "a", 1)
@example("ab", "c", "a", "bc")
@examples(200)
def test_two_counted_things_never_share_a_counter(name: str, value: Any, other: str, other_value: Any) -> None:
    same = (name, value, type(value)) == (other, other_value, type(other_value))
    assert (limit_part(name) + value_part(value) == limit_part(other) + value_part(other_value)) is same


AMOUNTS: st.SearchStrategy[Rate | Quota] = st.builds(
    Rate, st.sampled_from((1, 3, 7, 1000)), st.sampled_from((1_000, 1_000_000, 7_000_003)), st.sampled_from((1, 2, 10))
) | st.builds(
    Quota, st.sampled_from((1, 2, 3)), st.sampled_from(("day", "week", "month", 1_000, 5_000_000)),
    st.sampled_from((None, "Europe/Berlin", "America/New_York", "Pacific/Apia")),
).map(lambda quota: quota if isinstance(quota.period, str) else replace(quota, zone=None))  # fmt: skip
STEPS = st.sampled_from(
    (0, 1, 142, 143, 333, 334, 1_000, 333_333, 333_334, 1_000_000, 86_400_000_000, 3_600_000_000, -1, -1_000_000)
)
STARTS = st.sampled_from((pool.BASE, 1_774_746_000, 1_325_239_200))
"""An ordinary instant, the hour before Berlin's clocks go forward, the day that Apia left out."""


@given(st.lists(AMOUNTS, min_size=1, max_size=3), st.lists(STEPS, max_size=40), STARTS)
@examples(150)
def test_limit_arithmetic_is_the_models(amounts: list[Rate | Quota], steps: list[int], start: int) -> None:
    counters, states = Counters(), [None] * len(amounts)
    now = start * pool.SECOND
    planned = [declarations.rate(a) if isinstance(a, Rate) else declarations.quota(a) for a in amounts]
    for passed in steps:
        now += passed
        asked: list[tuple[ChargeRecord, Amount]] = [
            (ChargeRecord(str(i), str(i), ()), amount) for i, amount in enumerate(amounts)
        ]
        refusing = {record.limit for record in counters.step(asked, now)}
        kept_states: list[State | None] = list(states)
        standings, after = product_step(planned, kept_states, now)
        assert {str(i) for i, standing in enumerate(standings) if not standing.admitted} == refusing
        states = after if after is not None else states  # type: ignore[assignment]


@given(
    st.builds(Rate, st.integers(1, 50), st.integers(1_000, 10_000_000), st.integers(1, 9)), st.lists(STEPS, max_size=60)
)
@examples(100)
def test_admissions_in_any_window_stay_below_burst_and_rate(rate: Rate, steps: list[int]) -> None:
    state: list[State | None] = [None]
    now, admitted = pool.BASE * pool.SECOND, list[int]()
    for passed in steps:
        now += abs(passed)
        standings, after = product_step([declarations.rate(rate)], state, now)
        if after is not None:
            admitted.append(now)
            state = list(after)
        assert standings[0].admitted is (after is not None)
    for i, first in enumerate(admitted):
        for j in range(i, len(admitted)):
            window = admitted[j] - first
            assert j - i + 1 <= rate.burst + rate.count * window // rate.per_micros
