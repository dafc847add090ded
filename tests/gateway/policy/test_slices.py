"""Long work gives the loop its turns, by the clock that it is given."""

import asyncio
from collections.abc import Generator

import pytest

from gateway.policy.slices import SLICE_MICROS, in_slices
from tests.strategies.key_sources import HandClock


def work(clock: HandClock, steps: int, micros: int) -> Generator[None, None, str]:
    for _ in range(steps):
        clock.now += micros
        yield
    return "done"


async def turns(clock: HandClock, steps: int, micros: int) -> int:
    """How many turns of the loop others had while the work was done."""
    others = 0

    async def other() -> None:
        nonlocal others
        while True:
            await asyncio.sleep(0)
            others += 1

    task = asyncio.create_task(other())
    await asyncio.sleep(0)
    others = 0
    assert await in_slices(work(clock, steps, micros), clock) == "done"
    task.cancel()
    return others


@pytest.mark.parametrize(
    ("steps", "micros", "expected"),
    [(0, 0, 0), (1000, 0, 0), (3, SLICE_MICROS - 1, 1), (4, SLICE_MICROS, 4), (100, SLICE_MICROS // 4, 25)],
)
async def test_the_loop_has_a_turn_after_each_slice(steps: int, micros: int, expected: int) -> None:
    assert await turns(HandClock(0), steps, micros) == expected


async def test_a_clock_that_went_back_makes_no_endless_slice() -> None:
    assert await turns(HandClock(10**15), 10, -3600 * 1_000_000) == 10


async def test_what_the_work_raises_comes_out() -> None:
    def broken() -> Generator[None, None, None]:
        yield
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await in_slices(broken(), HandClock(0))


async def test_cancelled_work_is_closed() -> None:
    clock, closed = HandClock(0), []

    def endless() -> Generator[None, None, None]:
        try:
            while True:
                clock.now += SLICE_MICROS
                yield
        finally:
            closed.append(True)

    made = endless()
    task = asyncio.create_task(in_slices(made, clock))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    made.close()
    assert closed == [True]
