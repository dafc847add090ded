import pytest

from policylang.plan.model import Concurrency, Quota, Rate
from policylang.runtime.verdict import Charge
from policylang.simulate.counters import Counters
from policylang.simulate.record import charge_record

RATE = Charge("rate", b"r", Rate(1, 1_000_000, 2), "deny")
QUOTA = Charge("quota", b"q", Quota(3, "anchored", 10_000_000, "UTC"), "allow")
SLOTS = Charge("slots", b"s", Concurrency(2, 10_000_000), "deny")


def test_a_request_is_over_before_the_next_one() -> None:
    counters = Counters()
    assert [counters.charge([SLOTS], 0) for _ in range(5)] == [[]] * 5
    counters.put(charge_record(SLOTS), 1, 0)
    assert [counters.charge([SLOTS], 0) for _ in range(5)] == [[]] * 5
    counters.put(charge_record(SLOTS), 2, 0)
    assert counters.charge([SLOTS, QUOTA], 9_999_999) == [SLOTS]
    assert counters.charge([SLOTS], 10_000_000) == []


def test_all_or_none() -> None:
    counters = Counters()
    assert counters.charge([RATE, QUOTA], 0) == []
    assert counters.charge([RATE, QUOTA], 0) == []
    assert counters.charge([RATE, QUOTA], 0) == [RATE]
    assert counters.charge([QUOTA], 0) == [], "the refused step has charged nothing"
    assert counters.charge([QUOTA, RATE], 0) == [QUOTA, RATE]
    assert counters.charge([QUOTA], 10_000_000) == []
    assert counters.charge([], 0) == []


def test_keys_are_counted_apart() -> None:
    counters = Counters()
    other = RATE._replace(key=b"other")
    for _ in range(2):
        assert counters.charge([RATE], 0) == []
        assert counters.charge([other], 0) == []
    assert counters.charge([RATE], 0) == [RATE]


def standing(charge: Charge, used: int, later: int = 0) -> int:
    """What is left, so much later, of a counter that was said to stand at ``used``."""
    counters = Counters()
    record = charge_record(charge)
    counters.put(record, used, 1_000)
    return counters.left(record, 1_000 + later)


@pytest.mark.parametrize(
    ("charge", "used", "later", "left"),
    [
        (RATE, 0, 0, 2),
        (RATE, 1, 0, 1),
        (RATE, 2, 0, 0),
        (RATE, 2, 999_999, 0),
        (RATE, 2, 1_000_000, 1),
        (RATE, 2, 2_000_000, 2),
        (QUOTA, 0, 0, 3),
        (QUOTA, 3, 9_999_999, 0),
        (QUOTA, 3, 10_000_000, 3),
        (SLOTS, 0, 0, 2),
        (SLOTS, 1, 0, 1),
        (SLOTS, 2, 9_999_999, 0),
        (SLOTS, 2, 10_000_000, 2),
    ],
)
def test_a_counter_stands_where_it_is_put_and_goes_on_from_there(
    charge: Charge, used: int, later: int, left: int
) -> None:
    assert standing(charge, used, later) == left


def test_what_is_left_is_what_is_admitted() -> None:
    counters = Counters()
    assert counters.left(charge_record(QUOTA), 0) == 3
    for left in (2, 1, 0):
        assert counters.charge([QUOTA], 0) == []
        assert counters.left(charge_record(QUOTA), 0) == left
    assert counters.charge([QUOTA], 0) == [QUOTA]


def test_putting_replaces_what_was_counted() -> None:
    counters = Counters()
    counters.charge([RATE], 0)
    counters.charge([RATE], 0)
    counters.put(charge_record(RATE), 0, 0)
    assert counters.left(charge_record(RATE), 0) == 2
