"""Which server has a shard: found by asking the nodes of a cluster, or the Sentinels, and asked again when in doubt."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from redis import exceptions as errors
from redis.crc import key_slot

from gateway.store.address import Place
from gateway.store.connect_redis import AnyConnection, connect
from gateway.store.link import StoreFault
from gateway.store.shards import SHARDS

Make = Callable[[Place], AnyConnection]

SLOTS: tuple[int, ...] = tuple(key_slot(b"%d" % shard) for shard in range(SHARDS))
"""The cluster slot of each shard's hash tag (Redis Cluster specification, "Hash tags")."""


class Places(Protocol):
    """``certain``: the answer never changes."""

    certain: bool

    async def find(self) -> Sequence[Place | None]:
        """The place of each shard; None: nobody serves it now. Raises StoreFault if nobody knows."""
        ...


class OnePlace:
    """A single server."""

    certain = True

    def __init__(self, place: Place) -> None:
        self._places = (place,) * SHARDS

    async def find(self) -> Sequence[Place | None]:
        """The one place."""
        return self._places


class ClusterPlaces:
    """The masters of a cluster. Nodes that were seen are asked as well as those that were named."""

    certain = False

    def __init__(self, seeds: Sequence[Place], make: Make, timeout: float) -> None:
        self._seeds = tuple(seeds)
        self._seen: tuple[Place, ...] = ()
        self._make = make
        self._timeout = timeout

    async def find(self) -> Sequence[Place | None]:
        """CLUSTER SLOTS of the first node that answers."""
        for seed in dict.fromkeys((*self._seen, *self._seeds)):
            ranges = await _ask(self._make(seed), self._timeout, "CLUSTER", "SLOTS")
            if isinstance(ranges, list) and ranges:
                found = _by_shard(seed, ranges)
                self._seen = tuple(dict.fromkeys(place for place in found if place is not None))
                return found
        raise StoreFault("unknown", "not")


class SentinelPlaces:
    """The master of a service, as the first Sentinel that knows it says."""

    certain = False

    def __init__(self, sentinels: Sequence[Place], service: str, make: Make, timeout: float) -> None:
        self._sentinels = list(sentinels)
        self._service = service
        self._make = make
        self._timeout = timeout

    async def find(self) -> Sequence[Place | None]:
        """SENTINEL GET-MASTER-ADDR-BY-NAME; a Sentinel that answered is asked first the next time."""
        for sentinel in list(self._sentinels):
            found = await _ask(
                self._make(sentinel), self._timeout, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._service
            )
            if isinstance(found, list) and len(found) == 2:
                self._sentinels.remove(sentinel)
                self._sentinels.insert(0, sentinel)
                return ((found[0].decode(), int(found[1])),) * SHARDS
        raise StoreFault("unknown", "not")


async def _ask(connection: AnyConnection, patience: float, *words: str) -> Any:
    """The reply of one command on a connection of its own, or None without one."""
    try:
        async with asyncio.timeout(patience):
            await connect(connection)
            await connection.send_command(*words, check_health=False)
            return await connection.read_response()
    except (errors.RedisError, OSError):
        return None
    finally:
        await connection.disconnect(nowait=True)


def _by_shard(seed: Place, ranges: list[Any]) -> list[Place | None]:
    places: list[Place | None] = [None] * SHARDS
    for first, last, master, *_ in ranges:
        host = (master[0] or b"").decode()
        # A node that does not know its own name is where we asked (CLUSTER SLOTS, "preferred endpoint").
        place = (seed[0] if host in {"", "?"} else host, int(master[1]))
        for shard, slot in enumerate(SLOTS):
            if first <= slot <= last:
                places[shard] = place
    return places
