"""The lines to one target: idle ones newest first, a bound on all of them, and a bounded queue for whoever must wait."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable

from gateway.upstream.answer_head import FieldNames
from gateway.upstream.answer_http import AnswerReader
from gateway.upstream.connection_http import Connection
from gateway.upstream.limits import PoolLimits
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import Failure
from gateway.upstream.target import Target


class Pool:
    """A pool (ports.Lines). ``tls``: the context for a TLS target; ``watch`` is called when there is a line to watch.

    A place is taken by each open line and each attempt to connect. Whoever waits is given an idle line, or None: a place to
    connect on, already counted as ``_connecting``.
    """

    def __init__(
        self,
        target: Target,
        loop: asyncio.AbstractEventLoop,
        limits: PoolLimits,
        tls: ssl.SSLContext | None,
        date: Callable[[], bytes],
        watch: Callable[[], None],
        outbox: Outbox,
    ) -> None:
        self._outbox = outbox
        self._target = target
        self._loop = loop
        self._limits = limits
        self._tls = tls
        self._date = date
        self._watch = watch
        self._names = FieldNames()
        self._idle: dict[Connection, None] = {}
        self._open: set[Connection] = set()
        self._connecting = 0
        self._uploads = 0
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._closed = False
        self._failures = 0
        self._aside_until = 0.0

    # What the forwarder calls.

    def take(self) -> Connection | None:
        """The idle line that was used last."""
        idle = self._idle
        while idle:
            connection = idle.popitem()[0]
            if connection.open:
                return connection
        return None

    async def open(self, seconds: float) -> Connection | Failure:
        """A line for an exchange that found none idle: a new one, or a place in the queue."""
        if self._closed:
            return Failure.SHUT_DOWN
        if len(self._open) + self._connecting < self._limits.connections and not self._waiting:
            self._connecting += 1
            return await self._connect(seconds)
        if len(self._waiting) >= self._limits.waiting:
            return Failure.SATURATED
        return await self._queue(seconds)

    def begin_upload(self) -> bool:
        """Whether one more body may be on its way: a share of the lines stays for requests that are whole."""
        if self._uploads >= self._limits.uploads:
            return False
        self._uploads += 1
        return True

    def end_upload(self) -> None:
        """A body is on its way no more."""
        self._uploads -= 1

    @property
    def in_use(self) -> bool:
        """Whether there is anything to watch."""
        return bool(self._open or self._connecting or self._waiting)

    @property
    def aside_until(self) -> float:
        """The time in the loop's clock until which other targets are tried first; 0 when this one could be reached."""
        return self._aside_until

    def forgettable(self, now: float) -> bool:
        """Whether nothing is open and nothing worth knowing is remembered."""
        return not self.in_use and (not self._failures or now > self._aside_until + self._limits.aside_most_seconds)

    def sweep(self, now: float) -> None:
        """Let every line look at its clock."""
        for connection in tuple(self._open):
            connection.tick(now)

    def close(self) -> None:
        """Close idle lines, and every other with the end of its exchange; nobody waits any more."""
        self._closed = True
        for connection in tuple(self._idle):
            connection.close()
        self._advance()

    def abort(self) -> None:
        """Close every line now."""
        self.close()
        for connection in tuple(self._open):
            connection.close()

    # What a connection calls.

    def joined(self, connection: Connection) -> None:
        """A connection is open: from here on it is watched, whatever becomes of who asked for it."""
        self._open.add(connection)
        self._watch()

    def give(self, connection: Connection) -> None:
        """A line is idle: it goes to whoever waits longest."""
        if self._closed:
            connection.close()
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        self._idle[connection] = None

    def gone(self, connection: Connection) -> None:
        """A line is closed: its place goes to whoever waits longest."""
        self._idle.pop(connection, None)
        if connection in self._open:
            self._open.discard(connection)
            self._advance()

    def _advance(self) -> None:
        """Offer free places to those who wait."""
        while self._waiting and (self._closed or len(self._open) + self._connecting < self._limits.connections):
            waiter = self._waiting.popleft()
            if not waiter.done():
                self._connecting += 1
                waiter.set_result(None)

    async def _queue(self, seconds: float) -> Connection | Failure:
        waiter: asyncio.Future[Connection | None] = self._loop.create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            if waiter.cancelled():
                return Failure.SATURATED
        except BaseException:
            self._decline(waiter)
            raise
        connection = waiter.result()
        if connection is None:
            return await self._connect(seconds)
        if connection.open:
            return connection
        return await self.open(seconds)

    def _decline(self, waiter: "asyncio.Future[Connection | None]") -> None:
        """Who waited has left: what was given to it goes to the next."""
        if waiter.cancelled():
            return
        connection = waiter.result()
        if connection is None:
            self._connecting -= 1
            self._advance()
        elif connection.open:
            self.give(connection)

    async def _connect(self, seconds: float) -> Connection | Failure:
        """Connect on a place that is counted already."""
        target = self._target
        try:
            if self._closed:
                return Failure.SHUT_DOWN
            async with asyncio.timeout(seconds):
                _, connection = await self._loop.create_connection(
                    self._make,
                    target.host,
                    target.port,
                    ssl=self._tls,
                    server_hostname=target.host if self._tls else None,
                )
        except TimeoutError:
            return self._unreachable(Failure.CONNECT_LATE)
        except ssl.SSLError:
            return self._unreachable(Failure.UNTRUSTED)
        except (OSError, UnicodeError):  # UnicodeError: a name that IDNA cannot encode
            return self._unreachable(Failure.UNREACHABLE)
        finally:
            self._connecting -= 1
            self._advance()
        self._failures = 0
        self._aside_until = 0.0
        return connection if connection.open else Failure.CLOSED_UNANSWERED

    def _make(self) -> Connection:
        reader = AnswerReader(self._names, self._limits, self._date)
        return Connection(self, reader, self._loop, self._outbox, self._limits.idle_seconds)

    def _unreachable(self, failure: Failure) -> Failure:
        limits = self._limits
        pause = min(limits.aside_seconds * 2.0 ** min(self._failures, 30), limits.aside_most_seconds)
        self._failures += 1
        self._aside_until = self._loop.time() + pause
        return failure
