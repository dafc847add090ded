"""A store whose answers wait for the test, or do not come."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage
from gateway.records.cache import Found
from gateway.records.port import Changes, Kind, Stored
from gateway.records.records_memory import MemoryRecords
from tests.gateway.records.benches import HandClock

T = TypeVar("T")


class HeldStore(MemoryRecords):
    """``down``: every call is an outage. ``gates``: each read waits for the first of them, after it has read."""

    def __init__(self, clock: HandClock, kept: int = 100) -> None:
        super().__init__(clock, kept)
        self.down = False
        self.gates: list[asyncio.Event] = []
        self.gets = 0
        self.before_get: Callable[[], Coroutine[Any, Any, object]] | None = None

    async def get(self, kind: Kind, name: str) -> Stored | Outage | None:  # type: ignore[override]
        """See the port."""
        self.gets += 1
        found = await super().get(kind, name)
        if self.before_get is not None:
            await self.before_get()
        if self.gates:
            await self.gates.pop(0).wait()
        return OUTAGE if self.down else found

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes | Outage:  # type: ignore[override]
        """See the port; never waits, so that a test's turns take no time."""
        return OUTAGE if self.down else await super().changes(cursor, 0)

    async def now(self) -> int | Outage:  # type: ignore[override]
        """See the port."""
        return OUTAGE if self.down else await super().now()


async def put(store: MemoryRecords, name: str, content: bytes = b"{}", expires: int = 0) -> Stored:
    """Write metadata, whatever was there."""
    written = await store.put("metadata", name, content, expires, None)
    assert isinstance(written, Stored)
    return written


async def answer(found: Found | Parked[Found]) -> Found:
    """What a look gives in the end."""
    return await settle(found)
