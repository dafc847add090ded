"""Versions of tables: steps are made once, in order, and files of a newer release are left alone."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.faults_sqlite import FileRefused
from gateway.store.schema_sqlite import Schema, migrate

PATH = Path("file.db")
FIRST = ("CREATE TABLE one (n INTEGER)", "INSERT INTO one VALUES (1)")
SECOND = ("ALTER TABLE one ADD COLUMN m INTEGER DEFAULT 7",)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def test_each_step_is_made_once(connection: sqlite3.Connection) -> None:
    migrate(connection, PATH, (Schema("a", (FIRST,)),))
    migrate(connection, PATH, (Schema("a", (FIRST,)),))
    assert connection.execute("SELECT * FROM one").fetchall() == [(1,)]
    migrate(connection, PATH, (Schema("a", (FIRST, SECOND)), Schema("b", (("CREATE TABLE two (n INTEGER)",),))))
    assert connection.execute("SELECT * FROM one").fetchall() == [(1, 7)]
    assert connection.execute("SELECT part, version FROM parts").fetchall() == [("a", 2), ("b", 1)]


def test_a_part_that_is_not_named_stays(connection: sqlite3.Connection) -> None:
    migrate(connection, PATH, (Schema("a", (FIRST,)),))
    migrate(connection, PATH, ())
    assert connection.execute("SELECT part, version FROM parts").fetchall() == [("a", 1)]


def test_a_file_of_a_newer_release_is_refused_and_not_touched(connection: sqlite3.Connection) -> None:
    migrate(connection, PATH, (Schema("a", (FIRST, SECOND)),))
    with pytest.raises(FileRefused, match="its a are of version 2, and this release knows 1"):
        migrate(connection, PATH, (Schema("z", (("CREATE TABLE z (n INTEGER)",),)), Schema("a", (FIRST,))))
    assert connection.execute("SELECT part FROM parts").fetchall() == [("a",)]
    assert not connection.in_transaction


def test_a_step_that_fails_leaves_nothing_behind(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, PATH, (Schema("a", (FIRST, ("CREATE nonsense",))),))
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert not connection.in_transaction
