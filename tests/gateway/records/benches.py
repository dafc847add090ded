"""Stores to test, each behind the same few levers: open it, open it again, let its time pass, empty it."""

import asyncio
import itertools
import tempfile
from pathlib import Path
from typing import Protocol

from gateway.records.port import RecordStore
from gateway.records.records_memory import MemoryRecords
from gateway.records.records_redis import RedisRecords
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.store.file_sqlite import StoreFile, open_file
from gateway.store.link_redis import open_link

SECOND = 1_000_000
NOW = 1_800_000_000 * SECOND
KEPT = 6
"""Changes that the stores under test keep: few, so that readers get lost."""


class HandClock:
    """A clock that a test moves."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Bench(Protocol):
    """``hand`` is None where the store has a time of its own. ``kept`` is None where readers may get lost at any length."""

    hand: HandClock | None
    kept: int | None
    store: RecordStore

    async def open(self) -> None: ...
    async def restart(self) -> bool:
        """Open again; whether readers lose the thread by it."""
        ...

    async def close(self) -> None: ...


class MemoryBench:
    kept: int | None = KEPT

    def __init__(self) -> None:
        self.hand: HandClock | None = HandClock()

    async def open(self) -> None:
        assert self.hand is not None
        self.store: RecordStore = MemoryRecords(self.hand, KEPT)

    async def restart(self) -> bool:
        return False

    async def close(self) -> None:
        await self.store.close()


class SqliteBench:
    kept: int | None = KEPT

    def __init__(self) -> None:
        self.clock = HandClock()
        self.hand: HandClock | None = self.clock
        self.folder = tempfile.TemporaryDirectory(prefix="policylang-test-")
        self.told: list[str] = []

    async def open(self) -> None:
        self.file: StoreFile = open_file(Path(self.folder.name) / "gateway.db", (RECORDS,), self.told.append)
        self.store: RecordStore = SqliteRecords(self.file, self.clock, KEPT)

    async def restart(self) -> bool:
        await self.file.close()
        await self.open()
        return True

    async def close(self) -> None:
        await self.store.close()
        await self.file.close()
        self.folder.cleanup()
        assert self.told == []


class RedisBench:
    """A namespace of its own on a server that others use as well."""

    hand: HandClock | None = None
    kept: int | None = None

    def __init__(self, url: str) -> None:
        self.url = url
        self.namespace = fresh_namespace()

    async def open(self) -> None:
        self.link = open_link(self.url, namespace=self.namespace, timeout=5)
        self.store: RecordStore = RedisRecords(self.link, KEPT)

    async def restart(self) -> bool:
        await self.link.close()
        await self.open()
        return False

    async def close(self) -> None:
        await self.store.close()
        await self.link.close()


_namespaces = itertools.count()


def fresh_namespace() -> str:
    """A namespace that nothing was written to."""
    return f"records{next(_namespaces)}"


def run_alone(loop: asyncio.AbstractEventLoop, bench: Bench) -> None:
    """Close a bench and the loop it lived in."""
    loop.run_until_complete(bench.close())
    loop.close()
