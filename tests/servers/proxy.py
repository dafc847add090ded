"""A proxy between a gateway and its store that delays answers, or loses them after the store did what was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

Fate = Callable[[int], float | None]
"""Of the nth chunk of answers: after how many seconds it is handed on; None: it is lost, and the connection with it."""


class Proxy:
    """``port`` is where it listens; ``fate`` may be changed at any time. ``lost`` and ``passed`` count chunks."""

    def __init__(self, target: int, fate: Fate) -> None:
        self.fate = fate
        self.port = 0
        self.lost = 0
        self.passed = 0
        self._target = target
        self._numbers = count()
        self._open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            behind_reader, behind = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._open |= {writer, behind}
        try:
            await asyncio.gather(self._there(reader, behind), self._back(behind_reader, writer, behind))
        except OSError:
            self.lost += 1
        finally:
            for side in (writer, behind):
                side.close()
                self._open.discard(side)

    async def _there(self, reader: asyncio.StreamReader, behind: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            behind.write(data)
            await behind.drain()
        behind.close()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, behind: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            wait = self.fate(next(self._numbers))
            if wait is None:
                self.lost += 1
                break
            if wait:
                await asyncio.sleep(wait)
            self.passed += 1
            writer.write(data)
            await writer.drain()
        writer.close()
        behind.close()

    def drop(self) -> None:
        """Close every connection."""
        for side in self._open:
            side.close()


@asynccontextmanager
async def proxy(target: int, fate: Fate = lambda number: 0.0) -> AsyncIterator[Proxy]:
    """A proxy on a free port, in front of a port of this machine."""
    made = Proxy(target, fate)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.drop()
        await asyncio.sleep(0)
