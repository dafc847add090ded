"""Usage in memory: the model, keeping, and the bound on cells."""

import asyncio

from hypothesis import given

from gateway.usage.periods import DAY, HOUR, Keeping
from gateway.usage.port import OTHERS, WINDOW, Batch, Query
from gateway.usage.usage_memory import MemoryUsage
from tests.gateway.usage.model import NOW, SOMEBODY, THIS_HOUR, TODAY, agrees, batch, cell, deliveries
from tests.strategies.key_sources import HandClock


@given(deliveries())
def test_it_agrees_with_the_model(delivery: tuple[list[Batch], list[Batch]]) -> None:
    asyncio.run(agrees(MemoryUsage(HandClock(NOW)), *delivery))


async def test_hours_are_forgotten_before_days() -> None:
    clock = HandClock(TODAY)
    store = MemoryUsage(clock, Keeping(hours=2 * HOUR, days=2 * DAY))
    await store.add(batch(1, cell(TODAY)))
    hours, days = Query(TODAY, TODAY + HOUR), Query(TODAY, TODAY + DAY, by="day")
    clock.now = TODAY + 3 * HOUR - 1
    assert (await store.read(hours)).total.requests == 1
    clock.now += 1
    assert (await store.read(hours)).rows == ()
    assert (await store.read(days)).total.requests == 1
    clock.now = TODAY + 3 * DAY
    assert (await store.read(days)).rows == ()


async def test_what_is_over_is_not_taken_in() -> None:
    store = MemoryUsage(HandClock(TODAY + 40 * DAY))
    assert await store.add(batch(1, cell(TODAY)))
    assert (await store.read(Query(TODAY, TODAY + HOUR))).total.requests == 0
    assert (await store.read(Query(TODAY, TODAY + HOUR, by="day"))).total.requests == 1


async def test_identities_without_room_go_to_the_others() -> None:
    store = MemoryUsage(HandClock(NOW), most=4)  # two identities: a cell of an hour and one of a day each
    await store.add(batch(1, *(cell(identity=identity) for identity in SOMEBODY)))
    await store.add(batch(2, cell(identity=SOMEBODY[0])))
    query = Query(THIS_HOUR, THIS_HOUR + HOUR)
    shares = [
        (await store.read(Query(query.start, query.end, identity=one))).total.requests for one in (*SOMEBODY, OTHERS)
    ]
    assert shares == [2, 1, 0, 0, 0, 3]
    assert (await store.read(query)).total.requests == 6


async def test_a_batch_that_is_too_old_to_tell_is_skipped() -> None:
    store = MemoryUsage(HandClock(NOW))
    assert await store.add(batch(WINDOW + 5, cell()))
    assert not await store.add(batch(5, cell()))
    assert await store.add(batch(6, cell()))
