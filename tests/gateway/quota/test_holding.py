"""Slots come back once, whenever the store answers and whenever the client leaves."""

import asyncio
from collections.abc import Sequence

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Stepped
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.quota.enforce import Grant, enforce
from gateway.quota.holding import Returns
from gateway.quota.limits_memory import MemoryLimits
from policylang.embed import Charge, plan_model

SLOTS = Charge("uploads", b"c", plan_model.Concurrency(1, 60_000_000), "deny")
RATE = Charge("fast", b"r", plan_model.Rate(9, 1_000_000, 9), "deny")


class Slow:
    """Answers when it is told to, in two waits; notes what is released."""

    def __init__(self, outage: bool = False) -> None:
        self.inner = MemoryLimits()
        self.outage = outage
        self.gates: list[asyncio.Future[None]] = []
        self.released: list[bytes] = []

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Parked[Stepped]:
        def answer() -> Stepped:
            return OUTAGE if self.outage else self.inner.step(charges, now, holder)

        return Parked(self._gate(), lambda: Parked(self._gate(), answer))

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.released.append(holder)
        self.inner.release(charges, holder)

    def _gate(self) -> "asyncio.Future[None]":
        gate = asyncio.get_running_loop().create_future()
        self.gates.append(gate)
        return gate

    async def open(self) -> None:
        """Let everything go on, to its end."""
        for _ in range(9):
            while self.gates:
                gate = self.gates.pop()
                assert not gate.cancelled()
                gate.set_result(None)
            await asyncio.sleep(0)


async def left_while_parked(store: Slow, record: Record, charges: list[Charge]) -> None:
    """A client that leaves while the step is on its way."""
    step = enforce(store, charges, 0, record)
    task = asyncio.create_task(settle(step))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_a_slot_that_is_granted_after_the_client_left_is_given_back() -> None:
    store, record = Slow(), Record("1", 0, "GET")
    returns = Returns(store)
    await left_while_parked(store, record, [RATE, SLOTS])
    returns.finished(record)
    assert store.released == []
    await store.open()
    assert store.released == [b"1"]
    assert record.held == ()
    assert store.inner.step([SLOTS], 0, b"2")[0].admitted


async def test_an_outage_that_is_known_after_the_client_left_gives_back_too() -> None:
    store, record = Slow(outage=True), Record("1", 0, "GET")
    await left_while_parked(store, record, [SLOTS])
    Returns(store).finished(record)
    await store.open()
    assert store.released == [b"1"]


async def test_a_slot_refused_after_the_client_left_takes_nothing_from_others() -> None:
    store, record = Slow(), Record("1", 0, "GET")
    store.inner.step([SLOTS], 0, b"other")
    await left_while_parked(store, record, [SLOTS])
    returns = Returns(store)
    returns.finished(record)
    await store.open()
    assert not store.inner.step([SLOTS], 0, b"2")[0].admitted


async def test_a_parked_step_that_is_waited_for_gives_back_once() -> None:
    store, record = Slow(), Record("1", 0, "GET")
    returns = Returns(store)
    waiting = asyncio.create_task(settle(enforce(store, [SLOTS], 0, record)))
    await store.open()
    assert isinstance(await waiting, Grant)
    assert (record.held, record.pending) == ((SLOTS,), None)
    returns.finished(record)
    returns.finished(record)
    await store.open()
    assert store.released == [b"1"]


async def test_a_client_that_leaves_in_the_turn_of_the_answer() -> None:
    store, record = Slow(), Record("1", 0, "GET")
    returns = Returns(store)
    step = enforce(store, [SLOTS], 0, record)
    task = asyncio.create_task(settle(step))
    await asyncio.sleep(0)
    for gate in store.gates:
        gate.set_result(None)
    store.gates.clear()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    returns.finished(record)
    await store.open()
    assert store.released == [b"1"]
    assert store.inner.step([SLOTS], 0, b"2")[0].admitted


async def test_without_slots_nothing_is_sheltered_or_released() -> None:
    store, record = Slow(), Record("1", 0, "GET")
    waiting = asyncio.create_task(settle(enforce(store, [RATE], 0, record)))
    assert record.pending is None
    await store.open()
    assert isinstance(await waiting, Grant)
    Returns(store).finished(record)
    assert store.released == []


def test_a_refused_request_gives_nothing_back() -> None:
    store, record = MemoryLimits(), Record("2", 0, "GET")
    store.step([SLOTS], 0, b"1")
    assert isinstance(enforce(store, [SLOTS], 0, record), Refusal)
    Returns(store).finished(record)
    assert not store.step([SLOTS], 0, b"3")[0].admitted
