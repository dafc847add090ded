"""The pace of the sweep."""

import asyncio

import pytest

from gateway.message.ports import OUTAGE, Outage
from gateway.records.sweeping import PAUSE_SECONDS, SHORT_PAUSE_SECONDS, sweep_once, sweeping
from tests.gateway.records.benches import HandClock
from tests.gateway.records.held_store import HeldStore, put


async def test_a_sweep_drops_what_has_ended_and_hurries_while_there_is_much() -> None:
    clock = HandClock()
    store = HeldStore(clock)
    for n in range(1_500):
        await put(store, f"n{n}", expires=clock.now + 1 + n)
    assert await sweep_once(store) == PAUSE_SECONDS
    clock.now += 1_200
    assert [await sweep_once(store) for _ in range(3)] == [SHORT_PAUSE_SECONDS, SHORT_PAUSE_SECONDS, PAUSE_SECONDS]
    assert len(store._shelves["metadata"].records) == 300


async def test_an_outage_is_waited_out() -> None:
    store = HeldStore(HandClock())

    async def out(limit: int) -> int | Outage:
        return OUTAGE

    store.sweep = out  # type: ignore[method-assign, assignment]
    assert await sweep_once(store) == PAUSE_SECONDS


async def test_it_goes_on_until_it_is_cancelled() -> None:
    clock = HandClock()
    store = HeldStore(clock)
    await put(store, "a", expires=clock.now)
    task = asyncio.create_task(sweeping(store))
    while store._shelves["metadata"].records:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
