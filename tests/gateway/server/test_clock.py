"""The unit of the clock."""

import time

from gateway.server.clock import wall_clock


def test_whole_microseconds_since_1970() -> None:
    before, now, after = time.time_ns(), wall_clock(), time.time_ns()
    assert type(now) is int
    assert before // 1000 <= now <= after // 1000
