"""Words for what SQLite says."""

import sqlite3
from pathlib import Path

import pytest

from gateway.store.faults_sqlite import fault_of, is_trouble, refused, word_of


def error(code: int) -> sqlite3.Error:
    made = sqlite3.OperationalError("told by SQLite")
    made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (sqlite3.SQLITE_FULL, "disk_full"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk_error"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "read_only"),
        (sqlite3.SQLITE_NOTADB, "corrupt"),
        (sqlite3.SQLITE_CONSTRAINT, "sqlite_error"),
    ],
)
def test_extended_codes_have_the_word_of_their_primary_one(code: int, word: str) -> None:
    assert word_of(error(code)) == word
    assert is_trouble(error(code)) is (word != "sqlite_error")


def test_an_error_without_a_code_is_the_statements() -> None:
    assert word_of(sqlite3.ProgrammingError("Cannot operate on a closed cursor.")) == "sqlite_error"


def test_a_fault_keeps_its_cause_and_what_was_done() -> None:
    cause = error(sqlite3.SQLITE_FULL)
    fault = fault_of(cause, "perhaps")
    assert (fault.reason, fault.done, fault.__cause__) == ("disk_full", "perhaps", cause)


def test_refusals_say_what_to_do() -> None:
    path = Path("gateway.db")
    assert "another gateway has this file" in str(refused(path, error(sqlite3.SQLITE_BUSY)))
    assert str(refused(path, error(sqlite3.SQLITE_NOMEM))) == "gateway.db: no memory"
