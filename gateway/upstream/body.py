"""A request's body on its way upstream: counted, capped, framed anew, no faster than the upstream takes it."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from gateway.upstream.ports import Failure, Line


class Source(Protocol):
    """Where the listener leaves the body's bytes (an aiohttp StreamReader, or a stand-in). ``total_bytes``: all that came."""

    total_bytes: int

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
    told to go on (RFC 9110 section 10.1.1). ``taken`` counts the bytes that were read. The client's time is measured by
    ``overdue``, whoever waits for it.
    """

    __slots__ = (
        "_asked", "_enough", "_gate", "_held", "_length", "_most", "_moved", "_paid", "_proceed", "_seen", "_source",
        "_spent", "taken", "waiting",
    )  # fmt: skip

    def __init__(self, source: Source, length: int | None, most: int, proceed: Callable[[], None] | None) -> None:
        self._source = source
        self._length = length
        self._most = most
        self._proceed = proceed
        self._gate: asyncio.Future[None] | None = None
        self._enough = 0
        self._asked = self._held = self._moved = -1.0
        self._spent = 0.0
        self._paid = self._seen = 0
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

    async def arrive(self, enough: int) -> None:
        """Wait until all of the body has come, or ``enough`` bytes of it, or what ``hasten`` and ``release`` think enough."""
        self._go_on()
        self._enough = enough
        self._gate = asyncio.get_running_loop().create_future()
        self.waiting = True
        self.stirred()
        try:
            await self._gate
        finally:
            self.waiting = False
            self._gate = None

    def stirred(self) -> None:
        """More of the body has come."""
        if self._gate is not None and (self._source.is_eof() or self._source.total_bytes >= self._enough):
            self.release()

    def release(self) -> None:
        """Nothing more is to be waited for by ``arrive``."""
        if self._gate is not None and not self._gate.done():
            self._gate.set_result(None)

    def hasten(self, now: float, seconds: float) -> None:
        """Asked now and then: what has come within ``seconds`` is enough, where it is anything."""
        if self._gate is None:
            return
        if self._held < 0:
            self._held = now
        if now - self._held >= seconds and self._source.total_bytes:
            self.release()

    def overdue(self, now: float, seconds: float, rate: int) -> bool:
        """Asked now and then: whether nothing came for ``seconds``, or in ``seconds`` less than ``rate`` bytes for each of them.

        Only time counts in which it was the client's turn.
        """
        if not self.waiting:
            self._asked = -1.0
            return False
        came = self._source.total_bytes
        if self._asked < 0 or came != self._seen:
            self._moved = now
            self._seen = came
        if self._asked >= 0:
            self._spent += now - self._asked
        self._asked = now
        if now - self._moved >= seconds:
            return True
        if self._spent < seconds:
            return False
        paid, self._paid, self._spent = came - self._paid, came, 0.0
        return paid < rate * seconds

    async def pump(self, line: Line) -> Failure | None:
        """Send the body to its end, or say why that cannot be."""
        self._go_on()
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

    def _go_on(self) -> None:
        proceed, self._proceed = self._proceed, None
        if proceed is not None:
            proceed()

    async def _next(self) -> bytes:
        self.waiting = True
        try:
            return await self._source.readany()
        finally:
            self.waiting = False
