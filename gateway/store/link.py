"""The port to a Redis store: scripts that run in one shard, and streams that are followed.

Law of this file: nothing is ever sent twice by itself, but a call that the server answered with NOSCRIPT. What a call
may have done is told by the fault, never guessed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script; ``sha`` is the name that servers know it by."""

    name: str
    text: str

    @property
    def sha(self) -> str:
        """SHA-1 of the text, hexadecimal: what EVALSHA takes."""
        return sha1(self.text.encode(), usedforsecurity=False).hexdigest()


Done = Literal["not", "perhaps"]


class StoreFault(Exception):
    """A call without a reply that can be used. ``done``: whether the script may have run. ``reason``: a word for metrics."""

    def __init__(self, reason: str, done: Done) -> None:
        super().__init__(reason)
        self.reason = reason
        self.done = done


class RedisLink(Protocol):
    """``clustered``: the keys of one call have to be in one shard. ``namespace`` begins every key."""

    namespace: str
    clustered: bool

    def call(self, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]) -> asyncio.Future[Any]:
        """Run a script where ``shard`` lives. Calls of one turn of the event loop to one server share a pipeline.

        The future has the reply (bytes, int, None or lists of them) or a StoreFault. It is settled within the link's time
        limit, whatever the server does; cancelling it does not take back the call.
        """
        ...

    async def follow(self, cursors: Mapping[bytes, bytes], wait_seconds: float) -> Mapping[bytes, Sequence[Any]]:
        """XREAD of streams (key to last id seen), on connections of its own: key to [(id, {field: value}), …].

        Answers when something came or after ``wait_seconds``. Raises StoreFault, and does so within a second of a server
        falling silent.
        """
        ...

    async def close(self) -> None:
        """Close every connection; calls without a reply are settled with a fault."""
        ...
