import pytest

from gateway.authn import key_set
from gateway.authn.key_set import EMPTY, HOUR, MINUTE, SECOND, KeySetState, KeyTiming
from gateway.authn.keys import make_key, make_key_set
from tests.strategies.tokens import NOW, ec_key

TIMING = KeyTiming()
OLD = make_key_set([make_key("old", ec_key().public_key())], 0)
NEW = make_key_set([make_key("new", ec_key(1).public_key())], 0)


def fetched(max_age: int | None = None, state: KeySetState = EMPTY, now: int = NOW) -> KeySetState:
    return key_set.fetched(key_set.tick(state, now), OLD, max_age, now, TIMING)


def test_an_empty_set_fetches_at_once_and_only_once() -> None:
    first = key_set.tick(EMPTY, NOW)
    assert key_set.phase(EMPTY, NOW) == "empty"
    assert first.fetching
    assert key_set.tick(first, NOW + HOUR) is first
    assert key_set.unknown_kid(first, NOW, TIMING) is first


def test_fetched_keys_are_fresh_for_the_stated_time_and_refreshed_ahead() -> None:
    state = fetched(10 * MINUTE)
    assert key_set.phase(state, NOW) == "fresh"
    assert key_set.usable(state, NOW) is OLD
    assert not state.fetching
    assert not key_set.tick(state, NOW + 8 * MINUTE - 1).fetching
    assert key_set.tick(state, NOW + 8 * MINUTE).fetching


@pytest.mark.parametrize(
    ("stated", "fresh"),
    [
        (None, 15 * MINUTE),
        (0, MINUTE),
        (59 * SECOND, MINUTE),
        (61 * SECOND, 61 * SECOND),
        (24 * HOUR, 24 * HOUR),
        (10**18, 24 * HOUR),
    ],
)
def test_the_stated_time_is_bounded(stated: int | None, fresh: int) -> None:
    assert fetched(stated).fresh_until == NOW + fresh


def test_stale_keys_are_used_for_a_while_and_then_not() -> None:
    state = fetched(MINUTE)
    late = NOW + MINUTE
    assert key_set.phase(state, late - 1) == "fresh"
    assert key_set.phase(state, late) == "stale"
    assert key_set.usable(state, late + HOUR - 1) is OLD
    assert key_set.usable(state, late + HOUR) is None


def test_keys_that_are_too_stale_are_dropped_and_that_is_a_change() -> None:
    state = fetched(MINUTE)
    later = key_set.tick(state, NOW + MINUTE + HOUR)
    assert later.keys is None
    assert later.changes == state.changes + 1
    assert later.fetching
    assert key_set.phase(key_set.failed(later, NOW + MINUTE + HOUR, TIMING), NOW + MINUTE + HOUR) == "failed"


def test_failures_wait_longer_up_to_the_cool_down() -> None:
    state, delays = EMPTY, []
    for _ in range(8):
        state = key_set.tick(state, state.refresh_at)
        assert state.fetching
        before = state.refresh_at
        state = key_set.failed(state, before, TIMING)
        delays.append((state.refresh_at - before) // SECOND)
        assert not key_set.tick(state, state.refresh_at - 1).fetching
    assert delays == [1, 2, 4, 8, 16, 30, 30, 30]
    assert state.failures == 8


def test_many_failures_do_not_grow_the_delay_past_all_bounds() -> None:
    assert key_set.failed(KeySetState(failures=10**6), NOW, TIMING).refresh_at == NOW + TIMING.cool_down


def test_a_failure_keeps_the_keys() -> None:
    state = key_set.failed(key_set.tick(fetched(MINUTE), NOW + 50 * SECOND), NOW + 50 * SECOND, TIMING)
    assert key_set.usable(state, NOW + 50 * SECOND) is OLD
    assert state.changes == 1
    assert key_set.phase(state, NOW + 50 * SECOND) == "fresh"


def test_a_fetch_replaces_and_never_merges() -> None:
    state = key_set.fetched(key_set.tick(fetched(), NOW + HOUR), NEW, None, NOW + HOUR, TIMING)
    keys = key_set.usable(state, NOW + HOUR)
    assert keys is NEW
    assert state.changes == 2
    assert state.failures == 0


def test_the_same_keys_again_are_no_change() -> None:
    state = fetched(state=fetched(), now=NOW + HOUR)
    assert state.changes == 1
    assert state.fresh_until == NOW + HOUR + 15 * MINUTE


def test_an_unknown_kid_fetches_once_in_a_cool_down() -> None:
    state = fetched()
    asked = key_set.unknown_kid(state, NOW, TIMING)
    assert asked.fetching
    again = key_set.fetched(asked, OLD, None, NOW, TIMING)
    assert not key_set.unknown_kid(again, NOW + TIMING.cool_down - 1, TIMING).fetching
    assert key_set.unknown_kid(again, NOW + TIMING.cool_down, TIMING).fetching


def test_a_failed_refetch_counts_for_the_cool_down_too() -> None:
    asked = key_set.failed(key_set.unknown_kid(fetched(), NOW, TIMING), NOW, TIMING)
    assert not key_set.unknown_kid(asked, NOW + TIMING.cool_down - 1, TIMING).fetching


def test_fixed_keys_are_never_fetched() -> None:
    state = key_set.fixed(OLD)
    for now in (0, NOW, NOW * 1000):
        assert key_set.phase(state, now) == "fresh"
        assert not key_set.tick(state, now).fetching
        assert not key_set.unknown_kid(state, now, TIMING).fetching
