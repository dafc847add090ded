"""Records in this process's memory: for trying out, for tests, and for a single gateway that may forget at a restart."""

import heapq
from bisect import bisect_left, bisect_right

from gateway.message.ports import Clock
from gateway.records.bounds import check_name, check_page, check_write, is_over
from gateway.records.change_log import KEPT, ChangeLog
from gateway.records.port import KINDS, Change, Changes, Conflict, Kind, Page, Stored


class _Shelf:
    """The records of one kind. ``names`` are sorted at a page, and may hold some that are gone until then."""

    def __init__(self) -> None:
        self.records: dict[str, Stored] = {}
        self._names: list[str] = []
        self._listed: set[str] = set()
        self._ordered = True

    def put(self, record: Stored) -> None:
        if record.name not in self._listed:
            self._listed.add(record.name)
            self._names.append(record.name)
            self._ordered = False
        self.records[record.name] = record

    def names(self) -> list[str]:
        if not self._ordered or len(self._names) > 2 * len(self.records):
            self._names = [name for name in self._names if name in self.records]
            self._names.sort()
            self._listed = set(self._names)
            self._ordered = True
        return self._names


class MemoryRecords:
    """A RecordStore. The store's time is ``clock``; ``kept`` is how many changes a reader may be behind."""

    def __init__(self, clock: Clock, kept: int = KEPT) -> None:
        self._clock = clock
        self._shelves: dict[Kind, _Shelf] = {kind: _Shelf() for kind in KINDS}
        self._log = ChangeLog(kept)
        self._version = 0
        self._ends: list[tuple[int, Kind, str]] = []

    async def get(self, kind: Kind, name: str) -> Stored | None:
        """See the port."""
        check_name(name)
        return self._there(kind, name)

    async def put(self, kind: Kind, name: str, content: bytes, expires: int, expect: int | None) -> Stored | Conflict:
        """See the port."""
        check_write(name, content, expires)
        there = self._there(kind, name)
        at = 0 if there is None else there.version
        if expect is not None and expect != at:
            return Conflict(at)
        record = Stored(name, self._next_version(), content, expires)
        self._shelves[kind].put(record)
        if expires:
            heapq.heappush(self._ends, (expires, kind, name))
        self._log.append(Change(kind, name, record.version))
        return record

    async def delete(self, kind: Kind, name: str, expect: int | None) -> bool | Conflict:
        """See the port."""
        check_name(name)
        there = self._there(kind, name)
        at = 0 if there is None else there.version
        if expect is not None and expect != at:
            return Conflict(at)
        if there is None:
            return False
        del self._shelves[kind].records[name]
        self._log.append(Change(kind, name, self._next_version()))
        return True

    async def page(self, kind: Kind, prefix: str, after: str, limit: int) -> Page:
        """See the port."""
        check_page(prefix, after, limit)
        found: list[Stored] = []
        names = self._shelves[kind].names()
        for place in range(_first_after(names, prefix, after), len(names)):
            if not names[place].startswith(prefix):
                break
            there = self._there(kind, names[place])
            if there is not None:
                found.append(there)
                if len(found) > limit:
                    break
        return Page(tuple(found[:limit]), len(found) > limit)

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes:
        """See the port."""
        return await self._log.after(cursor, wait_seconds)

    async def now(self) -> int:
        """See the port."""
        return self._clock()

    async def sweep(self, limit: int) -> int:
        """See the port."""
        now, swept = self._clock(), 0
        while swept < limit and self._ends and self._ends[0][0] <= now:
            _, kind, name = heapq.heappop(self._ends)
            # One that was written again since then has an end of its own, or none.
            kept = self._shelves[kind].records.get(name)
            if kept is not None and is_over(kept.expires, now):
                del self._shelves[kind].records[name]
            swept += 1
        return swept

    async def close(self) -> None:
        """See the port."""

    def _there(self, kind: Kind, name: str) -> Stored | None:
        kept = self._shelves[kind].records.get(name)
        return None if kept is None or is_over(kept.expires, self._clock()) else kept

    def _next_version(self) -> int:
        self._version = max(self._version + 1, self._clock())
        return self._version


def _first_after(names: list[str], prefix: str, after: str) -> int:
    """Where a page begins in sorted names: at the prefix, or behind ``after`` where that is later."""
    return bisect_right(names, after) if after >= prefix else bisect_left(names, prefix)
