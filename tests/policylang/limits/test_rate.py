"""Rates: the bound in every window, exact at awkward fractions, and clocks that go back."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from policylang.limits.rate import RateState, rate_idle, rate_step
from policylang.limits.standing import Standing
from policylang.plan.model import Rate

rates = st.builds(
    Rate, count=st.integers(1, 50), per_micros=st.sampled_from([1000, 7, 1_000_000, 999_983]), burst=st.integers(1, 9)
)
gaps = st.lists(st.sampled_from([0, 1, 2, 3, 500, 19_999, 20_000, 20_001, 333_333, 1_000_000]), max_size=60)


@given(rates, gaps)
def test_any_window_admits_at_most_burst_and_what_flows_in(rate: Rate, steps: list[int]) -> None:
    now, state = 1_700_000_000_000_000, None
    admitted: list[int] = []
    for gap in steps:
        now += gap
        standing, state = rate_step(state, rate, now)
        if standing.admitted:
            admitted.append(now)
    for i, first in enumerate(admitted):
        for j in range(i, len(admitted)):
            window = admitted[j] - first
            assert j - i + 1 <= rate.burst + rate.count * window // rate.per_micros


@given(rates, gaps)
def test_agrees_with_a_bucket_of_fractions(rate: Rate, steps: list[int]) -> None:
    """A token bucket of exact fractions admits the same requests as GCRA."""
    now, state = 5_000, None
    level, then = Fraction(rate.burst), now
    for gap in steps:
        now += gap
        level = min(Fraction(rate.burst), level + Fraction((now - then) * rate.count, rate.per_micros))
        then = now
        standing, state = rate_step(state, rate, now)
        assert standing.admitted == (level >= 1)
        if standing.admitted:
            level -= 1
            assert standing.remaining == int(level)


@given(rates, gaps)
def test_the_wait_is_the_least_that_passes(rate: Rate, steps: list[int]) -> None:
    now, state = 0, None
    for gap in steps:
        now += gap
        standing, state = rate_step(state, rate, now)
        if not standing.admitted:
            assert rate_step(state, rate, now + standing.wait_micros)[0].admitted
            assert not rate_step(state, rate, now + standing.wait_micros - 1)[0].admitted


@given(rates, st.integers(0, 10**9))
def test_a_clock_going_back_adds_nothing(rate: Rate, back: int) -> None:
    now, state = 2 * 10**9, None
    while (asked := rate_step(state, rate, now))[0].admitted:
        state = asked[1]
    assert not rate_step(state, rate, now - back)[0].admitted


def test_a_refusal_charges_nothing() -> None:
    rate = Rate(1, 1_000_000, 1)
    _, state = rate_step(None, rate, 0)
    standing, after = rate_step(state, rate, 1)
    assert not standing.admitted
    assert after == state


def test_a_changed_rate_never_admits_more_than_either() -> None:
    _, state = rate_step(None, Rate(3, 1_000_000, 1), 0)
    assert state == RateState(1_000_000, 3)
    standing, _ = rate_step(state, Rate(1, 1_000_000, 1), 333_333)
    assert not standing.admitted
    assert rate_step(state, Rate(1, 1_000_000, 1), 333_334)[0].admitted


def test_an_idle_state_says_nothing() -> None:
    rate = Rate(3, 1_000_000, 2)
    _, state = rate_step(None, rate, 0)
    assert state is not None
    assert not rate_idle(state, 333_333)
    assert rate_idle(state, 333_334)
    assert rate_step(state, rate, 333_334) == rate_step(None, rate, 333_334)


def test_the_standing_is_exact_where_the_rate_is_not_whole() -> None:
    """Three a second: an admission takes a third of a second, and what is told is rounded up."""
    rate = Rate(3, 1_000_000, 2)
    first, state = rate_step(None, rate, 0)
    assert first == Standing(admitted=True, remaining=1, reset_micros=333_334, wait_micros=0)
    second, state = rate_step(state, rate, 1)
    assert second == Standing(admitted=True, remaining=0, reset_micros=666_666, wait_micros=0)
    refused, after = rate_step(state, rate, 2)
    assert refused == Standing(admitted=False, remaining=0, reset_micros=666_665, wait_micros=333_332)
    assert after == state == RateState(2_000_000, 3)


def test_a_full_bucket_is_whole_again_when_all_of_its_requests_have_passed() -> None:
    rate, state = Rate(1, 1_000, 2), None
    for reset in (1_000, 2_000):
        standing, state = rate_step(state, rate, 5_000)
        assert standing.reset_micros == reset
    refused, _ = rate_step(state, rate, 5_000)
    assert refused == Standing(admitted=False, remaining=0, reset_micros=2_000, wait_micros=1_000)


def test_the_arrival_time_is_taken_over_exactly_by_another_rate() -> None:
    """In integers, at any size, and rounded up."""
    now = 1_700_000_000_000_000
    known = RateState((now + 10_000_000) * 3 + 1, 3)
    standing, state = rate_step(known, Rate(7, 1_000_000, 100), now)
    assert state == RateState((now + 10_000_000) * 7 + 3 + 1_000_000, 7)
    assert standing.reset_micros == 10_000_000 + 142_858
