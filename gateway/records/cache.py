"""Records as the gateway knows them: from memory while the feed vouches for them, from the store when it does not.

Law of this file: what is kept was read after the last change that was told of it. A change that comes while a record is
being read makes the reading void, unless what was read is that change or a later one.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage
from gateway.records.bounds import is_over
from gateway.records.in_time import in_time
from gateway.records.port import Change, Kind, RecordStore, Stored
from gateway.records.shelf import Entry, Key, Shelf

MAX_FLIGHTS = 10_000
ANSWER_SECONDS = 1.0
READINGS = 4
"""Readings of a record that changes under them; the last is given to who waits, and not kept."""

UNKNOWN = -1

Found = Stored | Outage | None


class Vouching(Protocol):
    """What the cache asks of the feed."""

    @property
    def live(self) -> bool:
        """Whether what was told may be believed now."""
        ...

    @property
    def vouched(self) -> int:
        """Up to when every change was told, by the steady clock."""
        ...

    @property
    def offset(self) -> int:
        """What to add to the gateway's clock for the store's time."""
        ...


class _Flight:
    """One reading that several wait for. Whoever gives up leaves it to the others."""

    __slots__ = ("changed", "found", "task")

    def __init__(self) -> None:
        self.changed = 0
        self.found: Found = OUTAGE
        self.task: asyncio.Task[None] | None = None

    def __await__(self) -> Generator[Any, None, None]:
        if self.task is None:
            return
        yield from asyncio.shield(self.task).__await__()


class RecordCache:
    """Bounded in records and bytes. It is one of the feed's listeners; ``follow_by`` names the feed, made after it."""

    def __init__(self, store: RecordStore, steady: Callable[[], int], entries: int, size: int) -> None:
        self._store = store
        self._steady = steady
        self._shelf = Shelf(entries, size)
        self._flights: dict[Key, _Flight] = {}
        self._epoch = 0
        self._feed: Vouching | None = None
        self.hits = 0
        self.readings = 0
        self.stale_answers = 0

    def __len__(self) -> int:
        return len(self._shelf)

    @property
    def bytes(self) -> int:
        """About how much memory the records take."""
        return self._shelf.bytes

    def follow_by(self, feed: Vouching) -> None:
        """Believe what this feed vouches for; without one, every look asks the store."""
        self._feed = feed

    def version(self, kind: Kind, name: str, now: int) -> int:
        """The version of a record that is known and vouched for, 0 where there is none; UNKNOWN: it has to be looked at.

        The short way for who keeps what a version says.
        """
        feed = self._feed
        if feed is None or not feed.live:
            return UNKNOWN
        head = self._shelf.head(kind, name)
        if head is None or head[3] != self._epoch:
            return UNKNOWN
        self.hits += 1
        return 0 if 0 < head[1] <= now + feed.offset else head[0]

    def look(self, kind: Kind, name: str, now: int, stale: int = 0) -> Found | Parked[Found]:
        """The record; at once where it is known and vouched for, absence included.

        While the store does not answer, what was vouched for within the last ``stale`` microseconds is given; else it is
        an Outage. ``now``: the gateway's clock.
        """
        feed = self._feed
        if feed is not None and feed.live:
            entry = self._shelf.get(kind, name)
            if entry is not None and entry.epoch == self._epoch:
                self.hits += 1
                return self._record(name, entry, now)
        flight = self._flights.get((kind, name)) or self._depart(kind, name)
        if flight is None:
            return self._known(kind, name, now, stale)

        def resume() -> Found:
            found = flight.found
            return self._known(kind, name, now, stale) if isinstance(found, Outage) else found

        return Parked(flight, resume)

    def changed(self, changes: Sequence[Change]) -> None:
        """See Reads."""
        for change in changes:
            flight = self._flights.get((change.kind, change.name))
            if flight is not None:
                flight.changed = max(flight.changed, change.version)
            entry = self._shelf.get(change.kind, change.name)
            if entry is not None and entry.version < change.version:
                self._shelf.drop(change.kind, change.name)

    def doubted(self) -> None:
        """See Reads."""
        self._epoch += 1

    def _record(self, name: str, entry: Entry, now: int) -> Stored | None:
        offset = 0 if self._feed is None else self._feed.offset
        if not entry.version or is_over(entry.expires, now + offset):
            return None
        return Stored(name, entry.version, entry.content, entry.expires)

    def _known(self, kind: Kind, name: str, now: int, stale: int) -> Found:
        """What was vouched for lately: the answer while the store is out."""
        entry = self._shelf.get(kind, name)
        if entry is None:
            return OUTAGE
        vouched = entry.seen
        if self._feed is not None and entry.epoch == self._epoch:
            vouched = max(vouched, self._feed.vouched)
        if self._steady() - vouched > stale:
            return OUTAGE
        self.stale_answers += 1
        return self._record(name, entry, now)

    def _depart(self, kind: Kind, name: str) -> _Flight | None:
        if len(self._flights) >= MAX_FLIGHTS:
            return None
        flight = self._flights[kind, name] = _Flight()
        flight.task = asyncio.get_running_loop().create_task(self._fly(kind, name, flight))
        return flight

    async def _fly(self, kind: Kind, name: str, flight: _Flight) -> None:
        try:
            for _ in range(READINGS):
                epoch, seen, flight.changed = self._epoch, self._steady(), 0
                self.readings += 1
                found = flight.found = await in_time(self._store.get(kind, name), ANSWER_SECONDS)
                if isinstance(found, Outage):
                    return
                if epoch != self._epoch:
                    continue
                at = 0 if found is None else found.version
                if at >= flight.changed:
                    kept = Entry(0, 0, seen, epoch, b"") if found is None else _entry(found, seen, epoch)
                    self._shelf.put(kind, name, kept)
                    return
            # It changes faster than it can be read: what was known before is older than what was told.
            self._shelf.drop(kind, name)
        finally:
            del self._flights[kind, name]


def _entry(found: Stored, seen: int, epoch: int) -> Entry:
    return Entry(found.version, found.expires, seen, epoch, found.content)
