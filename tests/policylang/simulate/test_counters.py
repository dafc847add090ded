from policylang.plan.model import Quota, Rate
from policylang.runtime.verdict import Charge
from policylang.simulate.counters import Counters

RATE = Charge("rate", b"r", Rate(1, 1_000_000, 2), "deny")
QUOTA = Charge("quota", b"q", Quota(3, "anchored", 10_000_000, "UTC"), "allow")


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
