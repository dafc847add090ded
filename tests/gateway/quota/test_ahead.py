"""Promises: how far ahead they are, what they cover, and what is given back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.quota.ahead import (
    BRIEF_MICROS,
    Durable,
    block,
    covers,
    further,
    given_back,
    half_spent,
    is_brief,
    promise,
    spent,
)
from policylang.embed import ConcurrencyState, QuotaState, RateState, State, ask, idle, plan_model
from tests.strategies.charges import gaps, quotas, rates

DAILY = plan_model.Quota(5_000, "day", 0, "UTC")
MINUTELY = plan_model.Rate(100, 60_000_000, 20)


@pytest.mark.parametrize(
    ("count", "ahead"), [(1, 1), (99, 1), (199, 1), (200, 2), (5_000, 50), (100_000, 1_000), (10**9, 1_000)]
)
def test_a_quotas_block_is_one_in_a_hundred(count: int, ahead: int) -> None:
    assert block(plan_model.Quota(count, "day", 0, "UTC")) == ahead


@pytest.mark.parametrize(("burst", "ahead"), [(1, 1), (2, 1), (3, 1), (4, 2), (20, 10), (10**6, 1_000)])
def test_a_rates_block_is_half_its_burst(burst: int, ahead: int) -> None:
    assert block(plan_model.Rate(1, 60_000_000, burst)) == ahead


def test_brief_is_what_is_over_within_two_seconds_however_full() -> None:
    assert is_brief(plan_model.Rate(10, 1_000_000, 20))
    assert not is_brief(plan_model.Rate(10, 1_000_000, 21))
    assert is_brief(plan_model.Quota(9, "anchored", BRIEF_MICROS, ""))
    assert not is_brief(plan_model.Quota(9, "anchored", BRIEF_MICROS + 1, ""))
    assert not is_brief(DAILY)


@given(rates | quotas, st.lists(gaps, max_size=30))
def test_a_brief_counter_says_nothing_two_seconds_after_its_last_charge(amount: Durable, steps: list[int]) -> None:
    now, state = 10**15, None
    for gap in steps:
        now += gap
        _, state = ask(amount, state, now)
        assert state is not None
        if is_brief(amount):
            assert idle(state, now + BRIEF_MICROS)
            assert not covers(state, spent(amount, now)) or state == spent(amount, now)


@given(rates | quotas, st.lists(gaps, min_size=1, max_size=30))
def test_a_promise_covers_a_block_of_admissions_and_not_one_more(amount: Durable, steps: list[int]) -> None:
    now, state = 10**15, None
    for gap in steps:
        now += gap
        _, state = ask(amount, state, now)
    assert state is not None
    promised = promise(state, amount)
    after = further(state, amount, block(amount))
    assert covers(promised, state)
    assert covers(promised, after)
    beyond = further(state, amount, block(amount) + 1)
    assert beyond == after or not covers(promised, beyond)
    assert not half_spent(promised, state, amount) or block(amount) == 1 or promised == state or after != beyond


def test_a_quota_is_not_promised_beyond_its_count() -> None:
    assert promise(QuotaState(0, 9, 4_990), DAILY) == QuotaState(0, 9, 5_000)
    assert promise(QuotaState(0, 9, 6_000), DAILY) == QuotaState(0, 9, 6_000)
    assert not half_spent(QuotaState(0, 9, 5_000), QuotaState(0, 9, 4_999), DAILY)


def test_the_next_block_is_asked_for_when_half_is_spent() -> None:
    promised = promise(QuotaState(0, 9, 100), DAILY)
    assert not half_spent(promised, QuotaState(0, 9, 124), DAILY)
    assert half_spent(promised, QuotaState(0, 9, 125), DAILY)
    ahead = promise(RateState(0, 100), MINUTELY)
    assert not half_spent(ahead, RateState(4 * 60_000_000, 100), MINUTELY)
    assert half_spent(ahead, RateState(5 * 60_000_000, 100), MINUTELY)


@pytest.mark.parametrize(
    ("promised", "state"),
    [
        (None, QuotaState(0, 9, 1)),
        (RateState(10**9, 1), QuotaState(0, 9, 1)),
        (QuotaState(0, 9, 10**9), RateState(1, 1)),
        (QuotaState(0, 9, 7), QuotaState(9, 18, 1)),
        (QuotaState(0, 9, 7), QuotaState(1, 9, 1)),
        (RateState(6, 2), RateState(10, 3)),
    ],
)
def test_a_promise_of_another_kind_or_window_or_of_less_covers_nothing(promised: State | None, state: State) -> None:
    assert not covers(promised, state)


def test_arrivals_are_compared_across_scales() -> None:
    assert covers(RateState(6, 2), RateState(9, 3))


def test_the_last_charge_is_given_back_exactly_and_an_earlier_one_of_a_rate_is_kept() -> None:
    assert given_back(RateState(5, 1), RateState(2, 1), RateState(5, 1)) == RateState(2, 1)
    assert given_back(RateState(8, 1), RateState(2, 1), RateState(5, 1)) == RateState(8, 1)
    assert given_back(QuotaState(0, 9, 5), QuotaState(0, 9, 2), QuotaState(0, 9, 3)) == QuotaState(0, 9, 4)
    assert given_back(QuotaState(9, 18, 5), QuotaState(0, 9, 2), QuotaState(0, 9, 3)) == QuotaState(9, 18, 5)
    assert given_back(QuotaState(0, 9, 1), None, QuotaState(0, 9, 1)) is None


def test_a_slot_is_given_back_whoever_came_since() -> None:
    one, two = (5, b"one"), (9, b"two")
    assert given_back(ConcurrencyState((one, two)), None, ConcurrencyState((one,))) == ConcurrencyState((two,))
    assert given_back(ConcurrencyState((one, two)), ConcurrencyState((one,)), ConcurrencyState((one, two))) == (
        ConcurrencyState((one,))
    )
    assert given_back(None, None, ConcurrencyState((one,))) is None
