"""One client's connection: aiohttp's request handler with its own answers and log lines replaced, and its clocks watched.

Law of this file: aiohttp never writes an answer and never logs a byte of a request (R45). Of its private names it knows
``_messages`` alone; the fast lane knows the rest.
"""

import asyncio
from typing import Any, Protocol, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError

from gateway.server.exchange_http import Exchange, Request, reset
from gateway.server.limits import WireLimits
from gateway.server.serve_http import LOG, Service
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import Failure
from policylang.embed import canonical_ip


class House(Protocol):
    """What a connection belongs to: a listener."""

    service: Service
    limits: WireLimits
    outbox: Outbox

    def admit(self, client: "ClientConnection") -> bool:
        """Whether there is room for one more."""
        ...

    def left(self, client: "ClientConnection") -> None:
        """A client is gone."""
        ...

    def enter(self, exchange: Exchange) -> None:
        """A request is being served from now on."""
        ...

    def leave(self) -> None:
        """A request is served."""
        ...


class Written(web.StreamResponse):
    """The end of an exchange whose answer is written already: aiohttp has nothing left to send."""

    def __init__(self, keep: bool) -> None:  # no super().__init__: no header map, no status, nothing to prepare
        self._keep = keep

    @property
    def keep_alive(self) -> bool:
        """Whether the connection lives on."""
        return self._keep

    async def prepare(self, request: Request) -> None:
        """Nothing to do."""

    async def write_eof(self, data: bytes | bytearray | memoryview = b"") -> None:
        """Nothing to do."""


KEPT = Written(True)
CLOSED = Written(False)


class ClientConnection(web.RequestHandler):
    """One client's connection. ``exchange``: the request that is being served."""

    __slots__ = (
        "_ending", "_head_size", "_listener", "_since", "_stirred", "_stuck_at", "_stuck_since", "_wire",
        "exchange", "loop", "outbox", "peer_ip",
    )  # fmt: skip

    exchange: Exchange | None

    def __init__(self, listener: House, loop: asyncio.AbstractEventLoop, **parser: Any) -> None:
        super().__init__(cast("web.Server", listener), loop=loop, **parser)
        self.loop = loop
        self.outbox = listener.outbox
        self._listener = listener
        self._wire: asyncio.Transport | None = None
        self._head_size = 0
        self._since = self._stuck_since = -1.0
        self._stuck_at = (0, 0)
        self._stirred = False
        self._ending = False
        self.exchange = None
        self.peer_ip = ""

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client: unless there are too many, or it has left already."""
        wire = self._wire = cast("asyncio.Transport", transport)
        peer = wire.get_extra_info("peername")
        if not peer or not self._listener.admit(self):
            wire.abort()
            return
        self.peer_ip = canonical_ip(peer[0])
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Parse; watch the size of a head that goes on, and a body that turns out not to be framed as its head says."""
        web.RequestHandler.data_received(self, data)  # super() costs as much as what follows
        self._stirred = True
        exchange = self.exchange
        if exchange is None:
            if not self._messages and not self._ending:
                self._head_size += len(data)
                if self._head_size > self._listener.limits.head_bytes:
                    self._refuse_head("HeadTooLarge")
        elif exchange.upload is not None and exchange.body_broken:
            exchange.failed(Failure.BODY_BROKEN)

    def pause_writing(self) -> None:
        """The client is full."""
        super().pause_writing()
        if self.exchange is not None:
            self.exchange.clogged()

    def resume_writing(self) -> None:
        """The client takes more."""
        super().resume_writing()
        if self.exchange is not None:
            self.exchange.unclogged()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The client left: aiohttp cancels the task that serves it."""
        super().connection_lost(exc)
        self._listener.left(self)

    # What aiohttp's server calls.

    def handle_error(
        self,
        request: Request,
        status: int = 500,  # noqa: ARG002 -- aiohttp's signature
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 -- aiohttp's signature
    ) -> web.StreamResponse:
        """What could not be parsed gets our 400; aiohttp's would quote it. No handler of ours raises anything else."""
        exchange = cast("Exchange", request)
        exchange.release()
        self._ending = True
        if not isinstance(exc, HttpProcessingError):
            self.log_exception(exc_info=exc)
            self.reset()
        elif self.transport is not None:
            self._listener.service.refuse_unread(self.transport.write, type(exc).__name__)
        return CLOSED

    def log_exception(self, *args: Any, **kw: Any) -> None:  # noqa: ARG002 -- aiohttp's signature
        """By type: the text and the traceback of an exception of aiohttp's may quote the request."""
        LOG.error("the HTTP library failed with %s", type(kw.get("exc_info")).__name__)

    def log_debug(self, *args: Any, **kw: Any) -> None:
        """Nothing."""

    def force_close(self) -> None:
        """Close; what was written arrives all the same."""
        self.outbox.flush()
        super().force_close()

    # What the listener calls.

    @property
    def complains(self) -> bool:
        """As exchange_http.Peer says."""
        return bool(self._messages)

    @property
    def idle(self) -> bool:
        """Whether no request is being served, and none is waiting to be."""
        return self.exchange is None and not self._messages

    def begin(self) -> None:
        """A request is whole, head and all: what comes now belongs to the next."""
        self._head_size = 0
        self._since = -1.0

    def end(self, keep: bool) -> None:
        """A request is answered."""
        self._since = -1.0
        self._ending = not keep

    def tick(self, now: float) -> None:
        """Strike when the client is too late: with a head, with a body, or with taking its answer."""
        wire, limits = self._wire, self._listener.limits
        if wire is None:
            return
        pending = wire.get_write_buffer_size()
        exchange = self.exchange
        mark = (pending, 0 if exchange is None else exchange.sent)
        if pending == 0 or mark != self._stuck_at:
            self._stuck_at, self._stuck_since = mark, now
        elif now - self._stuck_since >= limits.stall_seconds:
            self.reset()
            return
        if exchange is None:
            if self._head_size and self._late(now, limits.head_seconds):
                self.force_close()
        elif exchange.upload is not None and exchange.upload.waiting:
            if self._stirred:
                self._since = now
            elif self._late(now, limits.body_seconds):
                exchange.failed(Failure.BODY_LATE)
        self._stirred = False

    def reset(self) -> None:
        """Cut the client off."""
        if self._wire is not None:
            reset(self._wire)

    def _late(self, now: float, seconds: float) -> bool:
        if self._since < 0:
            self._since = now
        return now - self._since >= seconds

    def _refuse_head(self, reason: str) -> None:
        if self.transport is not None:
            self._ending = True
            self._listener.service.refuse_unread(self.transport.write, reason)
            self.force_close()
