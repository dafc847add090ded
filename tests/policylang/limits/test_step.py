"""Of several limits all are charged or none is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.limits.quota import QuotaState
from policylang.limits.rate import RateState
from policylang.limits.step import State, idle, step
from policylang.plan.model import Quota, Rate

amounts = st.lists(
    st.one_of(
        st.builds(Rate, count=st.integers(1, 5), per_micros=st.just(1_000_000), burst=st.integers(1, 4)),
        st.builds(Quota, count=st.integers(1, 4), window=st.just("day"), micros=st.just(0), zone=st.just("UTC")),
        st.builds(
            Quota, count=st.integers(1, 4), window=st.just("anchored"), micros=st.just(500_000), zone=st.just("")
        ),
    ),
    max_size=4,
)


@given(amounts, st.lists(st.sampled_from([0, 1, 200_000, 1_000_000]), max_size=30))
def test_all_or_none(limits: list[Rate | Quota], gaps: list[int]) -> None:
    now = 10**15
    states: list[State | None] = [None] * len(limits)
    for gap in gaps:
        now += gap
        alone = [step([a], [s], now)[0][0] for a, s in zip(limits, states, strict=True)]
        standings, after = step(limits, states, now)
        assert [s.admitted for s in standings] == [s.admitted for s in alone]
        whole = all(s.admitted for s in alone)
        assert [s.remaining for s in standings] == [s.remaining + (s.admitted and not whole) for s in alone]
        assert (after is not None) == all(s.admitted for s in alone)
        if after is not None:
            assert all(before != new for before, new in zip(states, after, strict=True))
            states = after


def test_a_state_of_the_other_kind_counts_as_none() -> None:
    rate, quota = Rate(1, 1_000_000, 1), Quota(1, "anchored", 10, "")
    standings, _ = step([rate, quota], [QuotaState(0, 10, 1), RateState(10**9, 1)], 0)
    assert [s.admitted for s in standings] == [True, True]


def test_idle_is_asked_of_either_kind() -> None:
    assert idle(RateState(10, 1), 10)
    assert not idle(QuotaState(0, 11, 1), 10)


def test_in_a_refused_step_what_would_have_passed_is_still_there_and_what_refuses_has_nothing() -> None:
    open_, spent = Rate(1, 1_000_000, 3), Quota(1, "anchored", 10, "")
    standings, after = step([open_, spent], [None, QuotaState(0, 10, 1)], 5)
    assert after is None
    assert [(s.admitted, s.remaining) for s in standings] == [(True, 3), (False, 0)]


def test_every_limit_has_its_state() -> None:
    with pytest.raises(ValueError, match="zip"):
        step([Rate(1, 1_000_000, 1)], [None, None], 0)
