"""Leases in memory: the units of a block are the counter's, and go back into the window they are of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.quota.lease import Taken
from gateway.quota.lease_memory import MemoryLeases
from policylang.embed import plan_model
from tests.strategies.charges import charge

NOW = 1_700_000_000_000_000
LIMIT = charge("a", plan_model.Quota(100, "anchored", 1_000_000, "", 20))


@given(st.lists(st.integers(1, 30), max_size=60))
def test_blocks_and_steps_share_one_counter(asked: list[int]) -> None:
    store, used = MemoryLeases(), 0
    for units in asked:
        if units % 3:
            used += store.take(LIMIT, units, NOW).granted
        else:
            used += store.step([LIMIT], NOW, b"h")[0].admitted
        assert used <= 100
    left = 0
    while store.step([LIMIT], NOW, b"h")[0].admitted:
        left += 1
    assert used + left == 100


def test_a_spent_limit_grants_nothing_until_its_window_ends() -> None:
    store = MemoryLeases()
    while store.take(LIMIT, 20, NOW).granted:
        pass
    assert store.take(LIMIT, 20, NOW + 400_000) == Taken(0, NOW + 1_000_000, 600_000)
    assert store.take(LIMIT, 20, NOW + 1_000_000) == Taken(20, NOW + 2_000_000, 1_000_000)


def test_units_go_back_into_their_own_window_alone() -> None:
    store = MemoryLeases()
    first = store.take(LIMIT, 20, NOW)
    store.give_back(LIMIT, 5, first.end)
    assert store.step([LIMIT], NOW, b"h")[0].remaining == 100 - 15 - 1
    store.step([LIMIT], NOW + 1_000_000, b"h")
    store.give_back(LIMIT, 5, first.end)
    assert store.step([LIMIT], NOW + 1_000_000, b"h")[0].remaining == 98


def test_only_a_quota_has_leases() -> None:
    with pytest.raises(TypeError, match="only a quota"):
        MemoryLeases().take(charge("r", plan_model.Rate(1, 1, 1)), 2, NOW)
