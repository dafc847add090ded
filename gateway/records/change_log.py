"""The changes of a store that only this process writes: a log in memory, and whoever waits for its next line.

Law of this file: an answer holds every change up to the moment it is given, or says that it cannot.
"""

import asyncio
import secrets
import struct
from collections import deque
from itertools import islice

from gateway.records.port import Change, Changes

KEPT = 100_000

_CURSOR = struct.Struct(">8sQ")


class ChangeLog:
    """``kept``: how many changes a reader may be behind. A cursor is the log's era and the number of changes before it."""

    def __init__(self, kept: int = KEPT) -> None:
        self._era = secrets.token_bytes(8)
        self._changes: deque[Change] = deque(maxlen=kept)
        self._count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def append(self, change: Change) -> None:
        """A record has another version now."""
        self._changes.append(change)
        self._count += 1
        self._wake()

    def forget(self) -> None:
        """What happened is not known any more: every reader is told that it lost the thread."""
        self._era = secrets.token_bytes(8)
        self._changes.clear()
        self._count = 0
        self._wake()

    def since(self, cursor: bytes) -> Changes:
        """The changes after a cursor; none and no loss for an empty one."""
        here = _CURSOR.pack(self._era, self._count)
        if not cursor:
            return Changes(here, ())
        era, seen = _CURSOR.unpack(cursor) if len(cursor) == _CURSOR.size else (b"", 0)
        behind = self._count - seen
        if era != self._era or not 0 <= behind <= len(self._changes):
            return Changes(here, (), lost=True)
        return Changes(here, tuple(islice(self._changes, len(self._changes) - behind, None)))

    async def after(self, cursor: bytes, wait_seconds: float) -> Changes:
        """As ``since``, but waits up to ``wait_seconds`` for the first change."""
        found = self.since(cursor)
        if found.changes or found.lost or not cursor or wait_seconds <= 0:
            return found
        woken = asyncio.get_running_loop().create_future()
        self._waiting.add(woken)
        try:
            await asyncio.wait([woken], timeout=wait_seconds)
        finally:
            self._waiting.discard(woken)
        return self.since(cursor)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(None)
