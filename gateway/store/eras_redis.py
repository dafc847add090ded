"""Eras: whether the store still has the memory that this gateway knew. Each shard has its own.

A script that counts is given the era that the gateway knows, and answers LOST when the shard has another or none; then
the gateway asks here. What was counted before an era began cannot be known, until an operator accepts the loss.
"""

import asyncio
import secrets
from collections.abc import Callable

from gateway.store.link import RedisLink, StoreFault
from gateway.store.scripts import script_beside
from gateway.store.shards import SHARDS, key_in

ERA = script_beside(__file__, "era")


def random_hex() -> str:
    """A name for an era, 64 bits."""
    return secrets.token_hex(8)


class ErasRedis:
    """The eras that are known. ``lost`` counts the memories that were found gone."""

    def __init__(self, link: RedisLink, name: Callable[[], str] = random_hex) -> None:
        self._link = link
        self._name = name
        self._known: list[str] = [""] * SHARDS
        self._asking: dict[int, asyncio.Task[None]] = {}
        self.lost = 0

    def known(self, shard: int) -> bytes:
        """The name of the shard's era; empty before it was learnt."""
        return self._known[shard].encode()

    def key(self, shard: int) -> bytes:
        """Where the shard's era is kept: "<hex>:<created micros>"."""
        return key_in(self._link.namespace, shard, b"era")

    async def learn(self) -> None:
        """Learn every era ahead, so that a loss is seen in a shard that was never used. Raises StoreFault."""
        await asyncio.gather(*(self._ask(shard, "know") for shard in range(SHARDS)))

    def renew(self, shard: int) -> "asyncio.Task[None]":
        """Learn the era of one shard; those who ask while it is asked share the answer."""
        task = self._asking.get(shard)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._renew(shard))
            self._asking[shard] = task
        return task

    async def accept_loss(self) -> None:
        """For an operator: what the store has is all that counts, in every shard. Raises StoreFault."""
        await asyncio.gather(*(self._ask(shard, "accept") for shard in range(SHARDS)))

    async def _renew(self, shard: int) -> None:
        try:
            await self._ask(shard, "know")
        except StoreFault:
            # Whoever waits sends its step again, and meets the store's state itself.
            return
        finally:
            del self._asking[shard]

    async def _ask(self, shard: int, word: str) -> None:
        before = self._known[shard]
        args = (word.encode(), self._name().encode(), before.encode())
        era: bytes = await self._link.call(ERA, shard, (self.key(shard),), args)
        self._known[shard] = era.split(b":", 1)[0].decode()
        if before not in {"", self._known[shard]}:
            self.lost += 1
