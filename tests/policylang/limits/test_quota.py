"""Quotas: exactly so many in each window, windows that open on use, clocks that go back."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.limits.quota import QuotaState, quota_idle, quota_step
from policylang.limits.standing import Standing
from policylang.plan.model import Quota

DAY = 86_400_000_000
daily = Quota(count=3, window="day", micros=0, zone="UTC")
anchored = Quota(count=2, window="anchored", micros=1_000, zone="")


def spend(quota: Quota, instants: list[int]) -> tuple[list[bool], QuotaState | None]:
    state: QuotaState | None = None
    said = []
    for now in instants:
        standing, new = quota_step(state, quota, now)
        said.append(standing.admitted)
        state = new
    return said, state


def test_a_calendar_window_admits_its_count_and_the_next_starts_anew() -> None:
    said, _ = spend(daily, [0, 1, DAY - 2, DAY - 1, DAY, DAY + 1, DAY + 2, DAY + 3])
    assert said == [True, True, True, False, True, True, True, False]


def test_an_anchored_window_opens_on_the_first_use_after_the_last_closed() -> None:
    said, state = spend(anchored, [500, 700, 1_499, 1_500, 9_000])
    assert said == [True, True, False, True, True]
    assert state == QuotaState(9_000, 10_000, 1)


def test_the_standing_tells_what_is_left_and_when_it_ends() -> None:
    standing, state = quota_step(None, daily, 10)
    assert (standing.remaining, standing.reset_micros, standing.wait_micros) == (2, DAY - 10, 0)
    full = QuotaState(0, DAY, 3)
    refused, kept = quota_step(full, daily, 10)
    assert (refused.admitted, refused.remaining, refused.wait_micros) == (False, 0, DAY - 10)
    assert kept == full
    assert state == QuotaState(0, DAY, 1)


@given(st.integers(0, 3 * DAY), st.sampled_from([daily, anchored]))
def test_a_clock_going_back_adds_nothing(back: int, quota: Quota) -> None:
    now = 3 * DAY
    state: QuotaState | None = None
    while (asked := quota_step(state, quota, now))[0].admitted:
        state = asked[1]
    assert not quota_step(state, quota, now - back)[0].admitted


def test_a_lowered_count_refuses_until_the_window_ends() -> None:
    lowered = Quota(count=1, window="day", micros=0, zone="UTC")
    assert not quota_step(QuotaState(0, DAY, 2), lowered, 5)[0].admitted
    assert quota_step(QuotaState(0, DAY, 2), lowered, DAY)[0].admitted


def test_an_unlimited_quota_is_never_asked() -> None:
    with pytest.raises(ValueError, match="unlimited"):
        quota_step(None, Quota(None, None, 0, ""), 0)


def test_idle_when_the_window_is_over() -> None:
    assert not quota_idle(QuotaState(0, DAY, 1), DAY - 1)
    assert quota_idle(QuotaState(0, DAY, 1), DAY)


def test_what_is_left_goes_down_by_one_each_time() -> None:
    """And a refusal tells when the window ends, as its reset and as its wait."""
    state: QuotaState | None = None
    for left in (2, 1, 0):
        standing, state = quota_step(state, daily, DAY - 7)
        assert standing == Standing(admitted=True, remaining=left, reset_micros=7, wait_micros=0)
    refused, _ = quota_step(state, daily, DAY - 7)
    assert refused == Standing(admitted=False, remaining=0, reset_micros=7, wait_micros=7)


@pytest.mark.parametrize(("period", "start", "end"), [("week", 4 * DAY, 11 * DAY), ("month", 0, 31 * DAY)])
def test_a_window_is_as_long_as_its_quota_says(period: Literal["week", "month"], start: int, end: int) -> None:
    _, state = quota_step(None, Quota(count=3, window=period, micros=0, zone="UTC"), 5 * DAY)
    assert state == QuotaState(start, end, 1)


def test_who_asks_an_unlimited_quota_is_told_so() -> None:
    with pytest.raises(ValueError, match=r"^an unlimited quota is not charged$"):
        quota_step(None, Quota(None, None, 0, ""), 0)
