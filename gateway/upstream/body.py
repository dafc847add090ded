"""A request's body on its way upstream: counted, capped, framed anew, no faster than the upstream takes it."""

from collections.abc import Callable
from typing import Protocol

from gateway.upstream.ports import Failure, Line


class Source(Protocol):
    """Where the listener leaves the body's bytes (an aiohttp StreamReader, or a stand-in)."""

    def is_eof(self) -> bool:
        """Whether the last byte has come, read or not."""
        ...

    def read_nowait(self, n: int = -1) -> bytes:
        """What is there."""
        ...

    async def readany(self) -> bytes:
        """What is there, or comes next; empty at the end. Raises when the body ends before its time."""
        ...


class Upload:
    """One body. ``length`` is what Content-Length says, None for a chunked one; ``most`` bytes are allowed.

    ``waiting``: it is the client's turn to send. ``proceed`` is called before the first wait, where the client expects to be
    told to go on (RFC 9110 section 10.1.1). ``taken`` counts the bytes that were read.
    """

    __slots__ = ("_length", "_most", "_proceed", "_source", "taken", "waiting")

    def __init__(self, source: Source, length: int | None, most: int, proceed: Callable[[], None] | None) -> None:
        self._source = source
        self._length = length
        self._most = most
        self._proceed = proceed
        self.taken = 0
        self.waiting = False

    def at_once(self) -> bytes | Failure | None:
        """Framing and body, where the whole body is there already; None where some is still to come."""
        if not self._source.is_eof():
            return None
        data = self._source.read_nowait()
        self.taken = len(data)
        if self.taken > self._most:
            return Failure.BODY_TOO_LARGE
        if self._length is not None and self.taken != self._length:
            return Failure.BODY_BROKEN
        return b"Content-Length: %d\r\n\r\n%s" % (self.taken, data)

    def framing(self) -> bytes:
        """The last lines of a head whose body follows piece by piece (RFC 9112 section 6)."""
        if self._length is None:
            return b"Transfer-Encoding: chunked\r\n\r\n"
        return b"Content-Length: %d\r\n\r\n" % self._length

    async def pump(self, line: Line) -> Failure | None:
        """Send the body to its end, or say why that cannot be."""
        if self._proceed is not None:
            self._proceed()
        while data := await self._next():
            self.taken += len(data)
            if self.taken > self._most:
                return Failure.BODY_TOO_LARGE
            line.send_body(b"%x\r\n%s\r\n" % (len(data), data) if self._length is None else data)
            await line.drained()
        if self._length is None:
            line.send_body(b"0\r\n\r\n")
        elif self.taken != self._length:
            return Failure.BODY_BROKEN
        line.sent()
        return None

    async def _next(self) -> bytes:
        self.waiting = True
        try:
            return await self._source.readany()
        finally:
            self.waiting = False
