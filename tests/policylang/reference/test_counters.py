from datetime import UTC, datetime

import pytest

from policylang.check.model import Concurrency, Limit, Policy, Quota, Rate, Ref
from policylang.reference.counters import Charge, Counters, calendar_window, charges
from policylang.reference.encode import parts
from policylang.reference.values import FAULT, Facts
from policylang.runtime.decision import ChargeRecord
from policylang.simulate import counters as simulate
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Slug
from tests.strategies.checked import module

FACTS = Facts(0, "corp", {"tenant": "acme"}, FAULT, {}, {}, "127.0.0.1", "::1")
SECOND = 1_000_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


def one(amount: Rate | Quota | Concurrency, key: str = "00") -> Charge:
    return ChargeRecord("l", key, ()), amount


def admitted(counters: Counters, charge: Charge, times: list[int]) -> list[bool]:
    return [counters.step([charge], now) == [] for now in times]


def test_a_rate_admits_its_burst_and_then_smoothly() -> None:
    third = one(Rate(3, SECOND, 2))
    assert admitted(Counters(), third, [0, 0, 0, 333_333, 333_334, 333_334, 666_666, 666_667]) == [
        True, True, False, False, True, False, False, True
    ]  # fmt: skip


def test_a_clock_going_back_adds_nothing() -> None:
    counters = Counters()
    assert admitted(counters, one(Rate(1, SECOND, 1)), [10 * SECOND, 0, 9 * SECOND, 11 * SECOND]) == [
        True,
        False,
        False,
        True,
    ]
    daily = one(Quota(1, "day", None), "01")
    assert admitted(counters, daily, [at("2026-01-02"), at("2026-01-01"), at("2026-01-02T23:59:59"),
    at("2026-01-03")]) == [
        True, False, False, True
    ]  # fmt: skip


def test_slots_that_are_put_are_held_until_their_end_and_requests_hold_none() -> None:
    slots = Concurrency(2, 10)
    record = ChargeRecord("l", "00", ("concurrent", 2, 10))
    counters = Counters()
    assert admitted(counters, (record, slots), [0, 0, 0]) == [True, True, True]
    counters.put(record, 1, 5)
    assert (counters.left(record, 5), admitted(counters, (record, slots), [5, 6])) == (1, [True, True])
    counters.put(record, 2, 5)
    assert [counters.left(record, now) for now in (5, 14, 15)] == [0, 0, 2]
    assert admitted(counters, (record, slots), [14, 15]) == [False, True]


def test_an_anchored_window_opens_on_first_use() -> None:
    assert admitted(Counters(), one(Quota(2, 10, None)), [5, 14, 14, 15, 40, 49, 49, 50]) == [
        True, True, False, True, True, True, False, True
    ]  # fmt: skip
    assert admitted(Counters(), one(Quota(1, 10, None)), [20, 5, 29, 30]) == [True, False, False, True]


@pytest.mark.parametrize(
    ("period", "zone", "instant", "window"),
    [
        ("day", None, "2026-03-01T23:59:59", (2026, 3, 1)),
        ("day", "Europe/Berlin", "2026-03-01T23:00:00", (2026, 3, 2)),
        ("week", None, "2027-01-03T12:00:00", (2026, 53)),
        ("week", None, "2027-01-04T00:00:00", (2027, 1)),
        ("month", "America/New_York", "2026-03-01T04:59:59", (2026, 2)),
    ],
)
def test_calendar_windows_are_local(period: object, zone: str | None, instant: str, window: tuple[int, ...]) -> None:
    assert calendar_window(Quota(1, period, zone), at(instant)) == window  # type: ignore[arg-type]


def test_all_are_charged_or_none() -> None:
    counters = Counters()
    roomy, tight = one(Quota(2, "day", None), "aa"), one(Quota(1, "day", None), "bb")
    assert counters.step([roomy, tight], 0) == []
    assert counters.step([roomy, tight], 0) == [tight[0]]
    assert counters.step([roomy], 0) == []
    assert counters.step([roomy, tight], 0) == [roomy[0], tight[0]]


def test_what_is_charged_and_under_which_key() -> None:
    policies = (
        Policy("p", Rate(1, SECOND, 1), None, frozenset(), NOWHERE),
        Policy("q", None, Quota(5, "day", "Europe/Berlin"), frozenset(), NOWHERE),
    )
    tenant = Ref(NOWHERE, Slug(), "claims", "tenant", False)
    limits = (
        Limit("z", ("r",), "route", Quota(9, 30 * SECOND, None), "deny", NOWHERE),
        Limit("a", ("r",), tenant, Rate(2, SECOND, 3), "deny", NOWHERE),
        Limit("b", ("other",), "route", Rate(2, SECOND, 3), "deny", NOWHERE),
        Limit("c", ("r",), "identity", Quota(None, None, None), "deny", NOWHERE),
    )
    asked = charges(module(limits=limits), "r", policies, b"\1\2", FACTS)
    assert [record for record, _ in asked] == [
        ChargeRecord("policy:p:rate", parts(b"policy:p:rate", b"i\1\2").hex(), ("rate", 1, SECOND, 1)),
        ChargeRecord(
            "policy:q:quota", parts(b"policy:q:quota", b"i\1\2").hex(), ("quota", 5, "day", 0, "Europe/Berlin")
        ),
        ChargeRecord("a", parts(b"a", b"tacme").hex(), ("rate", 2, SECOND, 3)),
        ChargeRecord("z", parts(b"z", b"rr").hex(), ("quota", 9, "anchored", 30 * SECOND, "")),
    ]


def test_an_unlimited_quota_charges_nothing_even_merged() -> None:
    policies = (
        Policy("p", None, Quota(5, "day", None), frozenset(), NOWHERE),
        Policy("q", None, Quota(None, None, None), frozenset(), NOWHERE),
    )
    assert charges(module(), "r", policies, b"", FACTS) == []


RATE = ("rate", 3, SECOND, 4)
DAILY = ("quota", 10, "day", 0, "UTC")
ANCHORED = ("quota", 10, "anchored", 5 * SECOND, "")


@pytest.mark.parametrize(
    ("amount", "used", "later", "left"),
    [
        (RATE, 0, 0, 4),
        (RATE, 4, 0, 0),
        (RATE, 4, 333_333, 0),
        (RATE, 4, 333_334, 1),
        (RATE, 4, 10 * SECOND, 4),
        (DAILY, 4, 0, 6),
        (DAILY, 10, 86_399 * SECOND, 0),
        (DAILY, 10, 86_400 * SECOND, 10),
        (ANCHORED, 10, 5 * SECOND - 1, 0),
        (ANCHORED, 10, 5 * SECOND, 10),
    ],
)
def test_a_counter_stands_where_it_is_put_and_goes_on_from_there(
    amount: tuple[object, ...], used: int, later: int, left: int
) -> None:
    counters, record = Counters(), ChargeRecord("l", "00", amount)
    counters.put(record, used, at("2026-01-01"))
    assert counters.left(record, at("2026-01-01") + later) == left


@pytest.mark.parametrize("amount", [RATE, DAILY, ANCHORED])
def test_what_is_left_is_what_is_admitted_and_what_the_compiled_plans_counters_say(amount: tuple[object, ...]) -> None:
    ours, theirs, record = Counters(), simulate.Counters(), ChargeRecord("l", "00", amount)
    now = at("2026-03-04T05:06:07")
    for used in range(4):
        ours.put(record, used, now)
        theirs.put(record, used, now)
        for later in (0, 1, 333_333, 333_334, SECOND, 5 * SECOND, 86_400 * SECOND):
            assert ours.left(record, now + later) == theirs.left(record, now + later)
