"""Usage in Redis: hashes that are added to by one script for each shard, each batch once in each shard.

A batch may be taken by some shards and not by others when a server falls silent; handed over again, the others take it.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from gateway.message.ports import OUTAGE, Outage
from gateway.store.link import RedisLink, StoreFault
from gateway.store.scripts import script_beside
from gateway.store.shards import SHARDS, shard_of
from gateway.usage.batch_redis import Added, by_shard, keys_and_args
from gateway.usage.folding import Folding
from gateway.usage.keys_redis import counts_of, identity_key, top_key, total_key, total_shard
from gateway.usage.periods import Keeping
from gateway.usage.port import Batch, Query, Usage

SHARDS_A_TURN = 8
HASHES_A_CALL = 16
CALLS_A_TURN = 4

T = TypeVar("T")
_Read = tuple[int, dict[bytes, tuple[int, bytes]]]
"""A shard, and for each key to read there the beginning of its period and its identity."""


class RedisUsage:
    """A UsageStore on a link, which belongs to whoever made it."""

    def __init__(self, link: RedisLink, keeping: Keeping | None = None) -> None:
        self._link = link
        self._keeping = keeping or Keeping()
        self._add, self._read, self._top = (
            script_beside(__file__, name) for name in ("usage_add", "usage_read", "usage_top")
        )

    async def add(self, batch: Batch) -> bool | Outage:
        """Add a batch; False: every shard had taken it. After an Outage some may have: hand over the same again."""
        shards = by_shard(batch)
        new = False
        for some in _slices(sorted(shards), SHARDS_A_TURN):
            replies = await _settled([self._call(batch, shard, shards[shard]) for shard in some])
            if isinstance(replies, Outage):
                return replies
            new = new or any(replies)
        return new

    async def read(self, query: Query) -> Usage | Outage:
        """The figures as they stand."""
        folding = Folding(query)
        identities = await self._busiest(query) if query.top else []
        if isinstance(identities, Outage):
            return identities
        for some in _slices(self._wanted(query, identities), CALLS_A_TURN):
            replies = await _settled([self._link.call(self._read, shard, list(keys), ()) for shard, keys in some])
            if isinstance(replies, Outage):
                return replies
            for (_, keys), hashes in zip(some, replies, strict=True):
                for (start, identity), flat in zip(keys.values(), hashes, strict=True):
                    _fold(folding, query, start, identity, flat)
        return await asyncio.to_thread(folding.usage)

    async def close(self) -> None:
        """Nothing to let go of: the link has an owner."""

    def _call(self, batch: Batch, shard: int, added: Sequence[Added]) -> "asyncio.Future[Any]":
        return self._link.call(
            self._add, shard, *keys_and_args(self._link.namespace, batch, shard, added, self._keeping)
        )

    def _wanted(self, query: Query, identities: Iterable[bytes]) -> list[_Read]:
        """The reads that answer a query: for each the shard, and the period and identity of each of its keys."""
        namespace, by = self._link.namespace, query.by
        hashes: dict[int, dict[bytes, tuple[int, bytes]]] = {}
        if query.identity is None and not query.top:
            for start in query.periods:
                hashes.setdefault(total_shard(by, start), {})[total_key(namespace, by, start)] = (start, b"")
        for identity in identities if query.identity is None else (query.identity,):
            known = hashes.setdefault(shard_of(identity), {})
            for start in query.periods:
                known[identity_key(namespace, by, start, identity)] = (start, identity)
        return [
            (shard, dict(some)) for shard, known in hashes.items() for some in _slices([*known.items()], HASHES_A_CALL)
        ]

    async def _busiest(self, query: Query) -> list[bytes] | Outage:
        """The identities with most requests, of every shard's lists."""
        requests: dict[bytes, int] = {}
        for some in _slices(range(SHARDS), SHARDS_A_TURN):
            calls = []
            for shard in some:
                keys = [top_key(self._link.namespace, shard, query.by, start) for start in query.periods]
                calls.append(self._link.call(self._top, shard, keys, [b"%d" % query.top]))
            replies = await _settled(calls)
            if isinstance(replies, Outage):
                return replies
            for flat in replies:
                requests.update(zip(flat[::2], map(int, flat[1::2]), strict=True))
        return sorted(requests, key=lambda identity: (-requests[identity], identity))[: query.top]


def _fold(folding: Folding, query: Query, start: int, identity: bytes, flat: Sequence[bytes]) -> None:
    for policy, route, counts in counts_of(flat):
        if query.top:
            folding.add_identity(identity, counts)
        else:
            folding.add(start, policy, route, counts)


async def _settled(calls: "Sequence[asyncio.Future[Any]]") -> list[Any] | Outage:
    """Every reply, or an Outage when one has none; not before all are settled."""
    replies = await asyncio.gather(*calls, return_exceptions=True)
    for reply in replies:
        if isinstance(reply, BaseException) and not isinstance(reply, StoreFault):
            raise reply
    return OUTAGE if any(isinstance(reply, StoreFault) for reply in replies) else list(replies)


def _slices(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
