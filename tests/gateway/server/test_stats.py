"""Counters: every finished request is counted once, whatever became of it."""

import pytest

from gateway.message.record import PlanNames, Record
from gateway.server.stats import BUCKETS, Stats

NAMES = PlanNames("sha256:00", ("orders", "open"), ("corp",), ("late", "read"), ("free", "gold"))


def test_decisions_by_route_kind_and_status() -> None:
    stats = Stats()
    for route, kind, status in ((0, "allow", 200), (0, "allow", 200), (0, "allow", 404), (1, "denied", 403)):
        stats.count(Record("00", 0, "GET", NAMES, route, kind=kind, status=status))
    stats.count(Record("00", 0, "GET", NAMES, -1, kind="no_route", status=404))
    stats.count(Record("00", 0, "UNKNOWN", None, kind="malformed", status=400))
    assert stats.decisions == {
        ("orders", "allow", 200): 2,
        ("orders", "allow", 404): 1,
        ("open", "denied", 403): 1,
        ("", "no_route", 404): 1,
        ("", "malformed", 400): 1,
    }


def test_shadows_policies_sizes_and_outages() -> None:
    stats = Stats()
    shadows = ((0, True), (1, None))
    for allowed in (True, False):
        stats.count(
            Record(
                "00",
                0,
                "GET",
                NAMES,
                0,
                policies=(1,),
                shadows=shadows,
                outage_allowed=allowed,
                bytes_in=3,
                bytes_out=5,
            )
        )
    stats.count(Record("00", 0, "GET", NAMES, 0, policies=(0, 1), shadows=((0, False),)))
    assert stats.shadows == {("late", "true"): 2, ("read", "fault"): 2, ("late", "false"): 1}
    assert stats.policies == {"gold": 3, "free": 1}
    assert (stats.bytes_in, stats.bytes_out, stats.uncounted) == (6, 10, 1)


@pytest.mark.parametrize(
    ("micros", "bucket"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (2**26 - 1, 26), (2**26, 27), (2**40, 27), (-5, 0)]
)
def test_latencies_by_powers_of_two(micros: int, bucket: int) -> None:
    stats = Stats()
    stats.count(Record("00", 1000, "GET", finished=1000 + micros))
    assert [n for n, count in enumerate(stats.latency) if count] == [bucket]
    assert len(stats.latency) == BUCKETS
    assert stats.latency_sum == max(0, micros)
