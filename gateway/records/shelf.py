"""Cached records: packed, so that the garbage collector never looks at them, and bounded in number and bytes.

Two generations: what is used moves to the young one; what is evicted is taken from the old one, one by one. So a burst of
names that come once pushes out what was not used lately, and no eviction holds the loop.
"""

import struct
from typing import NamedTuple

from gateway.records.port import Kind

_HEAD = struct.Struct("<qqqI")
_OVERHEAD = 200
"""Bytes beside name and content: two objects' heads, the packed head, and the dictionary's place for them."""

PARTS = 64

Key = tuple[Kind, str]


class Entry(NamedTuple):
    """``version`` 0: the store had no such record. ``seen``: when it was asked, by the steady clock. ``epoch``: of the cache."""

    version: int
    expires: int
    seen: int
    epoch: int
    content: bytes


class Shelf:
    """At most ``entries`` records, and at most about ``size`` bytes of memory.

    Kept in parts, because a dictionary of a million names that grows holds the loop for tens of milliseconds.
    """

    def __init__(self, entries: int, size: int) -> None:
        count = PARTS if entries >= PARTS * PARTS else 1
        self._parts = tuple(_Part(entries // count, size // count) for _ in range(count))

    def __len__(self) -> int:
        return sum(len(part.young) + len(part.old) for part in self._parts)

    @property
    def bytes(self) -> int:
        """About how much memory the entries take."""
        return sum(part.bytes for part in self._parts)

    @property
    def evicted(self) -> int:
        """How many entries had to go for others."""
        return sum(part.evicted for part in self._parts)

    def get(self, kind: Kind, name: str) -> Entry | None:
        """The entry, which counts as used."""
        key = kind[0] + name
        packed = self._part(key).used(key)
        if packed is None:
            return None
        version, expires, seen, epoch = _HEAD.unpack_from(packed)
        return Entry(version, expires, seen, epoch, packed[_HEAD.size :])

    def head(self, kind: Kind, name: str) -> tuple[int, int, int, int] | None:
        """All of an entry but its content, which is not copied: version, expires, seen, epoch."""
        key = kind[0] + name
        packed = self._part(key).used(key)
        return None if packed is None else _HEAD.unpack_from(packed)

    def put(self, kind: Kind, name: str, entry: Entry) -> None:
        """Keep an entry in the place of any other of its name."""
        key = kind[0] + name
        packed = _HEAD.pack(entry.version, entry.expires, entry.seen, entry.epoch) + entry.content
        self._part(key).put(key, packed)

    def drop(self, kind: Kind, name: str) -> None:
        """Forget an entry, if there is one."""
        key = kind[0] + name
        self._part(key).drop(key)

    def _part(self, key: str) -> "_Part":
        return self._parts[hash(key) % len(self._parts)]


class _Part:
    """A share of the shelf with its share of the bounds."""

    __slots__ = ("_most", "_size", "bytes", "evicted", "old", "young")

    def __init__(self, most: int, size: int) -> None:
        self._most = most
        self._size = size
        self.young: dict[str, bytes] = {}
        self.old: dict[str, bytes] = {}
        self.bytes = 0
        self.evicted = 0

    def used(self, key: str) -> bytes | None:
        packed = self.young.get(key)
        if packed is None and (packed := self.old.pop(key, None)) is not None:
            self.young[key] = packed
        return packed

    def put(self, key: str, packed: bytes) -> None:
        self.drop(key)
        cost = len(packed) + len(key) + _OVERHEAD
        if cost > self._size:
            # It would push out everything, and itself after that.
            return
        self.young[key] = packed
        self.bytes += cost
        while len(self.young) + len(self.old) > self._most or self.bytes > self._size:
            self._evict()

    def drop(self, key: str) -> None:
        packed = self.young.pop(key, None) or self.old.pop(key, None)
        if packed is not None:
            self.bytes -= len(packed) + len(key) + _OVERHEAD

    def _evict(self) -> None:
        if not self.old:
            self.old, self.young = self.young, {}
        key, packed = self.old.popitem()
        self.bytes -= len(packed) + len(key) + _OVERHEAD
        self.evicted += 1
