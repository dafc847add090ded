"""Amounts as numbers that scripts can hold exactly, and what they are read back as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.ports import OUTAGE
from gateway.quota.counters_redis import (
    EXACT,
    counter_of,
    fields_of,
    read_state,
    refund_of,
    standing_of,
    written_state,
)
from policylang.embed import Charge, QuotaState, RateState, Standing, calendar_window, plan_model

NOW = 1_800_000_000_123_456
DAY = 86_400_000_000
CENTURY = 36_525 * DAY


def charge(amount: plan_model.Amount, name: bytes = b"limit", value: bytes = b"i0123456789abcdef") -> Charge:
    return Charge(name.decode(), len(name).to_bytes(4, "big") + name + value, amount, "deny")


@given(st.integers(1, 10**9), st.integers(1_000, 366 * DAY), st.integers(1, 10**9))
def test_a_rate_is_exact_or_not_counted(count: int, per: int, burst: int) -> None:
    kind, fields = fields_of(charge(plan_model.Rate(count, per, burst)), NOW)
    numbers = [int(field) for field in fields]
    if kind == b"x":
        assert burst * per > CENTURY * count, "only a burst that takes more than a century to come back"
    else:
        assert numbers[0] == count
        assert numbers[1] * count + numbers[2] == per
        assert numbers[3] * count + numbers[4] == burst * per
        assert max(numbers) <= EXACT
        assert NOW + numbers[1] + numbers[3] < 2**53


@pytest.mark.parametrize(
    "amount",
    [
        plan_model.Rate(2**38, 1_000, 1),
        plan_model.Rate(1, EXACT + 1, 1),
        plan_model.Quota(EXACT + 1, "anchored", 1, ""),
        plan_model.Quota(EXACT + 1, "day", 0, "UTC"),
        plan_model.Quota(1, "anchored", EXACT + 1, ""),
        plan_model.Concurrency(EXACT + 1, 1),
        plan_model.Concurrency(1, EXACT + 1),
    ],
)
def test_amounts_beyond_the_language_are_not_counted(amount: plan_model.Amount) -> None:
    assert fields_of(charge(amount), NOW)[0] == b"x"


@pytest.mark.parametrize(
    ("period", "zone"), [("day", "Europe/Berlin"), ("week", "UTC"), ("month", "America/Sao_Paulo")]
)
def test_calendar_windows_meet(period: str, zone: str) -> None:
    quota = plan_model.Quota(5, period, 0, zone)  # type: ignore[arg-type]
    for now in (NOW, NOW + 400 * DAY, NOW):
        kind, fields = fields_of(charge(quota), now)
        count, anchored, *bounds = (int(field) for field in fields)
        assert (kind, count, anchored) == (b"q", 5, 0)
        start, end = calendar_window(period, zone, now)  # type: ignore[arg-type]
        assert bounds[1:3] == [start, end]
        assert calendar_window(period, zone, start - 1) == (bounds[0], start)  # type: ignore[arg-type]
        assert calendar_window(period, zone, end) == (end, bounds[3])  # type: ignore[arg-type]


def test_where_a_charge_is_counted() -> None:
    rate, slots = plan_model.Rate(1, 1_000_000, 1), plan_model.Concurrency(1, 1)
    first, second = counter_of(charge(rate), "ns", b"k"), counter_of(charge(rate, b"other"), "ns", b"k")
    assert first.shard == second.shard, "all limits of an identity are together"
    assert first.key != second.key
    assert first.key.startswith(b"ns:{%d}:l:" % first.shard)
    assert counter_of(charge(slots), "ns", b"k").key.startswith(b"ns:{%d}:c:" % first.shard)
    assert counter_of(charge(rate), "ns", b"another").key != first.key, "who has not the key cannot guess"
    values = (b"i" + bytes(16), b"tacme", b"n7", b"b1", b"rorders")
    assert [counter_of(charge(rate, value=value), "ns", b"k").breadth for value in values] == [0, 1, 1, 1, 2]


@given(st.integers(0, 2**53), st.integers(1, 10**9), st.data())
def test_states_come_back(whole: int, scale: int, data: st.DataObject) -> None:
    rate = RateState(whole * scale + data.draw(st.integers(0, scale - 1)), scale)
    quota = QuotaState(whole, whole + scale, scale)
    for state in (rate, quota, None):
        assert read_state(written_state(state)) == state


def test_standings_of_slots() -> None:
    slots = charge(plan_model.Concurrency(2, 60_000_000))
    assert standing_of(slots, b"0 0", NOW) == Standing(True, 1, 0, 0)
    assert standing_of(slots, b"1 %d" % (NOW + 5), NOW) == Standing(True, 0, 0, 0)
    assert standing_of(slots, b"2 %d" % (NOW + 5), NOW) == Standing(False, 0, 0, 5)
    assert standing_of(slots, b"3 %d" % (NOW + 5_000_000), NOW) == Standing(False, 0, 0, 1_000_000)
    assert standing_of(slots, b"?", NOW) is OUTAGE


def test_what_a_refund_is_told() -> None:
    assert refund_of(charge(plan_model.Concurrency(2, 1)), b"0 0", NOW) == (b"c", b"", b"", b"")
    rate = refund_of(charge(plan_model.Rate(3, 1_000_000, 2)), b"", NOW)
    assert rate == (b"r", b"", b"r %d 1 3" % (NOW + 333_333), b"")
    quota = refund_of(charge(plan_model.Quota(3, "anchored", 10, "")), b"q 1 2 3", NOW)
    assert quota == (b"q", b"q 1 2 3", b"q %d %d 1" % (NOW, NOW + 10), b"%d %d" % (NOW, NOW + 10))
