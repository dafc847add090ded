"""The tables of counters in the file of SQLite, and what is done with them in its thread.

A counter's row holds what was promised, or exactly what was used once it left memory. Rows are named by a keyed digest:
a key may hold the value of a claim, and the file alone is not to tell it.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from gateway.quota.ahead import Durable, block, further
from gateway.store.schema_sqlite import Schema
from policylang.embed import QuotaState, RateState, State, ask

COLUMNS = """id BLOB PRIMARY KEY, kind TEXT NOT NULL,
a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, over INTEGER NOT NULL"""
"""Of a rate: arrival in whole microseconds, the remainder in units of 1/scale microsecond, scale. Of a quota: start, end,
used. ``over``: since when the row says nothing."""

LIMITS_SCHEMA = Schema(
    "limits",
    (
        (
            f"CREATE TABLE counters ({COLUMNS}) WITHOUT ROWID, STRICT",
            f"CREATE TABLE brief_counters ({COLUMNS}) WITHOUT ROWID, STRICT",
            "CREATE TABLE admitted_until (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT",
            "INSERT INTO admitted_until VALUES (1, 0)",
        ),
    ),
)

Row = tuple[bytes, str, int, int, int, int]


def row_id(key: bytes, secret: bytes) -> bytes:
    """The name of a counter's row."""
    return blake2b(key, digest_size=16, key=secret, person=b"limit counter").digest()


def row_of(row: bytes, state: State) -> Row:
    """A state as a row. An arrival is split: in units of 1/scale microsecond it may be beyond 64 bits."""
    if isinstance(state, RateState):
        whole, rest = divmod(state.arrival, state.scale)
        return row, "rate", whole, rest, state.scale, whole + (rest > 0)
    if isinstance(state, QuotaState):
        return row, "quota", state.start, state.end, state.used, state.end
    raise TypeError(f"not durable: {type(state).__name__}")


def state_of(kind: str, a: int, b: int, c: int) -> State:
    """The state of a row."""
    return RateState(a * c + b, c) if kind == "rate" else QuotaState(a, b, c)


@dataclass(slots=True)
class Writes:
    """What one transaction does. ``wanted``: counters to read, and the amount and instant of the charge they are read for.

    ``states``: what to write; None removes. ``until``: the new instant for all brief limits; 0 leaves it.
    """

    wanted: dict[bytes, tuple[Durable, int]] = field(default_factory=dict)
    states: dict[bytes, State | None] = field(default_factory=dict)
    until: int = 0


Found = dict[bytes, tuple[State | None, State | None]]
"""Key to (what the file had, what it promises since)."""


def carry_out(cursor: sqlite3.Cursor, writes: Writes, secret: bytes) -> Found:
    """Read and write as told. A counter that is read is promised a block in the same transaction, so it waits once."""
    found: Found = {}
    states: dict[bytes, State | None] = {}
    for key, (amount, now) in writes.wanted.items():
        row = cursor.execute("SELECT kind, a, b, c FROM counters WHERE id = ?", (row_id(key, secret),)).fetchone()
        had = None if row is None else state_of(*row)
        _, after = ask(amount, had, now)
        promised = had if after is None or after == had else further(after, amount, block(amount) - 1)
        if promised != had:
            states[key] = promised
        found[key] = had, promised
    states.update(writes.states)
    write_states(cursor, states, secret)
    if writes.until:
        cursor.execute("UPDATE admitted_until SET at = ?", (writes.until,))
    return found


def write_states(cursor: sqlite3.Cursor, states: Mapping[bytes, State | None], secret: bytes) -> None:
    """Write or remove rows, by key."""
    rows = [row_of(row_id(key, secret), state) for key, state in states.items() if state is not None]
    gone = [(row_id(key, secret),) for key, state in states.items() if state is None]
    if rows:
        cursor.executemany("INSERT OR REPLACE INTO counters VALUES (?, ?, ?, ?, ?, ?)", rows)
    if gone:
        cursor.executemany("DELETE FROM counters WHERE id = ?", gone)


def begin(cursor: sqlite3.Cursor, until: int) -> tuple[int, dict[bytes, State]]:
    """Open the counters: until when brief limits had admitted (0: no instant in doubt), and brief counters by their row's name.

    From here on the file says ``until``, and those rows are gone: a kill after this moment is seen as one.
    """
    (before,) = cursor.execute("SELECT at FROM admitted_until").fetchone()
    brief = {
        row: state_of(kind, a, b, c)
        for row, kind, a, b, c in cursor.execute("SELECT id, kind, a, b, c FROM brief_counters")
    }
    cursor.execute("DELETE FROM brief_counters")
    cursor.execute("UPDATE admitted_until SET at = ?", (until,))
    return before, brief


def end(
    cursor: sqlite3.Cursor,
    brief: Iterable[tuple[bytes, State]],
    unasked: Mapping[bytes, State],
    spent_at: int,
    secret: bytes,
) -> None:
    """A clean stop: brief counters by key as they are, and what the last start found and nobody asked for since.

    ``unasked``: by the name of their row. ``spent_at``: when all others count as spent, 0 where that is long ago.
    """
    rows = [row_of(row_id(key, secret), state) for key, state in brief]
    rows += [row_of(row, state) for row, state in unasked.items()]
    cursor.executemany("INSERT OR REPLACE INTO brief_counters VALUES (?, ?, ?, ?, ?, ?)", rows)
    cursor.execute("UPDATE admitted_until SET at = ?", (spent_at,))


def forget(cursor: sqlite3.Cursor, after: bytes, limit: int, before: int) -> bytes:
    """Look at ``limit`` rows behind ``after``, remove those that were over at ``before``; the last one, b"" at the end."""
    rows = cursor.execute("SELECT id, over FROM counters WHERE id > ? ORDER BY id LIMIT ?", (after, limit)).fetchall()
    cursor.executemany("DELETE FROM counters WHERE id = ?", [(row,) for row, over in rows if over <= before])
    return rows[-1][0] if len(rows) == limit else b""
