"""One page of names from all shards: stretches of each, merged as far as every shard was read.

Law of this file: no name is given out while a shard may still have one before it.
"""

from dataclasses import dataclass, field

from gateway.records.port import Page, Stored
from gateway.store.shards import SHARDS


@dataclass(slots=True)
class _Stretch:
    """What was read of one shard, up to ``last``."""

    last: str = ""
    ended: bool = False
    records: list[Stored] = field(default_factory=list)


class Stretches:
    """``length`` is how many names to ask of a shard at a time: a few more than its share."""

    def __init__(self, prefix: str, after: str, limit: int) -> None:
        self.length = 2 * (limit + 1) // SHARDS + 8
        self._limit = limit
        self._first = b"(" + after.encode() if after >= prefix and after else b"[" + prefix.encode()
        self._greatest = b"(" + prefix.encode() + b"\x7f" if prefix else b"+"
        self._shards = [_Stretch() for _ in range(SHARDS)]

    def wanted(self) -> list[tuple[int, bytes, bytes]]:
        """Shards to read on in, with the least and the greatest name; none: the page is complete."""
        found = sorted(record.name for stretch in self._shards for record in stretch.records)
        # One more than a page: whether there is more is asked as well.
        goal = found[self._limit] if len(found) > self._limit else None
        return [
            (shard, b"(" + stretch.last.encode() if stretch.last else self._first, self._greatest)
            for shard, stretch in enumerate(self._shards)
            if not stretch.ended and (goal is None or stretch.last < goal)
        ]

    def add(self, shard: int, last: str, records: list[Stored], *, ends: bool) -> None:
        """What a shard had; ``ends``: nothing comes after it."""
        stretch = self._shards[shard]
        stretch.last = last or stretch.last
        stretch.ended = ends
        stretch.records += records

    def page(self) -> Page:
        """The first records of all, once nothing is wanted."""
        found = sorted((record for stretch in self._shards for record in stretch.records), key=lambda one: one.name)
        return Page(tuple(found[: self._limit]), len(found) > self._limit)
