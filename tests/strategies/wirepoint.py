"""One end of a TCP connection as tests want it: bytes kept, ends told apart, nothing waited for by the clock."""

import asyncio
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

GUARD_SECONDS = 20
"""Nothing is proved by this time: it turns a hang into a failure."""


class Cut(Exception):
    """The connection ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``head`` is everything before the body, ``body`` without its framing; ``chunked`` and ``to_end`` say how it was framed."""

    status: int
    head: bytes
    body: bytes
    chunked: bool = False
    to_end: bool = False

    def fields(self, name: str) -> list[bytes]:
        """Values of the fields of a name."""
        wanted = name.lower().encode()
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:] if line)
        return [value.strip() for field, _, value in lines if field.lower() == wanted]


class Wirepoint(asyncio.Protocol):
    """A connection. ``data`` is what came and was not read yet; ``reset``: it ended with a reset; ``ended``: it ended."""

    def __init__(self, made: "Callable[[Wirepoint], None] | None" = None) -> None:
        self.data = bytearray()
        self.total = 0
        self.ended = False
        self.reset = False
        self.clogged = False
        self._made = made
        self._wakes: set[asyncio.Future[None]] = set()
        self.wire: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "pause_reading")
        self.wire = transport  # type: ignore[assignment]
        if self._made is not None:
            self._made(self)

    def data_received(self, data: bytes) -> None:
        self.data += data
        self.total += len(data)
        self._changed()

    def eof_received(self) -> None:
        self._changed()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.reset = isinstance(exc, ConnectionResetError)
        self._changed()

    def pause_writing(self) -> None:
        self.clogged = True
        self._changed()

    def resume_writing(self) -> None:
        self.clogged = False
        self._changed()

    def write(self, *pieces: bytes) -> None:
        """Send bytes in one segment."""
        self.wire.write(b"".join(pieces))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that changes with this connection."""
        await until(holds, self._wakes)

    async def read_until(self, mark: bytes) -> bytes:
        """Bytes up to a mark, with it. Raises Cut."""
        await self.until(lambda: mark in self.data or self.ended)
        found = self.data.find(mark)
        if found < 0:
            raise Cut(bytes(self.data))
        return self._take(found + len(mark))

    async def read(self, size: int) -> bytes:
        """So many bytes. Raises Cut."""
        await self.until(lambda: len(self.data) >= size or self.ended)
        if len(self.data) < size:
            raise Cut(bytes(self.data))
        return self._take(size)

    async def read_to_end(self) -> bytes:
        """Everything until the connection ends. Raises Cut for a reset."""
        await self.until(lambda: self.ended)
        if self.reset:
            raise Cut(bytes(self.data))
        return self._take(len(self.data))

    async def gone(self) -> None:
        """Wait for the connection's end, whatever it is."""
        await self.until(lambda: self.ended)

    async def answer(self, *, bodyless: bool = False) -> Answer:
        """One answer, read strictly. ``bodyless``: to a HEAD request. Raises Cut where it is not whole."""
        head = await self.read_until(b"\r\n\r\n")
        low = head.lower()
        status = int(head[9:12])
        if bodyless or status < 200 or status in {204, 304}:
            return Answer(status, head, b"")
        if b"\r\ntransfer-encoding: chunked\r\n" in low:
            assert b"\r\ncontent-length:" not in low
            body = b""
            while True:
                size = int(await self.read_until(b"\r\n"), 16)
                body += await self.read(size)
                assert await self.read(2) == b"\r\n"
                if size == 0:
                    return Answer(status, head, body, chunked=True)
        length = re.search(rb"\r\ncontent-length: (\d+)\r\n", low)
        if length:
            return Answer(status, head, await self.read(int(length[1])))
        return Answer(status, head, await self.read_to_end(), to_end=True)

    def break_off(self) -> None:
        """End with a reset."""
        sock = self.wire.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wire.abort()

    def abort(self) -> None:
        """Leave without a word."""
        self.wire.abort()

    def _take(self, size: int) -> bytes:
        taken = bytes(self.data[:size])
        del self.data[:size]
        return taken

    def _changed(self) -> None:
        for wake in self._wakes:
            if not wake.done():
                wake.set_result(None)


async def until(holds: Callable[[], bool], wakes: set[asyncio.Future[None]]) -> None:
    """Wait for a condition that is looked at whenever one of the wakes is set."""
    async with asyncio.timeout(GUARD_SECONDS):
        while not holds():
            wake = asyncio.get_running_loop().create_future()
            wakes.add(wake)
            try:
                await wake
            finally:
                wakes.discard(wake)


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait for a condition that nothing announces: give the loop its turns until it holds."""
    async with asyncio.timeout(GUARD_SECONDS):
        while not holds():
            await asyncio.sleep(0.001)


async def turns() -> None:
    """A few turns of the loop: asyncio loses a socket whose server is closed between accepting it and making its transport."""
    for _ in range(5):
        await asyncio.sleep(0)


async def dial(port: int, *, receive: int | None = None, tls: ssl.SSLContext | None = None) -> Wirepoint:
    """Connect to loopback. ``receive`` bounds what the kernel takes for a reader that does not read."""
    loop = asyncio.get_running_loop()
    sock = socket.socket()
    sock.setblocking(False)
    if receive is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    try:
        await loop.sock_connect(sock, ("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    name = "localhost" if tls else None
    _, point = await loop.create_connection(Wirepoint, sock=sock, ssl=tls, server_hostname=name)
    return point


class Listening:
    """A server whose connections run a script each; all of them are ended with it."""

    def __init__(self, script: Callable[[Wirepoint], Awaitable[None]]) -> None:
        self._script = script
        self._tasks: set[asyncio.Task[None]] = set()
        self.points: list[Wirepoint] = []
        self.wakes: set[asyncio.Future[None]] = set()
        self.port = 0

    async def start(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Wirepoint(self._made), "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """End everything."""
        await turns()
        self._server.close()
        for point in self.points:
            point.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await eventually(lambda: all(point.ended for point in self.points))
        await self._server.wait_closed()

    def _made(self, point: Wirepoint) -> None:
        self.points.append(point)
        task = asyncio.ensure_future(self._run(point))
        self._tasks.add(task)

    async def _run(self, point: Wirepoint) -> None:
        try:
            await self._script(point)
        except Cut:
            return  # the gateway left; what that means is the test's business
