"""The memory store against the arithmetic it must compute, and what it forgets."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.quota.limits_memory import SWEEP, TURN_MICROS, MemoryLimits
from policylang.embed import Charge, State, plan_model, step

RATE = plan_model.Rate(2, 1_000_000, 2)
QUOTA = plan_model.Quota(3, "anchored", 5_000_000, "")


def charge(key: str, amount: plan_model.Rate | plan_model.Quota) -> Charge:
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
        assert store.step(charges, now) == standings


def test_counters_that_say_nothing_are_forgotten_a_few_at_a_time() -> None:
    store, now = MemoryLimits(), 10**15
    for i in range(SWEEP + 5):
        store.step([charge(f"user-{i}", RATE)], now)
    store.sweep(now + TURN_MICROS)
    assert len(store) == SWEEP + 5
    store.sweep(now + TURN_MICROS + 1)
    assert len(store) == 5
    store.sweep(now + TURN_MICROS + 2)
    assert len(store) == 0


def test_counters_that_still_count_are_kept() -> None:
    store, now = MemoryLimits(), 10**15
    day = plan_model.Quota(1, "anchored", 86_400_000_000, "")
    store.step([charge("u", day)], now)
    for minute in range(1, 9):
        store.sweep(now + minute * TURN_MICROS)
    assert not store.step([charge("u", day)], now + 9 * TURN_MICROS)[0].admitted
