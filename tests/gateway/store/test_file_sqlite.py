"""The file: group commit, work that fails alone, one gateway at a time, disks in trouble, and kills."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store import file_sqlite
from gateway.store.faults_sqlite import FileRefused
from gateway.store.file_sqlite import StoreFile, open_file
from gateway.store.link import StoreFault
from gateway.store.schema_sqlite import Schema

NUMBERS = (Schema("numbers", (("CREATE TABLE numbers (n INTEGER PRIMARY KEY, text TEXT)",),)),)


def put(n: int, text: str = "") -> file_sqlite.Work[int]:
    def work(cursor: sqlite3.Cursor) -> int:
        cursor.execute("INSERT INTO numbers VALUES (?, ?)", (n, text))
        return n

    return work


def numbers(cursor: sqlite3.Cursor) -> list[int]:
    return [n for (n,) in cursor.execute("SELECT n FROM numbers ORDER BY n")]


async def hold(file: StoreFile) -> tuple[threading.Event, asyncio.Future[bool]]:
    """Work that the thread is in the middle of until the event is set."""
    entered, gate = threading.Event(), threading.Event()

    def work(_: sqlite3.Cursor) -> bool:
        entered.set()
        return gate.wait(10)

    held = file.run(work)
    await asyncio.to_thread(entered.wait)
    return gate, held


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
async def file(tmp_path: Path, told: list[str]) -> AsyncIterator[StoreFile]:
    file = open_file(tmp_path / "gateway.db", NUMBERS, told.append)
    yield file
    await file.close()


async def test_what_was_put_is_there_after_a_restart(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "gateway.db"
    file = open_file(path, NUMBERS, told.append)
    assert await file.run(put(7)) == 7
    await file.close()
    await file.close()
    with pytest.raises(StoreFault, match="closed"):
        await file.run(numbers)
    again = open_file(path, NUMBERS, told.append)
    assert await again.run(numbers) == [7]
    await again.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert told == []


async def test_what_is_queued_together_is_one_transaction(file: StoreFile) -> None:
    said: list[str] = []
    await file.run(lambda cursor: cursor.connection.set_trace_callback(said.append))
    gate, held = await hold(file)
    said.clear()
    many = [file.run(put(n)) for n in range(100)]
    gate.set()
    assert await held
    assert await asyncio.gather(*many) == list(range(100))
    assert said.count("COMMIT") == 2


async def test_work_that_raises_is_rolled_back_alone(file: StoreFile) -> None:
    class Refused(Exception):
        pass

    def half(cursor: sqlite3.Cursor) -> None:
        cursor.execute("INSERT INTO numbers VALUES (50, '')")
        raise Refused

    outcomes = await asyncio.gather(
        file.run(put(1)), file.run(half), file.run(put(1)), file.run(put(2)), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [int, Refused, sqlite3.IntegrityError, int]
    assert await file.run(numbers) == [1, 2]
    assert file.trouble == ""


async def test_cancelling_takes_nothing_back(file: StoreFile) -> None:
    file.run(put(1)).cancel()
    assert await file.run(numbers) == [1]


async def test_a_full_disk_is_a_fault_for_all_and_passes(file: StoreFile, told: list[str]) -> None:
    def full(cursor: sqlite3.Cursor) -> None:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    def roomy(cursor: sqlite3.Cursor) -> None:
        cursor.execute("PRAGMA max_page_count = 1000000")

    await file.run(put(1))
    await file.run(full)
    with pytest.raises(StoreFault, match="disk_full") as caught:
        await file.run(put(2, "x" * 100_000))
    assert caught.value.done == "not"
    assert file.trouble == "disk_full"
    await file.run(roomy)
    assert await file.run(put(3)) == 3
    assert await file.run(numbers) == [1, 3]
    assert told == ["store gateway.db: disk_full", "store gateway.db: works again"]


async def test_a_file_that_cannot_be_written_is_a_fault(file: StoreFile, told: list[str]) -> None:
    await file.run(lambda cursor: cursor.execute("PRAGMA query_only = ON"))
    with pytest.raises(StoreFault, match="read_only"):
        await file.run(put(1))
    assert told == ["store gateway.db: read_only"]


async def test_a_commit_that_the_disk_refuses_may_have_been_done(file: StoreFile) -> None:
    """A deferred constraint fails at COMMIT, as a disk does that refuses its last write."""

    def orphan(cursor: sqlite3.Cursor) -> None:
        cursor.execute("INSERT INTO child VALUES (99)")

    await file.run(
        lambda cursor: cursor.execute(
            "CREATE TABLE child (n INTEGER REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    outcomes = await asyncio.gather(file.run(put(1)), file.run(orphan), return_exceptions=True)
    assert [getattr(one, "done", None) for one in outcomes] == ["perhaps", "perhaps"]
    assert await file.run(numbers) == []


async def test_more_than_can_wait_is_refused(file: StoreFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_sqlite, "MAX_QUEUED", 2)
    gate, held = await hold(file)
    waiting = [file.run(put(n)) for n in range(3)]
    with pytest.raises(StoreFault, match="overloaded"):
        await waiting[2]
    gate.set()
    assert await asyncio.gather(held, *waiting[:2]) == [True, 0, 1]


async def test_a_second_gateway_is_told(file: StoreFile) -> None:
    script = (
        "import sys, asyncio\nfrom pathlib import Path\nfrom gateway.store.file_sqlite import open_file\n"
        "async def main():\n    open_file(Path(sys.argv[1]), (), print)\nasyncio.run(main())"
    )
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script, str(file.path)], capture_output=True, text=True, check=False
    )
    assert "FileRefused" in ended.stderr
    assert "another gateway has this file" in ended.stderr
    with pytest.raises(FileRefused, match="another gateway has this file"):
        open_file(file.path, NUMBERS, print)


async def test_files_that_are_none(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and longer than its header would be " * 40)
    with pytest.raises(FileRefused, match="damaged, or no SQLite database"):
        open_file(text, NUMBERS, print)
    with pytest.raises(FileRefused, match="cannot be opened: Is a directory"):
        open_file(tmp_path, NUMBERS, print)
    with pytest.raises(FileRefused, match="cannot be opened: No such file"):
        open_file(tmp_path / "none" / "gateway.db", NUMBERS, print)


async def test_pages_that_were_damaged_are_told(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "gateway.db"
    file = open_file(path, NUMBERS, told.append)
    await asyncio.gather(*(file.run(put(n, "x" * 500)) for n in range(200)))
    await file.close()
    data = bytearray(path.read_bytes())
    data[3 * 4096 :] = b"\xff" * (len(data) - 3 * 4096)
    path.write_bytes(data)
    damaged = open_file(path, NUMBERS, told.append)
    with pytest.raises(StoreFault, match="corrupt"):
        await damaged.run(lambda cursor: cursor.execute("SELECT sum(length(text)) FROM numbers").fetchall())
    assert damaged.trouble == "corrupt"
    await damaged.close()


KILLED = """
import sys, asyncio
from pathlib import Path
from tests.gateway.store.test_file_sqlite import NUMBERS, put
from gateway.store.file_sqlite import open_file

async def main():
    file = open_file(Path(sys.argv[1]), NUMBERS, print)
    n = 0
    while True:
        for done in await asyncio.gather(*(file.run(put(n + i)) for i in range(5))):
            print(done, flush=True)
        n += 5

asyncio.run(main())
"""


async def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "gateway.db"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = [int(await asyncio.to_thread(child.stdout.readline)) for _ in range(40)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().splitlines() if line]
    child.stdout.close()
    child.wait()
    file = open_file(path, NUMBERS, told.append)
    assert set(acknowledged) <= set(await file.run(numbers))
    await file.close()
