"""Waiting for a store has an end."""

import asyncio

import pytest

from gateway.message.ports import OUTAGE
from gateway.records.in_time import in_time


async def answers() -> int:
    return 7


async def hangs() -> int:
    await asyncio.Event().wait()
    return 7


async def test_an_answer_or_an_outage() -> None:
    assert await in_time(answers(), 60) == 7
    assert await in_time(hangs(), 0.001) is OUTAGE


async def test_being_cancelled_is_no_outage() -> None:
    task = asyncio.create_task(in_time(hangs(), 60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
