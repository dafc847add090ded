"""Records in a Redis store: each in the shard of its name, each write one script.

In a shard, a kind has a hash (name to "version expires content"), its names and its ends, sorted; all kinds share a version
that only grows and a stream of changes. An entry of the stream tells the version before it, so that a reader sees a gap.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import count, islice
from typing import Any

from gateway.message.ports import OUTAGE, Outage
from gateway.records.bounds import check_name, check_page, check_write
from gateway.records.port import KINDS, Changes, Conflict, Kind, Page, Stored
from gateway.records.shard_changes import Gap, ShardCursor
from gateway.records.shard_pages import Stretches
from gateway.store.link import RedisLink, StoreFault
from gateway.store.scripts import script_beside
from gateway.store.shards import SHARDS, key_in, shard_of

KEPT = 2_000
"""Changes kept in each shard: 128,000 in all, where names are spread evenly."""

AT_ONCE = 500
CHECKED = 16
SWEPT = 16
STRETCH_BYTES = 256 * 1024

EVERYWHERE = range(SHARDS)


GET = script_beside(__file__, "record_get")
PUT = script_beside(__file__, "record_write", "record_put")
DELETE = script_beside(__file__, "record_write", "record_delete")
PAGE = script_beside(__file__, "record_page")
CHANGES = script_beside(__file__, "record_changes")
SWEEP = script_beside(__file__, "record_sweep")


class RedisRecords:
    """A RecordStore over a link, which others may use as well: ``close`` does not close it.

    ``kept`` is about how many changes of one shard a reader may be behind.
    """

    def __init__(self, link: RedisLink, kept: int = KEPT) -> None:
        self._link = link
        self._kept = b"%d" % kept
        self._checks = count(0, CHECKED)
        self._sweeps = count(0, SWEPT)

    async def get(self, kind: Kind, name: str) -> Stored | Outage | None:
        """See the port."""
        check_name(name)
        shard = shard_of(name.encode())
        try:
            kept = await self._link.call(GET, shard, [self._key(shard, b"records", kind)], [name.encode()])
        except StoreFault:
            return OUTAGE
        return None if kept is None else stored(name, kept)

    async def put(
        self, kind: Kind, name: str, content: bytes, expires: int, expect: int | None
    ) -> Stored | Conflict | Outage:
        """See the port."""
        check_write(name, content, expires)
        shard = shard_of(name.encode())
        args = [kind.encode(), name.encode(), content, b"%d" % expires, _expected(expect), self._kept]
        try:
            word, version = await self._link.call(PUT, shard, self._all_keys(shard, kind), args)
        except StoreFault:
            return OUTAGE
        return Conflict(int(version)) if word == b"conflict" else Stored(name, int(version), content, expires)

    async def delete(self, kind: Kind, name: str, expect: int | None) -> bool | Conflict | Outage:
        """See the port."""
        check_name(name)
        shard = shard_of(name.encode())
        args = [kind.encode(), name.encode(), _expected(expect), self._kept]
        try:
            word, version = await self._link.call(DELETE, shard, self._all_keys(shard, kind), args)
        except StoreFault:
            return OUTAGE
        return Conflict(int(version)) if word == b"conflict" else bool(word == b"gone")

    async def page(self, kind: Kind, prefix: str, after: str, limit: int) -> Page | Outage:
        """See the port. A few more names than an even share are asked of each shard, and then of those that had more."""
        check_page(prefix, after, limit)
        stretches = Stretches(prefix, after, limit)
        try:
            while wanted := stretches.wanted():
                replies = await asyncio.gather(
                    *(
                        self._link.call(
                            PAGE,
                            shard,
                            [self._key(shard, b"records", kind), self._key(shard, b"names", kind)],
                            [least, greatest, b"%d" % stretches.length, b"%d" % STRETCH_BYTES],
                        )
                        for shard, least, greatest in wanted
                    )
                )
                for (shard, _, _), (rest, last, *pairs) in zip(wanted, replies, strict=True):
                    stretches.add(shard, last.decode(), _records(pairs), ends=rest == b"1")
        except StoreFault:
            return OUTAGE
        return stretches.page()

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes | Outage:
        """See the port. Beside what the streams bring, some shards are looked at each time: an emptied store brings nothing."""
        try:
            if not cursor:
                return Changes(await self._here(), ())
            seen = ShardCursor(cursor)
            if wait_seconds > 0:
                unread = await self._follow(seen, wait_seconds)
                first = next(self._checks)
                await self._look(seen, unread | {(first + place) % SHARDS for place in range(CHECKED)})
            else:
                await self._look(seen, EVERYWHERE)
            return Changes(seen.packed(), seen.changes())
        except Gap:
            return await self._begin_again()
        except StoreFault:
            return OUTAGE

    async def sweep(self, limit: int) -> int | Outage:
        """See the port. Each call looks at some of the shards."""
        first = next(self._sweeps)
        shards = [(first + place) % SHARDS for place in range(SWEPT)]
        each = b"%d" % max(1, limit // (SWEPT * len(KINDS)))
        try:
            swept: list[int] = await asyncio.gather(
                *(
                    self._link.call(SWEEP, shard, self._all_keys(shard, kind)[:3], [each])
                    for shard in shards
                    for kind in KINDS
                )
            )
        except StoreFault:
            return OUTAGE
        return sum(swept)

    async def now(self) -> int | Outage:
        """See the port: the time of the server that has the first shard."""
        try:
            ((_, now, *_),) = await self._ask([0], [0], 1)
        except StoreFault:
            return OUTAGE
        return int(now)

    async def close(self) -> None:
        """See the port; whoever made the link closes it."""

    async def _begin_again(self) -> Changes | Outage:
        try:
            return Changes(await self._here(), (), lost=True)
        except StoreFault:
            return OUTAGE

    async def _here(self) -> bytes:
        """The cursor of this moment."""
        replies = await self._ask(EVERYWHERE, [0] * SHARDS, 1)
        return ShardCursor.at([int(reply[0]) for reply in replies]).packed()

    async def _follow(self, seen: ShardCursor, wait_seconds: float) -> set[int]:
        """Wait for changes and take them; the shards that may have more."""
        shard_of_stream = {self._key(shard, b"changes"): shard for shard in EVERYWHERE}
        cursors = {key: b"%d-0" % seen.versions[shard] for key, shard in shard_of_stream.items()}
        found = await self._link.follow(cursors, wait_seconds)
        for key, entries in found.items():
            for identifier, fields in entries:
                seen.take(shard_of_stream[key], identifier, fields)
        return {shard_of_stream[key] for key, entries in found.items() if len(entries) >= AT_ONCE}

    async def _look(self, seen: ShardCursor, shards: Iterable[int]) -> None:
        """Read on in these shards until nothing is left. Raises Gap where a shard cannot tell what happened."""
        left = list(shards)
        while left:
            replies = await self._ask(left, [seen.versions[shard] for shard in left], AT_ONCE)
            unread = []
            for shard, (version, _, *entries) in zip(left, replies, strict=True):
                for identifier, flat in entries:
                    seen.take(
                        shard, identifier, dict(zip(islice(flat, 0, None, 2), islice(flat, 1, None, 2), strict=True))
                    )
                if len(entries) == AT_ONCE:
                    unread.append(shard)
                elif seen.versions[shard] != int(version):
                    raise Gap
            left = unread

    async def _ask(self, shards: Sequence[int], versions: Sequence[int], most: int) -> list[Any]:
        return await asyncio.gather(
            *(
                self._link.call(
                    CHANGES,
                    shard,
                    [self._key(shard, b"version"), self._key(shard, b"changes")],
                    [b"%d" % version, b"%d" % most],
                )
                for shard, version in zip(shards, versions, strict=True)
            )
        )

    def _key(self, shard: int, what: bytes, kind: Kind | None = None) -> bytes:
        parts = (what,) if kind is None else (what, kind.encode())
        return key_in(self._link.namespace, shard, *parts)

    def _all_keys(self, shard: int, kind: Kind) -> list[bytes]:
        own = [self._key(shard, what, kind) for what in (b"records", b"names", b"ends")]
        return [*own, self._key(shard, b"version"), self._key(shard, b"changes")]


def _expected(expect: int | None) -> bytes:
    return b"" if expect is None else b"%d" % expect


def stored(name: str, kept: bytes) -> Stored:
    """A record from the text that it is kept as.

    >>> stored("a", b"7 0 {}")
    Stored(name='a', version=7, content=b'{}', expires=0)
    """
    version, expires, content = kept.split(b" ", 2)
    return Stored(name, int(version), content, int(expires))


def _records(pairs: Sequence[bytes]) -> list[Stored]:
    return [stored(name.decode(), kept) for name, kept in zip(pairs[::2], pairs[1::2], strict=True)]
