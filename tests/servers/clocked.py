"""A link whose scripts are told the time. The scripts themselves take none from anybody: here their text is changed."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gateway.store.link import RedisLink, Script

_TIME = 'redis.call("TIME")'
_GIVEN = "{ARGV[#ARGV - 1], ARGV[#ARGV]}"


@lru_cache
def _told(script: Script) -> Script:
    return Script(f"told_{script.name}", script.text.replace(_TIME, _GIVEN))


class ClockedLink:
    """A RedisLink: ``now`` (microseconds since 1970) is what scripts find where they ask for TIME."""

    def __init__(self, inner: RedisLink, now: int = 0) -> None:
        self.inner = inner
        self.now = now
        self.namespace = inner.namespace
        self.clustered = inner.clustered

    def call(self, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]) -> asyncio.Future[Any]:
        """See the port."""
        seconds, micros = divmod(self.now, 1_000_000)
        return self.inner.call(_told(script), shard, keys, (*args, b"%d" % seconds, b"%d" % micros))

    async def follow(self, cursors: Mapping[bytes, bytes], wait_seconds: float) -> Mapping[bytes, Sequence[Any]]:
        """See the port."""
        return await self.inner.follow(cursors, wait_seconds)

    async def close(self) -> None:
        """See the port."""
        await self.inner.close()
