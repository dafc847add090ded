"""The meter: collects finished requests, sums them beside the requests' path, and hands the sums to a store.

Law of this file: a request pays for one append. A batch keeps its sequence number and its content until the store has
said that it is taken, and there is one such batch at a time: so nothing is counted twice, and nothing is left out.
"""

import asyncio
import os
from collections import deque

from gateway.message.ports import Outage
from gateway.message.record import Record
from gateway.usage.cells import Cells
from gateway.usage.port import Batch, UsageStore

PENDING_AT_MOST = 65_536
SLICE = 256
"""Records that are summed in one turn of the event loop: less than a millisecond."""
CELLS_AT_MOST = 20_000
BATCH_CELLS = 512
COLLECT_SECONDS = 0.1
DELIVER_SECONDS = 5.0
PACE_SECONDS = 0.4
"""Between two batches. A cell costs tens of microseconds to hand over: 1,280 a second leave the requests their processor."""


class Meter:
    """``dropped`` counts requests that came faster than they could be summed, ``outages`` what a store did not take."""

    def __init__(self, store: UsageStore, gateway: str = "", cells_at_most: int = CELLS_AT_MOST) -> None:
        self._store = store
        self._gateway = gateway or os.urandom(8).hex()
        self._pending: deque[Record] = deque()
        self._cells = Cells(cells_at_most)
        self._batch: Batch | None = None
        self._sequence = 0
        self.dropped = 0
        self.outages = 0

    def add(self, record: Record) -> None:
        """Keep a finished request for the next turn of ``collect``."""
        if len(self._pending) >= PENDING_AT_MOST:
            self.dropped += 1
            return
        self._pending.append(record)

    @property
    def cells(self) -> int:
        """Cells that no store has taken yet."""
        return len(self._cells) + (0 if self._batch is None else len(self._batch.cells))

    @property
    def folded(self) -> int:
        """Requests whose identity was given up, because there were more identities than memory is kept for."""
        return self._cells.folded

    async def collect(self) -> None:
        """The chore that sums, in slices, giving requests a turn after each."""
        while True:  # noqa: ASYNC110 -- one task polls, so that a request pays for no event
            await asyncio.sleep(0 if self.sum_slice() else COLLECT_SECONDS)

    async def deliver(self) -> None:
        """The chore that hands batches to the store, paced: every few seconds, and sooner while batches are full."""
        waited = 0.0
        while True:
            await asyncio.sleep(PACE_SECONDS)
            waited += PACE_SECONDS
            if waited >= DELIVER_SECONDS:
                if not await self.send() or not self._cells:
                    waited = 0.0
            else:
                await self.send_full()

    def sum_slice(self) -> bool:
        """Sum one slice of what is pending; whether there is more."""
        pending, add = self._pending, self._cells.add
        for _ in range(min(SLICE, len(pending))):
            add(pending.popleft())
        return bool(pending)

    async def send(self) -> bool:
        """Hand one batch over; whether it was taken, and another may follow."""
        if self._batch is None:
            cells = self._cells.take(BATCH_CELLS)
            if not cells:
                return False
            self._sequence += 1
            self._batch = Batch(self._gateway, self._sequence, cells)
        if isinstance(await self._store.add(self._batch), Outage):
            self.outages += 1
            return False
        self._batch = None
        return True

    async def send_full(self) -> None:
        """Identities are many: a full batch goes before its time, unless the store is in trouble."""
        if self._batch is None and len(self._cells) >= BATCH_CELLS:
            await self.send()

    async def finish(self, seconds: float) -> int:
        """Hand over what is left, after the chores were stopped; the requests that no store is known to have taken."""
        while self.sum_slice():
            pass
        try:
            async with asyncio.timeout(seconds):
                while await self.send():
                    pass
        except TimeoutError:
            self.outages += 1
        sent = 0 if self._batch is None else sum(cell.counts["n"] for cell in self._batch.cells)
        return sent + self._cells.requests
