"""Usage in a file: the model, keeping, a file that fails, and what a restart leaves."""

import asyncio
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from gateway.message.ports import Outage
from gateway.store.file_sqlite import StoreFile, open_file
from gateway.usage import usage_sqlite
from gateway.usage.periods import DAY, HOUR, By, Keeping
from gateway.usage.port import WINDOW, Batch, Query
from gateway.usage.usage_sqlite import USAGE_SCHEMA, SqliteUsage
from tests.gateway.usage.model import NOW, SOMEBODY, TODAY, agrees, batch, cell, deliveries
from tests.strategies.key_sources import HandClock


def opened(folder: str | Path) -> StoreFile:
    return open_file(Path(folder) / "store.db", (USAGE_SCHEMA,), lambda _: None)


@settings(max_examples=20)
@given(deliveries())
def test_it_agrees_with_the_model(delivery: tuple[list[Batch], list[Batch]]) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            file = opened(folder)
            await agrees(SqliteUsage(file, HandClock(NOW)), *delivery)
            await file.close()

    asyncio.run(run())


async def test_what_was_taken_is_there_after_a_restart_and_not_taken_again(tmp_path: Path) -> None:
    for expected in (True, False):
        file = opened(tmp_path)
        store = SqliteUsage(file, HandClock(NOW))
        assert await store.add(batch(1, cell(TODAY))) is expected
        answer = await store.read(Query(TODAY, TODAY + HOUR))
        assert not isinstance(answer, Outage)
        assert answer.total.requests == 1
        await store.close()
        await file.close()


async def test_hours_are_forgotten_before_days_and_leave_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage_sqlite, "FORGOTTEN_AT_ONCE", 4)
    clock, file = HandClock(TODAY), opened(tmp_path)
    store = SqliteUsage(file, clock, Keeping(hours=2 * HOUR, days=2 * DAY))
    await store.add(batch(1, *(cell(TODAY, identity) for identity in SOMEBODY)))
    clock.now = TODAY + 3 * HOUR
    assert await requests(store, Query(TODAY, TODAY + HOUR)) == 0
    assert await requests(store, Query(TODAY, TODAY + HOUR, by="day")) == 5
    for number, left in ((2, 8), (3, 6)):  # six rows of the hour, four at once: then the day's six
        await store.add(batch(number))
        assert await file.run(rows) == left
    clock.now = TODAY + 3 * DAY
    assert await requests(store, Query(TODAY, TODAY + HOUR, by="day")) == 0
    await file.close()


async def test_a_batch_that_is_too_old_to_tell_is_skipped(tmp_path: Path) -> None:
    file = opened(tmp_path)
    store = SqliteUsage(file, HandClock(NOW))
    assert await store.add(batch(WINDOW + 5, cell()))
    assert await store.add(batch(5, cell())) is False
    assert await store.add(batch(6, cell()))
    await file.close()


async def test_a_gateway_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    clock, file = HandClock(NOW), opened(tmp_path)
    store = SqliteUsage(file, clock)
    await store.add(batch(1, cell(), gateway="old"))
    clock.now += 9 * DAY
    await store.add(batch(1, cell(), gateway="new"))
    known = await file.run(lambda cursor: cursor.execute("SELECT gateway FROM usage_taken").fetchall())
    assert known == [("new",)]
    await file.close()


async def test_a_file_that_is_closed_is_an_outage(tmp_path: Path) -> None:
    file = opened(tmp_path)
    store = SqliteUsage(file, HandClock(NOW))
    await file.close()
    assert isinstance(await store.add(batch(1, cell())), Outage)
    assert isinstance(await store.read(Query(TODAY, TODAY + HOUR)), Outage)
    assert isinstance(await store.read(Query(TODAY, TODAY + HOUR, top=3)), Outage)


async def test_a_batch_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path)
    store = SqliteUsage(file, HandClock(NOW))
    whole = batch(1, cell(TODAY, SOMEBODY[0]), cell(TODAY, SOMEBODY[1]))
    with monkeypatch.context() as broken:
        merge = usage_sqlite._merge

        def fails(cursor: sqlite3.Cursor, by: By, start: int, period: Any) -> None:
            merge(cursor, by, start, period)
            if by == "day":
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error

        broken.setattr(usage_sqlite, "_merge", fails)
        assert isinstance(await store.add(whole), Outage)
    assert await requests(store, Query(TODAY, TODAY + HOUR)) == 0
    assert await store.add(whole) is True
    assert await requests(store, Query(TODAY, TODAY + HOUR)) == 2
    await file.close()


async def test_a_batch_looks_its_rows_up_one_by_one(tmp_path: Path) -> None:
    """However many a period has: a batch that reads a period takes the longer the more identities there are."""
    file = opened(tmp_path)
    words = f"EXPLAIN QUERY PLAN WITH wanted (identity) AS (VALUES (?), (?)) {usage_sqlite._LOOK_UP}"
    steps = await file.run(lambda cursor: [row[3] for row in cursor.execute(words, (*SOMEBODY[:2], "day", 0))])
    assert "SEARCH usage_cells USING PRIMARY KEY (period=? AND start=? AND identity=?)" in steps
    await file.close()


def rows(cursor: sqlite3.Cursor) -> int:
    (found,) = cursor.execute("SELECT count(*) FROM usage_cells").fetchone()
    return int(found)


async def requests(store: SqliteUsage, query: Query) -> int:
    answer = await store.read(query)
    assert not isinstance(answer, Outage)
    return answer.total.requests
