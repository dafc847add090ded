"""Records in a file: what the model does not reach: writers that leave, disks that refuse, kills, and two stores on one file."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.message.ports import OUTAGE
from gateway.records.port import Page, Stored
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.store.file_sqlite import StoreFile, open_file
from tests.gateway.records.benches import HandClock


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[StoreFile]:
    file = open_file(tmp_path / "gateway.db", (RECORDS,), lambda _: None)
    yield file
    await file.close()


@pytest.fixture
def store(file: StoreFile) -> SqliteRecords:
    return SqliteRecords(file, HandClock())


async def test_a_writer_that_leaves_has_written_and_it_is_told(store: SqliteRecords) -> None:
    cursor = (await store.changes(b"", 0)).cursor
    write = asyncio.create_task(store.put("metadata", "a", b"{}", 0, None))
    await asyncio.sleep(0)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    assert write.cancelled()
    there = await store.get("metadata", "a")
    assert isinstance(there, Stored)
    assert [change.version for change in (await store.changes(cursor, 0)).changes] == [there.version]


async def test_a_disk_that_refuses_is_an_outage_and_nothing_is_told(store: SqliteRecords, file: StoreFile) -> None:
    cursor = (await store.changes(b"", 0)).cursor
    await file.run(lambda cursor: cursor.execute("PRAGMA query_only = ON"))
    assert await store.put("metadata", "a", b"{}", 0, None) is OUTAGE
    assert await store.delete("metadata", "a", None) is False
    found = await store.changes(cursor, 0)
    assert (found.changes, found.lost) == ((), False)
    assert file.trouble == "read_only"


async def test_a_write_that_may_stand_puts_everything_in_doubt(store: SqliteRecords, file: StoreFile) -> None:
    await file.run(lambda cursor: cursor.execute("CREATE TABLE parent (n INTEGER PRIMARY KEY)"))
    await file.run(
        lambda cursor: cursor.execute("CREATE TABLE child (n REFERENCES parent (n) DEFERRABLE INITIALLY DEFERRED)")
    )
    cursor = (await store.changes(b"", 0)).cursor

    def orphan(cursor: sqlite3.Cursor) -> None:
        cursor.execute("INSERT INTO child VALUES (1)")

    refused = file.run(orphan)
    written, _ = await asyncio.gather(
        store.put("metadata", "a", b"{}", 0, None), asyncio.gather(refused, return_exceptions=True)
    )
    # In one group with the write that the commit refused, or in one of its own.
    assert (await store.changes(cursor, 0)).lost is (written is OUTAGE)


async def test_a_closed_file_is_an_outage(store: SqliteRecords, file: StoreFile) -> None:
    await file.close()
    assert await store.get("metadata", "a") is OUTAGE
    assert await store.page("metadata", "", "", 1) is OUTAGE
    assert await store.sweep(1) is OUTAGE
    assert await store.put("metadata", "a", b"{}", 0, None) is OUTAGE


async def test_the_sweep_takes_what_has_ended_and_no_more_than_it_may(file: StoreFile) -> None:
    clock = HandClock()
    store = SqliteRecords(file, clock)
    for n in range(5):
        await store.put("key", f"n{n}", b"{}", clock.now + 1 + n, None)
    await store.put("key", "stays", b"{}", 0, None)
    clock.now += 4
    assert [await store.sweep(3) for _ in range(3)] == [3, 1, 0]
    rows = await file.run(lambda cursor: cursor.execute("SELECT name FROM records ORDER BY name").fetchall())
    assert rows == [("n4",), ("stays",)]


async def test_pages_and_ends_are_found_by_index(file: StoreFile) -> None:
    def plans(cursor: sqlite3.Cursor) -> str:
        page = "SELECT * FROM records WHERE kind = 'key' AND name >= 'a' AND name < 'b' ORDER BY name LIMIT 5"
        ends = "SELECT kind, name FROM records WHERE expires > 0 AND expires <= 7 LIMIT 5"
        return " ".join(str(row) for query in (page, ends) for row in cursor.execute(f"EXPLAIN QUERY PLAN {query}"))

    told = await file.run(plans)
    assert "SCAN" not in told
    assert "TEMP B-TREE" not in told
    assert "records_end" in told


KILLED = """
import asyncio, sys, time
from pathlib import Path
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.store.file_sqlite import open_file

async def main():
    store = SqliteRecords(open_file(Path(sys.argv[1]), (RECORDS,), print), lambda: time.time_ns() // 1000)
    n = 0
    while True:
        for one in await asyncio.gather(*(store.put("metadata", f"n{n + i}", b"{}", 0, 0) for i in range(7))):
            print(one.name, one.version, flush=True)
        n += 7

asyncio.run(main())
"""


async def test_a_kill_loses_no_acknowledged_write_and_no_version_returns(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    lines = [await asyncio.to_thread(child.stdout.readline) for _ in range(50)]
    child.kill()
    # A line of which half was written acknowledges nothing.
    lines += [line for line in child.stdout.readlines() if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    acknowledged = {name: int(version) for name, version in (line.split() for line in lines)}
    file = open_file(path, (RECORDS,), print)
    store = SqliteRecords(file, HandClock(0))
    for name, version in acknowledged.items():
        there = await store.get("metadata", name)
        assert isinstance(there, Stored)
        assert there.version == version
    page = await store.page("metadata", "", "", 1_000)
    assert isinstance(page, Page)
    written = await store.put("metadata", "again", b"{}", 0, 0)
    assert isinstance(written, Stored)
    assert written.version > max(record.version for record in page.records)
    await file.close()
