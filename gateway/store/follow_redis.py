"""Following streams: one blocking XREAD of a single server; short rounds of XREADs of a cluster's nodes.

An XREAD cannot span slots, and sixty-four blocking connections for each gateway would be more than what is followed.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis import exceptions as errors

from gateway.store.address import Place
from gateway.store.connect_redis import AnyConnection, connect
from gateway.store.faults_redis import fault_of
from gateway.store.link import StoreFault

Entries = Mapping[bytes, Sequence[Any]]

LONGEST_BLOCK = 0.4
"""Seconds that a server may keep an XREAD: with as many again for the answer to come, its silence shows in a second."""
PATIENCE = 0.5
ROUND = 0.1
MOST_ENTRIES = 1_000


class FollowRedis:
    """Streams of one or several servers, each over a connection of its own that nothing else uses."""

    def __init__(self, make: Callable[[Place], AnyConnection]) -> None:
        self._make = make
        self._connections: dict[Place, AnyConnection] = {}

    async def read_one(self, place: Place, cursors: Mapping[bytes, bytes], wait: float) -> Entries:
        """XREAD of all streams at one server, blocking up to ``wait`` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            block = min(max(0.0, until - loop.time()), LONGEST_BLOCK)
            words = ["XREAD", "COUNT", MOST_ENTRIES]
            if block >= 0.001:
                words += ["BLOCK", int(block * 1000)]
            found = await self._exchange(place, [_xread(words, cursors)], block + PATIENCE)
            if found or loop.time() >= until:
                return found

    async def read_many(self, places: Mapping[Place, Mapping[bytes, bytes]], wait: float) -> Entries:
        """XREADs of one stream each, at several servers, in rounds until something came or ``wait`` seconds are over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            asked = [
                self._exchange(
                    place,
                    [_xread(["XREAD", "COUNT", MOST_ENTRIES], {key: at}) for key, at in cursors.items()],
                    PATIENCE,
                )
                for place, cursors in places.items()
            ]
            results = await asyncio.gather(*asked, return_exceptions=True)
            found: dict[bytes, Sequence[Any]] = {}
            for result in results:
                if isinstance(result, BaseException):
                    raise result
                found.update(result)
            if found or loop.time() >= until:
                return found
            await asyncio.sleep(min(ROUND, max(0.0, until - loop.time())))

    async def close(self) -> None:
        """Close the connections."""
        for connection in self._connections.values():
            await connection.disconnect(nowait=True)
        self._connections.clear()

    async def _exchange(self, place: Place, commands: list[Sequence[Any]], patience: float) -> Entries:
        connection = self._connections.pop(place, None) or self._make(place)
        try:
            async with asyncio.timeout(patience):
                if not connection.is_connected:
                    await connect(connection)
                await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
                replies = [await _reply(connection) for _ in commands]
        except TimeoutError:
            await connection.disconnect(nowait=True)
            raise StoreFault("timeout", "not") from None
        except (errors.RedisError, OSError):
            await connection.disconnect(nowait=True)
            raise StoreFault("connection", "not") from None
        except BaseException:
            await connection.disconnect(nowait=True)
            raise
        self._connections[place] = connection
        found: dict[bytes, Sequence[Any]] = {}
        for reply in replies:
            if isinstance(reply, StoreFault):
                raise reply
            for key, entries in reply or ():
                found[key] = [(at, dict(zip(fields[::2], fields[1::2], strict=True))) for at, fields in entries]
        return found


async def _reply(connection: AnyConnection) -> Any:
    """A reply, or the fault of an error reply: all replies are read before one is acted on."""
    try:
        return await connection.read_response()
    except errors.ResponseError as error:
        return fault_of(error)


def _xread(words: Sequence[Any], cursors: Mapping[bytes, bytes]) -> Sequence[Any]:
    return [*words, "STREAMS", *cursors.keys(), *cursors.values()]
