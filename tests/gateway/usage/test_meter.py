"""The meter: one append on the path, batches that are handed over until they are taken, and nothing twice."""

import asyncio

import pytest

from gateway.message.ports import OUTAGE, Outage
from gateway.usage import meter as meters
from gateway.usage.meter import BATCH_CELLS, PENDING_AT_MOST, SLICE, Meter
from gateway.usage.periods import HOUR
from gateway.usage.port import OTHERS, Batch, Query, Usage
from gateway.usage.usage_memory import MemoryUsage
from tests.gateway.usage.samples import ANA, BO, NOON, request
from tests.strategies.key_sources import HandClock


class Store:
    """Takes batches; ``fates`` says of each call what happens: taken, "not" taken, or "perhaps": taken without a reply."""

    def __init__(self, *fates: str) -> None:
        self.fates = list(fates)
        self.kept = MemoryUsage(HandClock(NOON))
        self.handed: list[Batch] = []
        self.open = asyncio.Event()
        self.open.set()

    async def add(self, batch: Batch) -> bool | Outage:
        self.handed.append(batch)
        await self.open.wait()
        fate = self.fates.pop(0) if self.fates else ""
        if fate == "not":
            return OUTAGE
        new = await self.kept.add(batch)
        return OUTAGE if fate == "perhaps" else new

    async def read(self, query: Query) -> Usage:
        return await self.kept.read(query)

    async def close(self) -> None: ...

    async def requests(self, identity: bytes | None = None) -> int:
        return (await self.read(Query(NOON, NOON + HOUR, identity=identity))).total.requests


def filled(store: Store, many: int, cells_at_most: int = 20_000) -> Meter:
    meter = Meter(store, "g", cells_at_most)
    for number in range(many):
        meter.add(request(identity=b"%016d" % number))
    while meter.sum_slice():
        pass
    return meter


async def test_requests_are_summed_in_slices_and_handed_over() -> None:
    store = Store()
    meter = Meter(store, "g")
    for _ in range(SLICE + 1):
        meter.add(request())
    meter.add(request(identity=BO))
    assert meter.sum_slice() is True
    assert meter.sum_slice() is False
    assert meter.cells == 2
    assert await meter.send() is True
    assert await meter.send() is False
    assert meter.cells == 0
    assert [(batch.gateway, batch.sequence, len(batch.cells)) for batch in store.handed] == [("g", 1, 2)]
    assert (await store.requests(ANA), await store.requests(BO)) == (SLICE + 1, 1)


async def test_a_batch_is_the_same_until_it_is_taken() -> None:
    store = Store("not", "perhaps", "perhaps")
    meter = filled(store, 2)
    for _ in range(3):
        assert await meter.send() is False
        meter.add(request(identity=b"%016d" % 1))
        meter.sum_slice()
    assert meter.outages == 3
    assert await meter.send() is True
    assert store.handed[0] == store.handed[3]
    assert [batch.sequence for batch in store.handed] == [1, 1, 1, 1]
    assert await meter.send() is True
    assert store.handed[-1].sequence == 2
    assert await store.requests() == 5


async def test_many_cells_are_several_batches() -> None:
    store = Store()
    meter = filled(store, BATCH_CELLS + 3)
    while await meter.send():
        pass
    assert [len(batch.cells) for batch in store.handed] == [BATCH_CELLS, 3]
    assert await store.requests() == BATCH_CELLS + 3


async def test_an_outage_folds_identities_and_loses_no_request() -> None:
    store = Store("not")
    meter = filled(store, 50)
    assert await meter.send() is False
    late = Meter(store, "g2", cells_at_most=10)
    for number in range(50):
        late.add(request(identity=b"%016d" % number))
    assert await late.finish(5) == 0
    assert late.folded == 40
    assert await store.requests(OTHERS) == 40
    assert await meter.finish(5) == 0
    assert await store.requests() == 100


async def test_too_many_at_once_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PENDING_AT_MOST > 10_000
    monkeypatch.setattr(meters, "PENDING_AT_MOST", 3)
    store = Store()
    meter = Meter(store, "g")
    for _ in range(5):
        meter.add(request())
    assert meter.dropped == 2
    assert await meter.finish(5) == 0
    assert await store.requests() == 3


async def test_the_end_hands_over_what_is_left_and_tells_what_was_not_taken() -> None:
    store = Store()
    meter = Meter(store, "g")
    for _ in range(3):
        meter.add(request())
    assert await meter.finish(5) == 0
    assert await store.requests() == 3
    store.fates = ["not"]
    meter.add(request())
    assert await meter.finish(5) == 1
    assert await meter.finish(5) == 0


async def test_a_store_that_is_silent_does_not_hold_the_end() -> None:
    store = Store()
    meter = filled(store, 3)
    store.open.clear()
    assert await meter.finish(0.01) == 3


async def test_chores_sum_and_deliver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "COLLECT_SECONDS", 0.001)
    monkeypatch.setattr(meters, "PACE_SECONDS", 0.001)
    monkeypatch.setattr(meters, "DELIVER_SECONDS", 0.002)
    store = Store("not", "perhaps")
    meter = Meter(store, "g")
    chores = [asyncio.create_task(meter.collect()), asyncio.create_task(meter.deliver())]
    for number in range(1_000):
        meter.add(request(identity=b"%016d" % (number % 700)))
    while await store.requests() < 1_000 or meter.cells:
        await asyncio.sleep(0.001)
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*chores, return_exceptions=True)
    assert await meter.finish(5) == 0
    assert await store.requests() == 1_000


async def test_a_delivery_that_was_ended_midway_is_handed_over_again_and_counted_once() -> None:
    store = Store()
    meter = filled(store, 3)
    store.open.clear()
    sending = asyncio.create_task(meter.send())
    await asyncio.sleep(0)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    store.open.set()
    await store.kept.add(store.handed[0])  # the store had it, and nobody heard so
    assert await meter.finish(5) == 0
    assert await store.requests() == 3


async def test_full_batches_go_early_but_not_into_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "BATCH_CELLS", 2)
    store = Store("", "not")
    meter = filled(store, 7)
    await meter.send_full()
    await meter.send_full()
    assert [batch.sequence for batch in store.handed] == [1, 2]
    await meter.send_full()
    assert len(store.handed) == 2, "a batch that was not taken waits for its time"
    assert await meter.send() is True
    await meter.send_full()
    await meter.send_full()
    assert [batch.sequence for batch in store.handed] == [1, 2, 2, 3]
    assert meter.cells == 1


def test_gateways_have_names_of_their_own() -> None:
    store = Store()
    names = {Meter(store)._gateway for _ in range(10)}
    assert len(names) == 10
    assert all(name.isascii() and name.isalnum() for name in names)
