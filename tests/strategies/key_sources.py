"""Key sources and a clock that tests hold in their hands."""

import asyncio
from typing import Any

from gateway.authn.key_fetch import Fetched, FetchFailed, KeyPlace


class HandClock:
    """A clock that moves when it is told to. Microseconds."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class HandFetcher:
    """Gives ``answer`` to every fetch, once ``gate`` is open; ``places`` are what was asked for."""

    def __init__(self, answer: Fetched | FetchFailed) -> None:
        self.answer = answer
        self.places: list[KeyPlace] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self, place: KeyPlace) -> Fetched | FetchFailed:
        self.places.append(place)
        await self.gate.wait()
        return self.answer


def published(*keys: dict[str, Any], max_age: int | None = None) -> Fetched:
    """The answer of an issuer that publishes these keys."""
    return Fetched({"keys": list(keys)}, max_age)


async def settled(turns: int = 50) -> None:
    """Let tasks that are ready run."""
    for _ in range(turns):
        await asyncio.sleep(0)
