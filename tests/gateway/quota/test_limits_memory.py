"""The memory store against the arithmetic it must compute, and what it forgets."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.quota.limits_memory import SWEEP, TURN_MICROS, MemoryLimits
from policylang.embed import Charge, State, plan_model, step

RATE = plan_model.Rate(2, 1_000_000, 2)
QUOTA = plan_model.Quota(3, "anchored", 5_000_000, "")


def charge(key: str, amount: plan_model.Amount) -> Charge:
    return Charge(key, key.encode(), amount, "deny")


CHARGES = [charge("a-rate", RATE), charge("a-quota", QUOTA), charge("b-rate", RATE)]
asks = st.lists(
    st.tuples(st.sets(st.sampled_from(range(3)), min_size=1), st.sampled_from([0, 250_000, 5_000_000, 120_000_000])),
    max_size=40,
)


@given(asks)
def test_equals_the_model_with_sweeps_between(script: list[tuple[set[int], int]]) -> None:
    store, model, now = MemoryLimits(), dict[bytes, State](), 10**15
    for wanted, gap in script:
        now += gap
        store.sweep(now)
        charges = [CHARGES[i] for i in sorted(wanted)]
        standings, after = step([c.amount for c in charges], [model.get(c.key) for c in charges], now)
        if after is not None:
            model.update({c.key: s for c, s in zip(charges, after, strict=True) if s is not None})
        assert store.step(charges, now, b"h") == standings


def test_counters_that_say_nothing_are_forgotten_a_few_at_a_time() -> None:
    store, now = MemoryLimits(), 10**15
    for i in range(SWEEP + 5):
        store.step([charge(f"user-{i}", RATE)], now, b"h")
    store.sweep(now + TURN_MICROS)
    assert len(store) == SWEEP + 5
    store.sweep(now + TURN_MICROS + 1)
    assert len(store) == 5
    store.sweep(now + TURN_MICROS + 2)
    assert len(store) == 0


def test_counters_that_still_count_are_kept() -> None:
    store, now = MemoryLimits(), 10**15
    day = plan_model.Quota(1, "anchored", 86_400_000_000, "")
    store.step([charge("u", day)], now, b"h")
    for minute in range(1, 9):
        store.sweep(now + minute * TURN_MICROS)
    assert not store.step([charge("u", day)], now + 9 * TURN_MICROS, b"h")[0].admitted


SLOTS = charge("u", plan_model.Concurrency(2, 60_000_000))


def test_slots_are_held_until_they_are_released() -> None:
    store, now = MemoryLimits(), 10**15
    assert [store.step([SLOTS], now, holder)[0].admitted for holder in (b"1", b"2", b"3")] == [True, True, False]
    store.release([SLOTS], b"3")
    assert not store.step([SLOTS], now, b"3")[0].admitted
    store.release([SLOTS], b"1")
    store.release([SLOTS], b"1")
    assert [store.step([SLOTS], now, holder)[0].admitted for holder in (b"3", b"4")] == [True, False]


def test_a_slot_that_nobody_releases_ends_at_its_deadline() -> None:
    store, now = MemoryLimits(), 10**15
    for holder in (b"1", b"2"):
        store.step([SLOTS], now, holder)
    assert not store.step([SLOTS], now + 59_999_999, b"3")[0].admitted
    assert store.step([SLOTS], now + 60_000_000, b"3")[0].remaining == 1


def test_a_refused_step_takes_no_slot() -> None:
    store, now = MemoryLimits(), 10**15
    spent = charge("q", plan_model.Quota(1, "day", 0, "UTC"))
    store.step([spent], now, b"1")
    for _ in range(3):
        refused = store.step([SLOTS, spent], now, b"2")
        assert [one.admitted for one in refused] == [True, False]
        assert refused[0].remaining == 2
    assert len(store) == 1


def test_slots_are_released_in_either_generation_and_leave_nothing() -> None:
    store, now = MemoryLimits(), 10**15
    store.step([SLOTS], now, b"1")
    store.sweep(now + TURN_MICROS)
    store.release([SLOTS], b"1")
    assert len(store) == 0


def test_releasing_what_a_reload_made_a_quota_changes_nothing() -> None:
    store, now = MemoryLimits(), 10**15
    store.step([charge("u", QUOTA)], now, b"1")
    store.release([SLOTS], b"1")
    assert store.step([charge("u", QUOTA)], now, b"2")[0].remaining == 1
