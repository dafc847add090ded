"""Limits of several kinds at once, over one store: it counts as a model counts that forgets nothing and never rounds.

The model is slow and plain: for a rate the exact theoretical arrival time, for a quota the window and what was used in it.
It has no sweeps; sweeping must not be noticed, neither by a clock that goes back a little nor by a reload that gives a
counter another amount or makes a quota of a rate.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from gateway.quota.limits_memory import GRACE_MICROS, MemoryLimits
from policylang.embed import Charge, Standing, plan_model
from tests.strategies import pool
from tests.strategies.profile import examples, machine

Amount = plan_model.Amount

DAY = 86_400 * pool.SECOND
START = 1_774_746_000 * pool.SECOND
"""The hour before Berlin's clocks go forward."""

RATES: tuple[Amount, ...] = (
    plan_model.Rate(1, 1_000_000, 1),
    plan_model.Rate(3, 1_000_000, 2),
    plan_model.Rate(7, 1_000_003, 3),
    plan_model.Rate(1000, 60_000_000, 5),
)
QUOTAS: tuple[Amount, ...] = (
    plan_model.Quota(2, "day", 0, "Europe/Berlin"),
    plan_model.Quota(3, "week", 0, "UTC"),
    plan_model.Quota(1, "month", 0, "America/New_York"),
    plan_model.Quota(2, "anchored", 1_500_000, ""),
    plan_model.Quota(3, "anchored", 2 * DAY, ""),
)
SLOTS: tuple[Amount, ...] = (
    plan_model.Concurrency(1, 1_500_000),
    plan_model.Concurrency(2, 61_000_000),
    plan_model.Concurrency(3, 333_333),
)
COUNTED = st.sampled_from((*RATES, *QUOTAS))
AMOUNTS = st.sampled_from((*RATES, *QUOTAS, *SLOTS))
KEYS = ("a", "b", "c", "d")
SOME_KEYS = st.sampled_from([list(keys) for size in range(1, 4) for keys in combinations(KEYS, size)])
BACK = st.sampled_from((0, 1, 1_500_000, GRACE_MICROS, DAY))
AHEAD = st.sampled_from((1_500_000, 0, 20_000_000, 61_000_000, DAY))
SHORT = st.sampled_from((0, 1, 333_333, 999_999, 1_500_000, -1, -333_333, -GRACE_MICROS))
GAPS = st.sampled_from(
    (
        0,
        1,
        142_857,
        333_333,
        333_334,
        999_999,
        1_000_000,
        1_499_999,
        1_500_000,
        20_000_000,
        61_000_000,
        DAY // 2,
        3 * DAY,
    )
)


def charge(key: str, amount: Amount) -> Charge:
    return Charge(key, key.encode(), amount, "deny")


class Model:
    """Counters by key: an arrival, the end of a window and what was used in it, or the deadlines of holders."""

    def __init__(self) -> None:
        self.arrivals: dict[bytes, Fraction] = {}
        self.windows: dict[bytes, tuple[int, int]] = {}
        self.slots: dict[bytes, dict[bytes, int]] = {}

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing]:
        """The standing of each charge; charged if all admit."""
        asked = [self.ask(one, now, holder) for one in charges]
        if not all(standing.admitted for standing, _ in asked):
            return [one._replace(remaining=one.remaining + 1) if one.admitted else one for one, _ in asked]
        for one, (_, state) in zip(charges, asked, strict=True):
            # A counter that a reload gave another kind starts anew, and what the old kind had counted is gone.
            self.arrivals.pop(one.key, None)
            self.windows.pop(one.key, None)
            self.slots.pop(one.key, None)
            if isinstance(state, Fraction):
                self.arrivals[one.key] = state
            elif isinstance(state, dict):
                self.slots[one.key] = state
            else:
                self.windows[one.key] = state
        return [standing for standing, _ in asked]

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        for one in charges:
            self.slots.get(one.key, {}).pop(holder, None)

    def ask(
        self, one: Charge, now: int, holder: bytes
    ) -> tuple[Standing, Fraction | tuple[int, int] | dict[bytes, int]]:
        if isinstance(one.amount, plan_model.Rate):
            return self.rate(one.key, one.amount, now)
        if isinstance(one.amount, plan_model.Concurrency):
            return self.slot(one.key, one.amount, now, holder)
        return self.quota(one.key, one.amount, now)

    def slot(
        self, key: bytes, limit: plan_model.Concurrency, now: int, holder: bytes
    ) -> tuple[Standing, dict[bytes, int]]:
        others = {who: end for who, end in self.slots.get(key, {}).items() if end > now and who != holder}
        if len(others) < limit.count:
            return Standing(True, limit.count - len(others) - 1, 0, 0), {**others, holder: now + limit.hold_micros}
        return Standing(False, 0, 0, min(1_000_000, min(others.values()) - now)), others

    def rate(self, key: bytes, rate: plan_model.Rate, now: int) -> tuple[Standing, Fraction]:
        interval = Fraction(rate.per_micros, rate.count)
        # A reload that changes the rate may lose less than a tick of the new one, never gain any.
        known = Fraction(ceil(self.arrivals.get(key, Fraction(now)) * rate.count), rate.count)
        ahead = max(known, Fraction(now)) - now
        if ahead <= (rate.burst - 1) * interval:
            left = rate.burst - ahead / interval - 1
            return Standing(True, floor(left), ceil(ahead + interval), 0), now + ahead + interval
        return Standing(False, 0, ceil(ahead), ceil(ahead - (rate.burst - 1) * interval)), known

    def quota(self, key: bytes, quota: plan_model.Quota, now: int) -> tuple[Standing, tuple[int, int]]:
        assert quota.count is not None
        end, used = self.windows.get(key, (now, 0))
        if end <= now:
            end, used = closing(quota, now), 0
        if used < quota.count:
            return Standing(True, quota.count - used - 1, end - now, 0), (end, used + 1)
        return Standing(False, 0, end - now, end - now), (end, used)


def closing(quota: plan_model.Quota, now: int) -> int:
    """The end of the window that opens, or is open, at ``now``."""
    if quota.window == "anchored":
        return now + quota.micros
    zone = ZoneInfo(quota.zone)
    today = datetime.fromtimestamp(now // 1_000_000, UTC).astimezone(zone).date()
    following = today + timedelta(days=1)
    while period(quota, following) == period(quota, today):
        following += timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=zone)
    return int(midnight.timestamp()) * pool.SECOND


def period(quota: plan_model.Quota, day: date) -> tuple[int, ...]:
    """The window that a local date is in."""
    if quota.window == "month":
        return day.year, day.month
    return day.isocalendar()[:2] if quota.window == "week" else (day.toordinal(),)


class OneModel(RuleBasedStateMachine):
    """Steps over several counters, sweeps, a clock that jumps both ways, and reloads."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.model = MemoryLimits(), Model()
        self.now = self.latest = START
        self.amounts: dict[str, Amount] = dict(zip(KEYS, (RATES[1], *QUOTAS[:1], QUOTAS[3], SLOTS[1]), strict=True))
        self.asked = 0

    @rule(gap=SHORT, keys=SOME_KEYS, times=st.integers(1, 4))
    def ask(self, gap: int, keys: list[str], times: int) -> None:
        self.tick(gap)
        charges = [charge(key, self.amounts[key]) for key in keys]
        for _ in range(times):
            self.asked += 1
            holder = b"%d" % self.asked
            assert self.store.step(charges, self.now, holder) == self.model.step(charges, self.now, holder)

    @rule(keys=SOME_KEYS, back=st.integers(0, 3), times=st.integers(1, 2))
    def release(self, keys: list[str], back: int, times: int) -> None:
        """Of one that holds, of one that was refused, and twice."""
        charges = [charge(key, self.amounts[key]) for key in keys]
        for _ in range(times):
            for store in (self.store, self.model):
                store.release(charges, b"%d" % (self.asked - back))

    @rule(ahead=AHEAD, times=st.sampled_from((2, 1)), back=BACK, keys=SOME_KEYS)
    def sweep(self, ahead: int, times: int, back: int, keys: list[str]) -> None:
        """By a clock that may be ahead, as of a host that wakes up and is then told the right time."""
        self.tick(ahead)
        for _ in range(times):
            self.store.sweep(self.now)
        self.ask(-back, keys, 1)

    def tick(self, micros: int) -> None:
        self.now = max(self.now + micros, self.latest - GRACE_MICROS)
        self.latest = max(self.latest, self.now)

    @rule(key=st.sampled_from(KEYS), amount=AMOUNTS)
    def reload(self, key: str, amount: Amount) -> None:
        self.amounts[key] = amount


TestOneModel = OneModel.TestCase
TestOneModel.settings = machine(100, 30)


STEPS = st.lists(st.tuples(SOME_KEYS, GAPS, st.booleans()), max_size=40)


@given(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS), STEPS)
@examples(120)
def test_each_of_several_limits_holds_in_every_window(
    amounts: tuple[Amount, ...], steps: list[tuple[list[str], int, bool]]
) -> None:
    """An admitted request is charged once for each of its limits, a refused one for none: so each admits what it says."""
    store, now = MemoryLimits(), START
    limits = dict(zip(KEYS, amounts, strict=True))
    admitted: dict[str, list[int]] = defaultdict(list)
    for number, (keys, gap, swept) in enumerate(steps):
        now += gap
        if swept:
            store.sweep(now)
        standings = store.step([charge(key, limits[key]) for key in keys], now, b"%d" % number)
        if all(standing.admitted for standing in standings):
            for key in keys:
                admitted[key].append(now)
    for key, instants in admitted.items():
        assert_bounded(limits[key], instants)


def assert_bounded(amount: Amount, instants: list[int]) -> None:
    """The bounds that a limit promises, over every window that begins with an admission."""
    if isinstance(amount, plan_model.Rate):
        for first, start in enumerate(instants):
            for number, end in enumerate(instants[first:], 1):
                assert number <= amount.burst + amount.count * (end - start) // amount.per_micros
        return
    if isinstance(amount, plan_model.Concurrency):
        for start in instants:
            assert sum(start <= other < start + amount.hold_micros for other in instants) <= amount.count
        return
    assert amount.count is not None
    left, end = 0, instants[0]
    for instant in instants:
        if instant >= end:
            left, end = amount.count, closing(amount, instant)
        left -= 1
        assert left >= 0


@given(st.tuples(COUNTED, COUNTED), st.integers(0, 12), GAPS, st.integers(0, 2 * DAY))
@examples(120)
def test_neither_waiting_less_nor_setting_the_clock_back_refunds_anything(
    amounts: tuple[Amount, Amount], times: int, gap: int, back: int
) -> None:
    """Whatever is refused stays refused until the wait that was told is over, at every earlier instant too."""
    store, now = MemoryLimits(), START
    charges = [charge(key, amount) for key, amount in zip(KEYS, amounts, strict=False)]
    for number in range(times):
        store.step(charges[: 1 + number % 2], now, b"h")
    now += gap
    standings = store.step(charges, now, b"h")
    wait = max(standing.wait_micros for standing in standings)
    if wait:
        assert not all(one.admitted for one in store.step(charges, now + wait - 1, b"h"))
        assert not all(one.admitted for one in store.step(charges, now - back, b"h"))
        assert all(one.admitted for one in store.step(charges, now + wait, b"h"))


def test_a_swept_counter_is_there_when_the_clock_goes_back() -> None:
    store, spent = MemoryLimits(), [charge("a", plan_model.Quota(1, "anchored", 1_500_000, ""))]
    assert store.step(spent, START, b"h")[0].admitted
    store.sweep(START + 1_500_000)
    store.sweep(START + 1_500_000)
    assert not store.step(spent, START + 1_499_999, b"h")[0].admitted
