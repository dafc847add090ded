"""The thread of a SQLite file, played: work waits until it is committed, or fails, or is forgotten as by a kill."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.quota.counters_sqlite import LIMITS_SCHEMA
from gateway.store.link import StoreFault

T = TypeVar("T")


class PlayedFile:
    """``automatic``: commits by itself, a turn of the loop after it was asked."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        for step in LIMITS_SCHEMA.steps:
            for statement in step:
                self.connection.execute(statement)
        self.automatic = True
        self.broken = False
        self.commits = 0
        self.queued: list[tuple[Callable[[sqlite3.Cursor], Any], asyncio.Future[Any]]] = []

    def run(self, work: Callable[[sqlite3.Cursor], T]) -> asyncio.Future[T]:
        """Queue."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self.queued.append((work, future))
        if self.automatic:
            loop.call_soon(self._by_itself)
        return future

    def _by_itself(self) -> None:
        if self.automatic:
            self.commit()

    def commit(self) -> None:
        """Do what is queued, in one transaction; or refuse it."""
        queued, self.queued = self.queued, []
        if not queued:
            return
        self.commits += 1
        cursor = self.connection.cursor()
        cursor.execute("BEGIN")
        for work, future in queued:
            if self.broken:
                future.set_exception(StoreFault("disk_full", "not"))
            else:
                future.set_result(work(cursor))
        cursor.execute("COMMIT")

    def kill(self) -> None:
        """Nothing that was queued happens."""
        self.queued = []
