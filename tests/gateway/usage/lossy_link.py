"""A link that can lose calls and replies, and a client to look at what came of them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from gateway.store.link import Script, StoreFault
from gateway.store.link_redis import open_link


class LossyLink:
    """``lose`` is asked with a call's number, from 1: "not" does not send it, "perhaps" sends it and loses the reply."""

    def __init__(self, url: str, namespace: str, lose: Callable[[int], str] = lambda _: "") -> None:
        self.namespace = namespace
        self.clustered = url.startswith("redis+cluster:")
        first = url.removeprefix("redis+cluster://").split(",")[0]
        self.client: Any = RedisCluster.from_url(f"redis://{first}") if self.clustered else Redis.from_url(url)
        self._link = open_link(url, namespace=namespace, timeout=10.0)
        self._lose = lose
        self._calls = 0

    def call(self, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]) -> "asyncio.Future[Any]":
        assert all(b":{%d}:" % shard in key for key in keys), "a key of another shard"
        self._calls += 1
        lost = self._lose(self._calls)
        if lost == "not":
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            future.set_exception(StoreFault("refused", "not"))
            return future
        sent = self._link.call(script, shard, keys, args)
        return sent if not lost else asyncio.ensure_future(self._unheard(sent))

    async def _unheard(self, sent: "asyncio.Future[Any]") -> None:
        await sent
        raise StoreFault("silent", "perhaps")

    async def follow(self, cursors: Mapping[bytes, bytes], wait_seconds: float) -> Mapping[bytes, Sequence[Any]]:
        return await self._link.follow(cursors, wait_seconds)

    async def close(self) -> None:
        await self._link.close()
        await self.client.aclose()
