"""Nanoseconds of usage: what a request pays when it is finished, and what summing and storing it cost beside the path.

``python -m bench.usage [--seconds 2]``. The first two are the end of a request with and without the meter, measured in
alternating rounds of the same run, and given as a ratio too.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from gateway.message.record import PlanNames, Record
from gateway.quota.limits_memory import MemoryLimits
from gateway.server.conductor import Conductor
from gateway.server.handle import Parts
from gateway.server.stats import Stats
from gateway.usage.cells import Cells
from gateway.usage.meter import CELLS_AT_MOST, SLICE, Meter
from gateway.usage.port import Batch
from gateway.usage.usage_memory import MemoryUsage

CALLS = 20_000
NOW = 1_769_947_200_000_000
NAMES = PlanNames("x", ("orders", "reports"), ("corp",), ("see",), ("free", "gold"))


def finished_requests(identities: int) -> list[Record]:
    """Admitted requests, of so many identities in rotation."""
    names = [number.to_bytes(16, "big") for number in range(identities)]
    return [
        Record(
            "0",
            NOW,
            "GET",
            NAMES,
            route=number % 2,
            identity=names[number % identities],
            kind="allow",
            policies=(0,),
            status=200,
            upstream=200,
            bytes_out=1_000,
            finished=NOW + 900 + number % 7_000,
        )
        for number in range(CALLS)
    ]


def each(call: Callable[[Record], None], records: Sequence[Record]) -> float:
    """Nanoseconds of one call."""
    begun = time.perf_counter_ns()
    for record in records:
        call(record)
    return (time.perf_counter_ns() - begun) / len(records)


def on_the_path(records: Sequence[Record], seconds: float) -> tuple[float, float]:
    """The least nanoseconds of a request's end without the meter and with it."""
    meter = Meter(MemoryUsage(lambda: NOW))
    unused = cast("Any", None)  # the end of a request asks for the limits alone
    parts = Parts(unused, unused, MemoryLimits(), unused, ())
    without, with_meter = (Conductor(parts, lambda: NOW, Stats(), None, one) for one in (None, meter))
    least = [float("inf"), float("inf")]
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for index, conductor in enumerate((without, with_meter)):
            least[index] = min(least[index], each(conductor.finished, records))
        while meter.sum_slice():
            pass
    return least[0], least[1]


def summing(records: Sequence[Record], seconds: float) -> float:
    """The least nanoseconds of adding a request to its cell."""
    least = float("inf")
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        least = min(least, each(Cells(CELLS_AT_MOST).add, records))
    return least


async def storing(records: Sequence[Record]) -> float:
    """Nanoseconds of handing a cell to the store in memory."""
    cells = Cells(CELLS_AT_MOST)
    for record in records:
        cells.add(record)
    store, count, sequence = MemoryUsage(lambda: NOW), len(cells), 0
    begun = time.perf_counter_ns()
    while some := cells.take(SLICE):
        sequence += 1
        await store.add(Batch("bench", sequence, some))
    return (time.perf_counter_ns() - begun) / count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds: float = parser.parse_args().seconds
    few, many = finished_requests(1_000), finished_requests(CALLS)
    without, with_meter = on_the_path(few, seconds)
    print(f"end of a request, no meter    {without:7.0f} ns")
    print(f"end of a request, with meter  {with_meter:7.0f} ns  {with_meter / without:5.2f} times")
    print(f"summing, 1,000 identities     {summing(few, seconds):7.0f} ns a request, beside the path")
    print(f"summing, 20,000 identities    {summing(many, seconds):7.0f} ns a request, beside the path")
    print(f"storing in memory             {asyncio.run(storing(many)):7.0f} ns a cell, beside the path")


if __name__ == "__main__":
    main()
