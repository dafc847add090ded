"""Usage in the file of SQLite: one row for each cell, of hours and of days; a batch is one piece of work in a transaction."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from gateway.message.ports import OUTAGE, Clock, Outage
from gateway.store.file_sqlite import StoreFile
from gateway.store.link import StoreFault
from gateway.store.schema_sqlite import Schema
from gateway.usage.counters import merge
from gateway.usage.folding import Folding
from gateway.usage.periods import LENGTH, By, Keeping, floor
from gateway.usage.port import ANONYMOUS, OTHERS, WINDOW, Batch, Cell, Query, Usage

USAGE_SCHEMA = Schema(
    "usage",
    (
        (
            (
                "CREATE TABLE usage_places (place INTEGER PRIMARY KEY, policy TEXT NOT NULL, route TEXT NOT NULL,"
                " UNIQUE (policy, route)) STRICT"
            ),
            (
                "CREATE TABLE usage_cells (period TEXT NOT NULL, start INTEGER NOT NULL, identity BLOB NOT NULL,"
                " place INTEGER NOT NULL, requests INTEGER NOT NULL, counts TEXT NOT NULL,"
                " PRIMARY KEY (period, start, identity, place)) WITHOUT ROWID, STRICT"
            ),
            (
                "CREATE TABLE usage_taken (gateway TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,"
                " PRIMARY KEY (gateway, sequence)) WITHOUT ROWID, STRICT"
            ),
        ),
    ),
)

TOTAL = b"total"
"""In the place of an identity: the sums of all."""
TOP_LENGTH = 4_096
"""Identities of a period that are looked at for a list of the busiest."""
FORGOTTEN_AT_ONCE = 500
PERIODS_AT_ONCE = 50
TAKEN_MICROS = 8 * 86_400 * 1_000_000

Found = tuple[int, str, str, dict[str, int]]
Key = tuple[bytes, int]
"""An identity, or TOTAL, and the number of a place."""
Period = dict[Key, Mapping[str, int]]

_LOOK_UP = (
    "SELECT identity, place, counts FROM wanted CROSS JOIN usage_cells USING (identity) WHERE period = ? AND start = ?"
)


class SqliteUsage:
    """A UsageStore in a file that was opened with USAGE_SCHEMA; the file belongs to whoever opened it."""

    def __init__(self, file: StoreFile, clock: Clock, keeping: Keeping | None = None) -> None:
        self._file = file
        self._clock = clock
        self._keeping = keeping or Keeping()

    async def add(self, batch: Batch) -> bool | Outage:
        """Add a batch; False: it was taken before."""
        now = self._clock()
        try:
            new = await self._file.run(lambda cursor: _add(cursor, batch, now, self._keeping))
            await self._file.run(lambda cursor: _forget(cursor, now, self._keeping))
        except StoreFault:
            return OUTAGE
        return new

    async def read(self, query: Query) -> Usage | Outage:
        """The figures as they stand. In pieces of some periods, so that other work of the file does not wait for all."""
        folding = Folding(query)
        oldest = self._keeping.oldest(query.by, self._clock())
        starts = [start for start in query.periods if start >= oldest]
        identities: Sequence[bytes] = (TOTAL if query.identity is None else query.identity,)
        try:
            if query.top:
                identities = await self._busiest(query, starts)
            for identity in identities:
                for first in range(0, len(starts), PERIODS_AT_ONCE):
                    some = starts[first : first + PERIODS_AT_ONCE]
                    work = partial(_figures, by=query.by, starts=some, identity=identity)
                    for start, policy, route, counts in await self._file.run(work):
                        if query.top:
                            folding.add_identity(identity, counts)
                        else:
                            folding.add(start, policy, route, counts)
        except StoreFault:
            return OUTAGE
        return await asyncio.to_thread(folding.usage)

    async def close(self) -> None:
        """Nothing to let go of: the file has an owner."""

    async def _busiest(self, query: Query, starts: Iterable[int]) -> list[bytes]:
        requests: dict[bytes, int] = {}
        for start in starts:
            for identity, count in await self._file.run(partial(_requests, by=query.by, start=start)):
                requests[identity] = requests.get(identity, 0) + count
        return sorted(requests, key=lambda identity: (-requests[identity], identity))[: query.top]


def _add(cursor: sqlite3.Cursor, batch: Batch, now: int, keeping: Keeping) -> bool:
    (newest,) = cursor.execute(
        "SELECT coalesce(max(sequence), 0) FROM usage_taken WHERE gateway = ?", (batch.gateway,)
    ).fetchone()
    if batch.sequence <= newest - WINDOW:
        return False
    cursor.execute("INSERT OR IGNORE INTO usage_taken VALUES (?, ?, ?)", (batch.gateway, batch.sequence, now))
    if cursor.rowcount == 0:
        return False
    old = max(newest, batch.sequence) - WINDOW
    cursor.execute("DELETE FROM usage_taken WHERE gateway = ? AND sequence <= ?", (batch.gateway, old))
    for (by, start), period in _periods(cursor, batch).items():
        if keeping.until(by, start) > now:
            _merge(cursor, by, start, period)
    return True


def _periods(cursor: sqlite3.Cursor, batch: Batch) -> dict[tuple[By, int], Period]:
    """What the batch adds to each row of each period. Counts may be those of the batch itself: they are not to be changed."""
    periods: dict[tuple[By, int], Period] = {}
    totals: dict[tuple[int, int], dict[str, int]] = {}
    places: dict[tuple[str, str], int] = {}
    for cell in batch.cells:
        place = places.get((cell.policy, cell.route)) or _place(cursor, cell)
        places[cell.policy, cell.route] = place
        merge(totals.setdefault((cell.hour, place), {}), cell.counts)
        for by in LENGTH:
            _sum(periods.setdefault((by, floor(by, cell.hour)), {}), (cell.identity, place), cell.counts)
    for (hour, place), counts in totals.items():
        for by in LENGTH:
            _sum(periods[by, floor(by, hour)], (TOTAL, place), counts)
    return periods


def _sum(period: Period, key: Key, counts: Mapping[str, int]) -> None:
    found = period.get(key)
    if found is None:
        period[key] = counts
    else:
        both = dict(found)
        merge(both, counts)
        period[key] = both


def _place(cursor: sqlite3.Cursor, cell: Cell) -> int:
    names = (cell.policy, cell.route)
    cursor.execute("INSERT OR IGNORE INTO usage_places (policy, route) VALUES (?, ?)", names)
    (place,) = cursor.execute("SELECT place FROM usage_places WHERE policy = ? AND route = ?", names).fetchone()
    return int(place)


def _merge(cursor: sqlite3.Cursor, by: By, start: int, period: Period) -> None:
    """Add to the rows of one period: they are read with one statement and written with another, for there are many.

    The join is a cross join, so that identities are looked up one by one: an IN over so many is done by reading the period.
    """
    identities = list({identity for identity, _ in period})
    marks = ", ".join(["(?)"] * len(identities))
    rows = cursor.execute(
        f"WITH wanted (identity) AS (VALUES {marks}) {_LOOK_UP}",
        (*identities, by, start),
    )
    for identity, place, text in rows:
        if (identity, place) in period:
            _sum(period, (identity, place), json.loads(text))
    cursor.executemany(
        "INSERT OR REPLACE INTO usage_cells VALUES (?, ?, ?, ?, ?, ?)",
        [(by, start, *key, counts.get("n", 0), _packed(counts)) for key, counts in period.items()],
    )


def _packed(counts: Mapping[str, int]) -> str:
    """JSON: names are letters, digits and dots."""
    return "{" + ",".join([f'"{name}":{value}' for name, value in counts.items()]) + "}"


def _figures(cursor: sqlite3.Cursor, by: By, starts: Sequence[int], identity: bytes) -> list[Found]:
    found: list[Found] = []
    for start in starts:
        rows = cursor.execute(
            "SELECT policy, route, counts FROM usage_cells JOIN usage_places USING (place)"
            " WHERE period = ? AND start = ? AND identity = ?",
            (by, start, identity),
        )
        found += [(start, policy, route, json.loads(counts)) for policy, route, counts in rows]
    return found


def _requests(cursor: sqlite3.Cursor, by: By, start: int) -> list[tuple[bytes, int]]:
    """The busiest identities of a period."""
    return cursor.execute(
        "SELECT identity, sum(requests) AS total FROM usage_cells WHERE period = ? AND start = ?"
        " AND identity NOT IN (?, ?, ?) GROUP BY identity ORDER BY total DESC, identity LIMIT ?",
        (by, start, ANONYMOUS, OTHERS, TOTAL, TOP_LENGTH),
    ).fetchall()


def _forget(cursor: sqlite3.Cursor, now: int, keeping: Keeping) -> None:
    """Delete some of what is over: a bounded number of rows, for other work waits."""
    for by in LENGTH:
        cursor.execute(
            "DELETE FROM usage_cells WHERE (period, start, identity, place) IN (SELECT period, start, identity, place"
            " FROM usage_cells WHERE period = ? AND start < ? LIMIT ?)",
            (by, keeping.oldest(by, now), FORGOTTEN_AT_ONCE),
        )
    cursor.execute("DELETE FROM usage_taken WHERE at < ?", (now - TAKEN_MICROS,))
