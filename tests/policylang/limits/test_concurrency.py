"""Slots: never more than the count at once, never longer than the hold, given back by whoever holds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.limits.concurrency import ConcurrencyState, concurrency_idle, concurrency_step, released
from policylang.limits.standing import Standing
from policylang.plan.model import Concurrency

TWO = Concurrency(2, 100)


def held(*slots: tuple[int, bytes]) -> ConcurrencyState:
    return ConcurrencyState(slots)


def test_up_to_the_count_and_no_further() -> None:
    standing, one = concurrency_step(None, TWO, 5, b"a")
    assert (standing, one) == (Standing(True, 1, 0, 0), held((105, b"a")))
    standing, two = concurrency_step(one, TWO, 6, b"b")
    assert (standing, two) == (Standing(True, 0, 0, 0), held((105, b"a"), (106, b"b")))
    standing, same = concurrency_step(two, TWO, 7, b"c")
    assert (standing, same) == (Standing(False, 0, 0, 98), two)


def test_a_slot_is_free_at_its_deadline() -> None:
    full = held((105, b"a"), (106, b"b"))
    assert not concurrency_step(full, TWO, 104, b"c")[0].admitted
    assert concurrency_step(full, TWO, 105, b"c") == (Standing(True, 0, 0, 0), held((106, b"b"), (205, b"c")))


def test_a_holder_that_asks_again_has_one_slot() -> None:
    full = held((105, b"a"), (106, b"b"))
    assert concurrency_step(full, TWO, 10, b"a") == (Standing(True, 0, 0, 0), held((106, b"b"), (110, b"a")))


def test_the_wait_is_a_second_where_no_deadline_is_nearer() -> None:
    assert concurrency_step(held((10**9, b"a")), Concurrency(1, 1), 0, b"b")[0].wait_micros == 1_000_000


def test_a_count_that_a_reload_lowered_refuses_until_enough_is_given_back() -> None:
    state = held((9, b"a"), (9, b"b"), (9, b"c"))
    for holder in (b"a", b"b"):
        assert not concurrency_step(state, TWO, 0, b"d")[0].admitted
        state = released(state, holder) or held()
    assert concurrency_step(state, TWO, 0, b"d")[0].admitted


def test_a_clock_that_goes_back_frees_nothing() -> None:
    assert not concurrency_step(held((105, b"a"), (106, b"b")), TWO, -1_000, b"c")[0].admitted


def test_giving_back() -> None:
    assert released(held((5, b"a"), (6, b"b")), b"a") == held((6, b"b"))
    assert released(held((5, b"a")), b"b") == held((5, b"a"))
    assert released(held((5, b"a")), b"a") is None
    assert released(held(), b"a") is None


def test_without_a_holder_nothing_is_held() -> None:
    with pytest.raises(ValueError, match="in a name"):
        concurrency_step(None, TWO, 0, b"")


def test_idle_when_every_deadline_is_over() -> None:
    assert concurrency_idle(held(), 0)
    assert concurrency_idle(held((5, b"a"), (6, b"b")), 6)
    assert not concurrency_idle(held((5, b"a"), (6, b"b")), 5)


acts = st.lists(st.tuples(st.sampled_from(["take", "give"]), st.integers(0, 6), st.integers(0, 60)), max_size=40)


@given(acts, st.integers(1, 3))
def test_at_no_instant_more_than_the_count_within_their_hold(acts: list[tuple[str, int, int]], count: int) -> None:
    limit, state, now = Concurrency(count, 100), None, 0
    taken: dict[bytes, int] = {}
    for act, who, gap in acts:
        now += gap
        holder = b"%d" % who
        if act == "give":
            taken.pop(holder, None)
            state = None if state is None else released(state, holder)
            continue
        standing, after = concurrency_step(state, limit, now, holder)
        if standing.admitted:
            state = after
            taken[holder] = now
        others = [one for one, since in taken.items() if now < since + 100 and one != holder]
        assert standing.admitted == (len(others) < count)
        assert sum(now < since + 100 for since in taken.values()) <= count
