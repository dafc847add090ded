"""Counters in memory: bounded in objects, exact when they wake, and never laid down while somebody may need the object."""

import gc

import pytest

from gateway.quota.kept import AT_ONCE, Kept, pack, unpack
from gateway.quota.write_ahead import Counter
from policylang.embed import ConcurrencyState, QuotaState, RateState

NOW = 1_700_000_000_000_000


def quota(used: int) -> Counter:
    return Counter(QuotaState(NOW, NOW + 86_400_000_000, used), QuotaState(NOW, NOW + 86_400_000_000, used + 50))


def filled(count: int, max_awake: int) -> Kept:
    kept = Kept(max_awake)
    for number in range(count):
        kept.trim(NOW)
        kept.put(b"user-%d" % number, quota(number))
    return kept


def test_few_are_objects_and_each_is_found_as_it_was() -> None:
    kept = filled(1_000, 10)
    assert (len(kept), len(kept.awake)) == (1_000, 11)
    for number in range(1_000):
        kept.trim(NOW)
        counter = kept.find(b"user-%d" % number)
        assert counter is not None
        assert (counter.state, counter.promised) == (quota(number).state, quota(number).promised)
        assert len(kept.awake) <= 11
    assert (len(kept), kept.find(b"nobody")) == (1_000, None)


def test_what_sleeps_is_nothing_to_the_collector() -> None:
    gc.collect()
    before = len(gc.get_objects())
    kept = filled(5_000, 10)
    gc.collect()
    assert len(gc.get_objects()) - before < 1_500  # the drawers' dictionaries and eleven counters
    assert len(kept) == 5_000


def test_a_counter_that_a_batch_may_undo_stays_an_object() -> None:
    kept = Kept(0)
    waits, other = quota(1), quota(2)
    waits.waiting = 1
    kept.put(b"waits", waits)
    kept.put(b"other", other)
    kept.trim(NOW)
    assert kept.turn()
    kept.wane(10, NOW)
    assert kept.find(b"waits") is waits
    assert kept.find(b"other") is not other


def test_slots_that_are_held_stay_and_those_that_are_over_leave() -> None:
    kept = Kept(0)
    held = Counter(ConcurrencyState(((NOW + 1_000, b"h"),)))
    kept.put(b"held", held)
    kept.trim(NOW)
    assert kept.find(b"held") is held
    kept.trim(NOW + 2_000)
    assert (kept.find(b"held"), len(kept)) == (None, 0)


def test_a_counter_is_going_a_turn_after_it_was_last_looked_for() -> None:
    kept = filled(100, 10)
    assert kept.turn()
    assert not kept.turn(), "some are still to be laid down"
    assert kept.find(b"user-3") is not None
    assert kept.find(b"user-99") is not None
    kept.wane(100, NOW)
    assert kept.turn()
    kept.wane(100, NOW)
    going = [key for key, _ in kept.leaving(60)]
    assert not kept.turn(), "some are still to leave"
    going += [key for key, _ in kept.leaving(60)]
    assert sorted(going) == sorted(b"user-%d" % number for number in range(99) if number != 3)
    assert {key for key, _ in kept.items()} == {b"user-3", b"user-99"}


def test_a_step_lays_down_no_more_than_its_share() -> None:
    kept = Kept(0)
    for number in range(200):
        kept.put(b"%d" % number, quota(number))
    kept.trim(NOW)
    assert len(kept.awake) == 200 - AT_ONCE
    assert {key: counter.state for key, counter in kept.items()} == {b"%d" % n: quota(n).state for n in range(200)}


def test_packing_keeps_what_the_file_knows_apart_from_what_it_does_not() -> None:
    for counter in (Counter(None), Counter(None, RateState(7, 3)), Counter(RateState(1 << 80, 1), None)):
        again = unpack(pack(counter))
        assert (again.state, again.promised, again.waiting) == (counter.state, counter.promised, 0)
        assert type(again.state) is type(counter.state)
    with pytest.raises(TypeError, match="slots"):
        pack(Counter(ConcurrencyState(((NOW, b"h"),))))
