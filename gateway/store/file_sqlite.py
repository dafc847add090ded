"""The file of SQLite: one connection, one thread that writes, one transaction for all that was queued at that moment.

Law of this file: a future has its result only after the transaction that it was part of is on the disk. Whatever the disk
says goes to whoever asked, as a StoreFault, and to the operator, once.
"""

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from gateway.store.faults_sqlite import FileRefused, fault_of, is_trouble, refused
from gateway.store.link import StoreFault
from gateway.store.schema_sqlite import Schema, migrate

T = TypeVar("T")
Work = Callable[[sqlite3.Cursor], T]

MAX_QUEUED = 20_000
MAX_GROUP = 1_000

PRAGMAS = (
    "PRAGMA busy_timeout = 0",
    # Before the journal mode: SQLite then keeps its index of the journal in memory, and no other process gets in.
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -32768",
)


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class StoreFile:
    """A file that this process alone has open. Made by ``open_file``, inside a running event loop."""

    def __init__(self, path: Path, connection: sqlite3.Connection, tell: Callable[[str], None]) -> None:
        self.path = path
        self.trouble = ""
        self._connection = connection
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._ended = self._loop.create_future()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="policylang-sqlite", daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> asyncio.Future[T]:
        """Run ``work(cursor)`` in the thread of the file, within a transaction.

        The transaction is shared by what was queued at the same time; work that raises is rolled back alone, and its
        exception is the future's. Trouble with the file is a StoreFault. Cancelling the future takes nothing back.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        if self._closing:
            future.set_exception(StoreFault("closed", "not"))
        elif self._queue.qsize() >= MAX_QUEUED:
            future.set_exception(StoreFault("overloaded", "not"))
        else:
            self._queue.put(_Job(work, future))
        return future

    async def close(self) -> None:
        """Finish what is queued, and let go of the file. May be called again."""
        if not self._closing:
            self._closing = True
            self._queue.put(None)
        await asyncio.shield(self._ended)

    def _serve(self) -> None:
        going = True
        while going:
            jobs: list[_Job] = []
            one = self._queue.get()
            with suppress(queue.Empty):
                while one is not None:
                    jobs.append(one)
                    if len(jobs) == MAX_GROUP:
                        break
                    one = self._queue.get_nowait()
            going = one is not None
            if jobs:
                written = self._connection.total_changes
                self._group(jobs)
                self._on_loop(self._settle, jobs, self._connection.total_changes != written)
        error: Exception | None = None
        try:
            self._connection.close()
        except sqlite3.Error as failure:
            error = fault_of(failure, "not")
        self._on_loop(self._end, error)

    def _on_loop(self, call: Callable[..., None], *arguments: object) -> None:
        # A loop that was closed without ``close`` being awaited has nobody left who could be told.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call, *arguments)

    def _group(self, jobs: list[_Job]) -> None:
        """One transaction; sets each job's result or error."""
        connection = self._connection
        try:
            cursor = connection.cursor()
            cursor.execute("BEGIN")
            for job in jobs:
                _attempt(connection, cursor, job)
        except sqlite3.Error as error:
            # The disk took the whole transaction with it, or did not let it begin.
            _fail(jobs, fault_of(error, "not"))
            _roll_back(connection)
            return
        try:
            cursor.execute("COMMIT")
        except sqlite3.Error as error:
            # A commit that the disk did not confirm may still be found after a crash.
            _fail(jobs, fault_of(error, "perhaps"))
            _roll_back(connection)

    def _settle(self, jobs: list[_Job], wrote: bool) -> None:
        """On the loop: give each future its outcome. Trouble ends with a write: a full disk can be read well enough."""
        trouble = ""
        for job in jobs:
            if isinstance(job.error, StoreFault):
                trouble = job.error.reason
            if job.future.done():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        if trouble != self.trouble and (trouble or wrote):
            self.trouble = trouble
            self._tell(f"store {self.path.name}: {trouble or 'works again'}")

    def _end(self, error: Exception | None) -> None:
        if error is not None:
            self._tell(f"store {self.path.name}: {error}")
        self._ended.set_result(None)


def _attempt(connection: sqlite3.Connection, cursor: sqlite3.Cursor, job: _Job) -> None:
    """One job between savepoints. Raises sqlite3.Error only when the whole transaction is gone."""
    cursor.execute("SAVEPOINT job")
    try:
        job.result = job.work(cursor)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and not connection.in_transaction:
            raise
        job.error = fault_of(error, "not") if isinstance(error, sqlite3.Error) and is_trouble(error) else error
        cursor.execute("ROLLBACK TO job")
    cursor.execute("RELEASE job")


def _fail(jobs: list[_Job], fault: StoreFault) -> None:
    """Nothing of the group stands: also what had gone well. Each gets a fault of its own, for it gets a traceback of its own."""
    for job in jobs:
        if job.error is None or isinstance(job.error, StoreFault):
            job.error = StoreFault(fault.reason, fault.done)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        # If the disk refuses this as well, the next BEGIN fails and tells.
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def open_file(path: Path, schemas: tuple[Schema, ...], tell: Callable[[str], None]) -> StoreFile:
    """Open or make the file, readable by its owner alone, and bring its tables up to date. Blocks; call it at start.

    Raises FileRefused, with words for the operator: another gateway has it, it is damaged, not SQLite, read-only, or
    written by a newer release.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    except OSError as error:
        raise FileRefused(f"{path}: cannot be opened: {error.strerror}") from error
    except sqlite3.Error as error:
        raise refused(path, error) from error
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        # Takes the lock now, and keeps it: not at the first write.
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        migrate(connection, path, schemas)
    except sqlite3.Error as error:
        connection.close()
        raise refused(path, error) from error
    except FileRefused:
        connection.close()
        raise
    return StoreFile(path, connection, tell)
