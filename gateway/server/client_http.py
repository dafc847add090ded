"""One client's connection: aiohttp's request handler with its own answers and log lines replaced, and its clocks watched.

Law of this file: aiohttp never writes an answer and never logs a byte of a request (R45). Of its private names it knows
``_messages``, ``_ErrInfo`` and ``_reading_paused``; the fast lane knows the rest.
"""

import asyncio
from typing import Any, Protocol, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import _ErrInfo

from gateway.server.exchange_http import Exchange, Request, reset
from gateway.server.limits import WireLimits
from gateway.server.serve_http import LOG, Service
from gateway.server.watch_http import CHUNKED, HEAD_END, FramingTooLarge, Watch
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
        "_deaf", "_ended", "_head_bytes", "_listener", "_plain", "_sent", "_since", "_stuck_at", "_stuck_since",
        "_watch", "_wire", "exchange", "loop", "outbox", "peer_ip",
    )  # fmt: skip

    exchange: Exchange | None

    def __init__(self, listener: House, loop: asyncio.AbstractEventLoop, **parser: Any) -> None:
        super().__init__(cast("web.Server", listener), loop=loop, **parser)
        self.loop = loop
        self.outbox = listener.outbox
        self._listener = listener
        self._wire: asyncio.Transport | None = None
        self._head_bytes = listener.limits.head_bytes
        self._watch = Watch(listener.limits)
        self._since = self._stuck_since = -1.0
        self._stuck_at = (0, 0)
        self._sent = -1
        self._plain = True
        self._deaf = self._ended = False
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
        """Parse. One request alone in its segment, spelled as nearly all are, needs no closer look."""
        if self._deaf:
            self._watch.drop(data)
            return
        messages = self._messages
        known = len(messages)
        web.RequestHandler.data_received(self, data)  # super() costs as much as what follows
        if self._plain and len(messages) == known + 1:
            message, payload = messages[known]
            if payload is EMPTY_PAYLOAD and type(message) is RawRequestMessage:
                at = len(message.method) + len(message.path) + 1
                if data[at : at + 10] == b" HTTP/1.1\r" and data[-4:] == HEAD_END and len(data) <= self._head_bytes:
                    return
        self._look(data, known)

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """The client sends no more. It may wait for its answer (RFC 9112 section 9.6), unless its request is not whole."""
        waits = self.exchange is not None or bool(self._messages)
        if (
            not waits
            or self._watch.body is not None
            or self._wire is None
            or not self._listener.limits.half_closed_seconds
        ):
            return None
        if self._wire.get_extra_info("sslcontext") is not None:
            return None  # neither event loop keeps half a TLS connection
        self._ended = True
        self._last()
        return True

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
        self._deaf = True
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
        """A request is served from now on."""
        self._since = -1.0
        if self._ended:
            self._last()

    def end(self, keep: bool) -> None:
        """A request is answered. The rest of a body that was refused is not parsed, unless it costs next to nothing."""
        self._since = -1.0
        if not keep:
            self._deaf = self._watch.body is None or self._watch.left == CHUNKED

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
            if self._watch.begun and self._late(now, limits.head_seconds):
                self.force_close()
        elif self._ended:
            if exchange.sent != self._sent:
                self._sent, self._since = exchange.sent, now
            elif self._late(now, limits.half_closed_seconds):
                self.reset()
        elif exchange.upload is not None:
            if exchange.upload.overdue(now, limits.body_seconds, limits.body_rate):
                exchange.failed(Failure.BODY_LATE)
            else:
                exchange.upload.hasten(now, limits.gather_seconds)

    def reset(self) -> None:
        """Cut the client off."""
        if self._wire is not None:
            reset(self._wire)

    def _late(self, now: float, seconds: float) -> bool:
        if self._since < 0:
            self._since = now
        return now - self._since >= seconds

    def _last(self) -> None:
        """The client has ended its side: behind the last request that came, the connection ends."""
        if self.exchange is not None and not self.complains:
            self.exchange.keep = False

    def _look(self, data: bytes, known: int) -> None:
        """Look closely at what came: heads, and the body that is on its way."""
        watch, messages = self._watch, self._messages
        wrong = watch.came(data, messages, known, self._reading_paused)
        self._plain = watch.rests
        if wrong is not None:
            while len(messages) > watch.at:
                messages.pop()
            self._condemn(wrong)
        elif len(messages) > known and type(messages[-1][0]) is not RawRequestMessage:
            self._deaf = True
        exchange = self.exchange
        if watch.outweighed:
            self._refuse_body(exchange)
        elif exchange is not None and exchange.upload is not None:
            if exchange.body_broken:
                exchange.failed(Failure.BODY_BROKEN)
            else:
                exchange.upload.stirred()

    def _condemn(self, wrong: HttpProcessingError) -> None:
        """Refuse what came last, behind everything that came before it, and read no more."""
        self._deaf = True
        self._messages.append((_ErrInfo(400, wrong, ""), EMPTY_PAYLOAD))

    def _refuse_body(self, exchange: Exchange | None) -> None:
        self._deaf = True
        if self._messages and self._messages[-1][1] is self._watch.body:
            self._messages.pop()
            self._condemn(FramingTooLarge())
        elif exchange is not None:
            exchange.failed(Failure.BODY_OUTWEIGHED)
