"""What SQLite says when it cannot: as a fault with a word for metrics, and in words for the operator."""

import sqlite3
from pathlib import Path

from gateway.store.link import Done, StoreFault

# Primary result codes, https://www.sqlite.org/rescode.html; extended ones have the primary one in their low byte.
WORDS = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_IOERR: "disk_error",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PERM: "not_permitted",
    sqlite3.SQLITE_AUTH: "not_permitted",
    sqlite3.SQLITE_NOMEM: "no_memory",
    sqlite3.SQLITE_TOOBIG: "too_big",
}

REFUSALS = {
    "locked": "another gateway has this file; a file serves one gateway, several share a Redis store",
    "corrupt": "damaged, or no SQLite database; bring it back from a backup, or begin with a new file",
    "read_only": "cannot be written; look at its permissions and those of its folder",
    "disk_full": "the disk is full",
}


class FileRefused(Exception):
    """A file that cannot be used; the message says what to do."""


def word_of(error: sqlite3.Error) -> str:
    """The word for an error: metrics and status pages show it."""
    # Errors of the module itself (a cursor of a closed connection) have no code.
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return "sqlite_error" if code is None else WORDS.get(code & 0xFF, "sqlite_error")


def is_trouble(error: sqlite3.Error) -> bool:
    """Whether the file or its disk is at fault, and not the statement."""
    return word_of(error) != "sqlite_error"


def fault_of(error: sqlite3.Error, done: Done) -> StoreFault:
    """The fault that tells of this error."""
    fault = StoreFault(word_of(error), done)
    fault.__cause__ = error
    return fault


def refused(path: Path, error: sqlite3.Error) -> FileRefused:
    """Why a file cannot be opened."""
    word = word_of(error)
    return FileRefused(f"{path}: {REFUSALS.get(word, word.replace('_', ' '))}")
