"""Records in the file of SQLite: durable, for one gateway. A write is answered when it is on the disk."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from gateway.message.ports import OUTAGE, Clock, Outage
from gateway.records.bounds import check_name, check_page, check_write, is_over
from gateway.records.change_log import KEPT, ChangeLog
from gateway.records.port import Change, Changes, Conflict, Kind, Page, Stored
from gateway.store.file_sqlite import StoreFile, Work
from gateway.store.link import StoreFault
from gateway.store.schema_sqlite import Schema

T = TypeVar("T")

RECORDS = Schema(
    "records",
    (
        (
            """CREATE TABLE records (
                 kind TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, expires INTEGER NOT NULL,
                 content BLOB NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID""",
            "CREATE INDEX records_end ON records (expires) WHERE expires > 0",
            "CREATE TABLE records_version (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL)",
            "INSERT INTO records_version VALUES (1, 0)",
        ),
    ),
)

Settled = Callable[[T], None]


class SqliteRecords:
    """A RecordStore over a file that was opened with the schema RECORDS. The store's time is ``clock``.

    The file may serve others as well: ``close`` does not close it.
    """

    def __init__(self, file: StoreFile, clock: Clock, kept: int = KEPT) -> None:
        self._file = file
        self._clock = clock
        self._log = ChangeLog(kept)

    async def get(self, kind: Kind, name: str) -> Stored | Outage | None:
        """See the port."""
        check_name(name)
        return await self._read(partial(_there, kind, name, self._clock()))

    async def put(
        self, kind: Kind, name: str, content: bytes, expires: int, expect: int | None
    ) -> Stored | Conflict | Outage:
        """See the port."""
        check_write(name, content, expires)

        def work(cursor: sqlite3.Cursor) -> Stored | Conflict:
            now = self._clock()
            there = _there(kind, name, now, cursor)
            at = 0 if there is None else there.version
            if expect is not None and expect != at:
                return Conflict(at)
            record = Stored(name, _next_version(cursor, now), content, expires)
            cursor.execute(
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)",
                (kind, name, record.version, expires, content),
            )
            return record

        def told(written: Stored | Conflict) -> None:
            if isinstance(written, Stored):
                self._log.append(Change(kind, name, written.version))

        return await self._write(work, told)

    async def delete(self, kind: Kind, name: str, expect: int | None) -> bool | Conflict | Outage:
        """See the port."""
        check_name(name)

        def work(cursor: sqlite3.Cursor) -> int | Conflict:
            now = self._clock()
            there = _there(kind, name, now, cursor)
            at = 0 if there is None else there.version
            if expect is not None and expect != at:
                return Conflict(at)
            if there is None:
                return 0
            cursor.execute("DELETE FROM records WHERE kind = ? AND name = ?", (kind, name))
            return _next_version(cursor, now)

        def told(gone: int | Conflict) -> None:
            if isinstance(gone, int) and gone:
                self._log.append(Change(kind, name, gone))

        gone = await self._write(work, told)
        return gone > 0 if isinstance(gone, int) else gone

    async def page(self, kind: Kind, prefix: str, after: str, limit: int) -> Page | Outage:
        """See the port."""
        check_page(prefix, after, limit)
        now = self._clock()

        def work(cursor: sqlite3.Cursor) -> Page:
            # Names are ASCII, so that nothing with this prefix comes behind the prefix and a delete character.
            rows = cursor.execute(
                "SELECT name, version, content, expires FROM records WHERE kind = ? AND name >= ? AND name > ?"
                " AND name < ? AND (expires = 0 OR expires > ?) ORDER BY name LIMIT ?",
                (kind, prefix, after, prefix + "\x7f", now, limit + 1),
            ).fetchall()
            return Page(tuple(Stored(*row) for row in rows[:limit]), len(rows) > limit)

        return await self._read(work)

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes:
        """See the port."""
        return await self._log.after(cursor, wait_seconds)

    async def sweep(self, limit: int) -> int | Outage:
        """See the port."""
        now = self._clock()

        def work(cursor: sqlite3.Cursor) -> int:
            rows = cursor.execute(
                "SELECT kind, name FROM records WHERE expires > 0 AND expires <= ? LIMIT ?", (now, limit)
            ).fetchall()
            cursor.executemany("DELETE FROM records WHERE kind = ? AND name = ?", rows)
            return len(rows)

        return await self._read(work)

    async def now(self) -> int:
        """See the port."""
        return self._clock()

    async def close(self) -> None:
        """See the port; whoever opened the file closes it."""

    async def _read(self, work: Work[T]) -> T | Outage:
        try:
            return await self._file.run(work)
        except StoreFault:
            return OUTAGE

    async def _write(self, work: Work[T], told: Settled[T]) -> T | Outage:
        future = self._file.run(work)
        # Not after the await: whoever asked may be gone by then, and what was written is written.
        future.add_done_callback(partial(self._written, told))
        try:
            return await asyncio.shield(future)
        except StoreFault:
            return OUTAGE

    def _written(self, told: Settled[T], future: asyncio.Future[T]) -> None:
        if future.cancelled():
            self._log.forget()
            return
        error = future.exception()
        if error is None:
            told(future.result())
        elif not isinstance(error, StoreFault) or error.done == "perhaps":
            self._log.forget()


def _there(kind: Kind, name: str, now: int, cursor: sqlite3.Cursor) -> Stored | None:
    row = cursor.execute(
        "SELECT name, version, content, expires FROM records WHERE kind = ? AND name = ?", (kind, name)
    ).fetchone()
    return None if row is None or is_over(row[3], now) else Stored(*row)


def _next_version(cursor: sqlite3.Cursor, now: int) -> int:
    (last,) = cursor.execute("SELECT version FROM records_version").fetchone()
    version = max(int(last) + 1, now)
    cursor.execute("UPDATE records_version SET version = ?", (version,))
    return version
