"""Long work in slices, so that requests are served between them and no turn of the event loop is long."""

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")

SLICE_MICROS = 4_000


async def in_slices(work: Generator[None, None, T], clock: Callable[[], int]) -> T:
    """Run a generator that yields often, giving the loop a turn every few milliseconds; its return value."""
    until = clock() + SLICE_MICROS
    try:
        while True:
            next(work)
            # A clock that was set back must not make one slice of all that is left.
            if not until - SLICE_MICROS <= clock() < until:
                await asyncio.sleep(0)
                until = clock() + SLICE_MICROS
    except StopIteration as done:
        value: T = done.value
        return value
