"""Cases played: sequences and counters, and what is told when the engines do not agree."""

from dataclasses import replace

import pytest

from policylang.check.model import CheckedModule, Lit
from policylang.reference import oracle
from policylang.reference.counters import Counters
from policylang.reference.values import StuckError
from policylang.testing.model import Engines, Outcome
from policylang.testing.play import play
from policylang.typesys.terms import Bool
from tests.policylang.testing.worlds import ASK, outcome, passes, ready, sides


@pytest.mark.parametrize(
    "steps",
    [
        f"{ASK} expect allow left 4 of free rate repeat 4 expect allow left 0 of free rate repeat 1 expect deny 429 by free",
        f"{ASK} repeat 9 expect deny 429 left 0 of free rate left 995 of free quota left 5 of limit shared",
        f"{ASK} repeat 4 expect allow after 199ms repeat 1 expect deny 429 after 1ms repeat 1 expect allow",
        f"{ASK} repeat 4 expect allow after 1h repeat 1 expect deny 401",
    ],
)
def test_counters_go_from_request_to_request(steps: str) -> None:
    assert passes(steps)


@pytest.mark.parametrize(
    "steps",
    [
        f"used 5 of free rate {ASK} expect deny 429 by free",
        f"used 4 of free rate {ASK} expect allow left 0 of free rate",
        f"used 0 of free rate {ASK} expect allow left 4 of free rate",
        f"used 5 of free rate after 1s {ASK} expect allow left 4 of free rate",
        f"used 1_000 of free quota after 1s {ASK} expect deny 429 by free left 5 of free rate",
        f"used 10 of limit shared {ASK} expect deny 429 by shared",
        f"{ASK} repeat 3 expect allow used 0 of free rate repeat 1 expect allow left 4 of free rate",
        f"at 2026-01-01T23:59:59Z used 1_000 of free quota {ASK} expect deny 429 after 1s repeat 1 expect allow",
    ],
)
def test_counters_stand_where_they_are_said_to(steps: str) -> None:
    assert passes(steps)


GOLD = 'given ana  token with { plan: "gold" }  request GET "/v1/acme/orders/1"'


@pytest.mark.parametrize(
    "steps",
    [
        f"{GOLD} repeat 5 expect allow charged gold concurrent left 2 of gold concurrent",
        f"used 1 of gold concurrent {GOLD} repeat 3 expect allow left 1 of gold concurrent",
        f"used 2 of gold concurrent {GOLD} expect deny 429 by gold left 0 of gold concurrent left 10 of limit shared",
        f"used 2 of gold concurrent after 29s {GOLD} expect deny 429 after 1s repeat 1 expect allow",
        f"{GOLD} used 2 of gold concurrent repeat 1 expect deny 429 used 0 of gold concurrent repeat 1 expect allow",
    ],
)
def test_a_request_gives_its_slot_back_before_the_next_one(steps: str) -> None:
    assert passes(steps)


def test_a_counter_that_does_not_count_the_next_request() -> None:
    (failure,) = outcome(f"used 3 of gold rate {ASK} expect allow").failures
    assert (failure.kind, failure.what) == ("arrangement", "used 3 of gold rate")
    assert failure.actual == "it is counted by: free quota, free rate, limit shared"
    (refused,) = outcome('used 3 of free rate request GET "/nowhere" expect deny 404').failures
    assert refused.actual == "it is counted by: nothing"


def test_callers_are_counted_apart_and_tokens_of_one_caller_together() -> None:
    twice = (
        f'{ASK} expect allow left 4 of free rate token with {{ sub: "b" }} repeat 1 expect allow left 4 of free rate'
    )
    assert passes(f"{twice} given ana token with {{ iat: 1s ago }} repeat 1 expect allow left 3 of free rate")


def test_a_case_goes_on_after_a_failure() -> None:
    found = sides(f"{ASK} expect deny 403 repeat 1 expect deny 404 repeat 1 expect allow")
    assert [expected for _, expected, _ in found] == ["deny 403", "deny 404"]


def test_every_request_has_its_answer() -> None:
    result = outcome(f'{ASK} expect allow repeat 3 request GET "/nowhere" expect deny 404')
    assert [answer.decision.status for answer in result.answers] == [200, 200, 404]
    assert [answer.tree.kind for answer in result.answers] == ["allow", "allow", "no_route"]
    assert all(len(step.ask.target) > 1 for step in result.case.steps)


def test_explanations_show_the_values_that_the_test_gave() -> None:
    tree = outcome(f"{ASK} expect allow").answers[0].tree
    condition = next(rule.node for rule in tree.rules if rule.name == "read")
    assert condition is not None
    assert '"orders:read"' in str(condition.operands)


def always(module: CheckedModule, rule: str) -> CheckedModule:
    """The module with one rule true of everything: another module than the plan was made of."""
    rules = tuple(replace(r, condition=Lit(r.span, Bool(), True)) if r.name == rule else r for r in module.rules)
    return replace(module, rules=rules)


def played_apart(steps: str, engines: Engines | None = None) -> Outcome:
    (case,), same = ready(f'test "t" {{ {steps} }}')
    return play(case, replace(engines or same, module=always(same.module, "cross_tenant")))


def test_a_disagreement_is_a_failure_of_its_own_kind_even_where_all_is_as_expected() -> None:
    result = played_apart(f"{ASK} expect allow by read")
    (failure,) = result.failures
    assert (failure.kind, result.passed) == ("disagreement", False)
    assert "kind 'denied'" in failure.expected
    assert "kind 'allow'" in failure.actual
    assert failure.tree is not None


def test_a_disagreement_within_a_repetition_is_told() -> None:
    result = played_apart(f"{ASK} expect allow repeat 3 expect allow")
    assert {failure.kind for failure in result.failures} == {"disagreement"}


def test_the_reference_can_be_spared() -> None:
    (case,), engines = ready(f'test "t" {{ {ASK} expect allow left 4 of free rate }}')
    spared = replace(engines, module=always(engines.module, "cross_tenant"), reference="spared")
    assert play(case, spared).passed


def test_a_reference_that_is_stuck_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_: object) -> None:
        raise StuckError("nothing to add")

    monkeypatch.setattr(oracle, "judge", stuck)
    (failure,) = outcome(f"{ASK} expect allow").failures
    assert (failure.kind, failure.expected, failure.actual) == (
        "disagreement", "no decision: nothing to add", "allow by read",
    )  # fmt: skip


def test_counters_that_disagree_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counters, "left", lambda *_: 7)
    (failure,) = [f for f in outcome(f"{ASK} expect allow left 4 of free rate").failures if "free rate" in f.what]
    assert (failure.kind, failure.expected, failure.actual) == ("disagreement", "7", "4")


def test_cases_do_not_share_counters() -> None:
    cases, engines = ready("".join(f'test "{n}" {{ {ASK} repeat 4 expect allow }}\n' for n in range(3)))
    assert all(play(case, engines).passed for case in cases)
