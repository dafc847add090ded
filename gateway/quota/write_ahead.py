"""What waits for the file: one batch is gathered while another is written, and no third one is ever queued.

Law of this file: a batch that failed undoes its charges, the last one first, and then tells those who wait for it. A write
that failed may still be found in the file; that only makes the file say more.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Protocol, TypeVar

from gateway.quota.ahead import given_back
from gateway.quota.counters_sqlite import Found, Writes, carry_out
from policylang.embed import State

T = TypeVar("T")

PATIENCE_SECONDS = 1.0
"""How long a request waits for the file."""

RETRY_SECONDS = 0.25
DRAIN_ROUNDS = 20


class RunsSqlite(Protocol):
    """The thread of a file: ``gateway.store.file_sqlite.StoreFile``."""

    def run(self, work: Callable[[sqlite3.Cursor], T]) -> asyncio.Future[T]:
        """Run in a transaction; the future has the result once it is on the disk, or else what went wrong."""
        ...


class Counter:
    """``state``: exact, charges that wait for their write included. ``promised``: what the file is known to have.

    ``waiting``: how many of the charges may still be undone.
    """

    __slots__ = ("promised", "state", "waiting")

    def __init__(self, state: State | None, promised: State | None = None) -> None:
        self.state = state
        self.promised = promised
        self.waiting = 0


class Batch:
    """``ready`` is done when it was written or failed. ``charged``: (number, counter, before, after), to undo."""

    __slots__ = ("charged", "failed", "ready", "writes")

    def __init__(self, ready: asyncio.Future[None]) -> None:
        self.ready = ready
        self.failed = False
        self.writes = Writes()
        self.charged: list[tuple[int, Counter, State | None, State]] = []


class WriteAhead:
    """Batches, one after the other. ``settle`` is told of each that was written, with what was read."""

    def __init__(self, file: RunsSqlite, secret: bytes, settle: Callable[[Batch, Found], None]) -> None:
        self.broken = False
        self.flying: Batch | None = None
        self.gathering: Batch | None = None
        self._file = file
        self._secret = secret
        self._settle = settle
        self._numbers = count()
        self._tried = 0.0
        self._patience: asyncio.TimerHandle | None = None

    def gather(self) -> Batch:
        """The batch that goes next. It goes at the end of this turn of the loop, or when the one before it is back."""
        batch = self.gathering
        if batch is None:
            loop = asyncio.get_running_loop()
            batch = self.gathering = Batch(loop.create_future())
            if self.flying is None:
                loop.call_soon(self._launch)
        return batch

    def note(self, batch: Batch, counter: Counter, before: State | None, after: State) -> None:
        """A charge that is answered with this batch, and is undone if it fails."""
        counter.waiting += 1
        batch.charged.append((next(self._numbers), counter, before, after))

    def probe(self, until: int) -> None:
        """Where the file is broken: see whether it works again, at most once in ``RETRY_SECONDS``."""
        if self.flying is None and self.gathering is None:
            now = asyncio.get_running_loop().time()
            if now - self._tried >= RETRY_SECONDS:
                self.gather().writes.until = until

    async def drain(self) -> None:
        """Wait until nothing is gathered or being written; a file that does not answer is not waited for."""
        for _ in range(DRAIN_ROUNDS):
            if (batch := self.flying or self.gathering) is None:
                return
            await asyncio.shield(batch.ready)
            if batch is self.flying:
                await asyncio.sleep(RETRY_SECONDS)

    def _launch(self) -> None:
        batch = self.gathering
        if batch is None or self.flying is not None:
            return
        self.gathering, self.flying = None, batch
        loop = asyncio.get_running_loop()
        self._tried = loop.time()
        self._patience = loop.call_later(PATIENCE_SECONDS, self._fail)
        written = self._file.run(partial(carry_out, writes=batch.writes, secret=self._secret))
        written.add_done_callback(self._written)

    def _written(self, written: asyncio.Future[Found]) -> None:
        batch = self.flying
        if batch is None:
            msg = "a batch came back that did not go"
            raise RuntimeError(msg)
        if self._patience is not None:
            self._patience.cancel()
        if written.cancelled() or written.exception() is not None:
            self._fail()
            self.flying = None
            return
        self.flying = None
        self.broken = False
        self._settle(batch, written.result())
        if not batch.failed:
            for _, counter, _, _ in batch.charged:
                counter.waiting -= 1
            batch.ready.set_result(None)
        self._launch()

    def _fail(self) -> None:
        """Undo every charge that no write has covered, newest first: whatever came after one of them waits as well."""
        self.broken = True
        failed = [batch for batch in (self.flying, self.gathering) if batch is not None and not batch.failed]
        self.gathering = None
        for _, counter, before, after in sorted(
            (c for b in failed for c in b.charged), key=lambda c: c[0], reverse=True
        ):
            counter.state = given_back(counter.state, before, after)
            counter.waiting -= 1
        for batch in failed:
            batch.failed = True
            batch.ready.set_result(None)
