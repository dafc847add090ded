"""The listener: aiohttp's low-level server, its own answers and log lines replaced, its clocks watched, its end orderly.

The only file that imports aiohttp's server, and the only one besides the fast lane that knows a private name of it
(``_messages``). Law of this file: aiohttp never writes an answer and never logs a byte of a request (R45).
"""

import asyncio
import logging
import ssl
from typing import Any, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

from gateway.server.exchange_http import Exchange, Request, reset
from gateway.server.limits import WireLimits
from gateway.server.serve_http import LOG, Service
from gateway.upstream.ports import Failure
from gateway.upstream.sweeper import Sweeper
from policylang.embed import canonical_ip

TASKS_END_SECONDS = 5.0
"""How long a cancelled request may take to notice."""
BODYLESS = EMPTY_PAYLOAD
"""What a Service is told to take for the body of a request without one."""


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
        "exchange", "loop", "peer_ip",
    )  # fmt: skip

    exchange: Exchange | None

    def __init__(self, listener: "Listener", loop: asyncio.AbstractEventLoop, **parser: Any) -> None:
        super().__init__(listener, loop=loop, **parser)
        self.loop = loop
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


class Listener(web.Server):
    """Serves clients on any number of addresses until it is stopped."""

    def __init__(self, service: Service, limits: WireLimits, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            self._handle,  # type: ignore[arg-type]
            request_factory=Exchange,  # type: ignore[arg-type]
            handler_cancellation=True,
            loop=loop,
        )
        self.service = service
        self.limits = limits
        self._parser: dict[str, Any] = {
            "access_log": None,
            "auto_decompress": False,
            "keepalive_timeout": limits.keepalive_seconds,
            "lingering_time": limits.linger_seconds,
            "logger": logging.getLogger("gateway.wire"),
            "max_line_size": limits.line_bytes,
            "max_field_size": limits.field_bytes,
            "max_headers": limits.fields,
            "read_bufsize": limits.buffer_bytes,
        }
        self._servers: list[asyncio.Server] = []
        self._clients: set[ClientConnection] = set()
        self._serving = 0
        self._stopping = False
        self._empty = asyncio.Event()
        self._sweeper = Sweeper(loop, limits.sweep_seconds, self._sweep)

    def __call__(self) -> web.RequestHandler:
        """A protocol for one more client."""
        return ClientConnection(self, self._loop, **self._parser)

    async def bind(
        self, host: str, port: int, *, tls: ssl.SSLContext | None = None, reuse_port: bool | None = None
    ) -> list[tuple[str, int]]:
        """Accept clients; the addresses that were bound. Raises OSError."""
        server = await self._loop.create_server(
            self,
            host,
            port,
            ssl=tls,
            ssl_handshake_timeout=self.limits.handshake_seconds if tls else None,
            backlog=self.limits.backlog,
            reuse_port=reuse_port,
        )
        self._servers.append(server)
        return [sock.getsockname()[:2] for sock in server.sockets]

    async def stop(self, seconds: float) -> None:
        """Accept nobody, finish what is being served for at most ``seconds``, then reset what is left."""
        self._stopping = True
        for server in self._servers:
            server.close()
        for client in tuple(self._clients):
            if client.idle:
                client.force_close()
            elif client.exchange is not None:
                client.exchange.keep = False
        try:
            async with asyncio.timeout(seconds):
                await self._idle()
        except TimeoutError:
            for client in tuple(self._clients):
                client.reset()
            await self._end_of_tasks()
        self._sweeper.stop()
        for server in self._servers:
            await server.wait_closed()

    @property
    def connections_open(self) -> int:
        """Clients connected now."""
        return len(self._clients)

    @property
    def requests_served(self) -> int:
        """Requests in flight now."""
        return self._serving

    def admit(self, client: ClientConnection) -> bool:
        """Whether there is room for one more."""
        if self._stopping or len(self._clients) >= self.limits.connections:
            return False
        self._clients.add(client)
        self._sweeper.wake()
        return True

    def left(self, client: ClientConnection) -> None:
        """A client is gone."""
        self._clients.discard(client)
        self._note_idle()

    async def _handle(self, exchange: Exchange) -> web.StreamResponse:
        client = cast("ClientConnection", exchange.peer)
        client.begin()
        if self._stopping:
            exchange.keep = False
        self._serving += 1
        try:
            keep = await self.service.serve(exchange, client.peer_ip)
        finally:
            self._serving -= 1
            if self._stopping:
                self._note_idle()
        client.end(keep)
        return KEPT if keep else CLOSED

    async def _end_of_tasks(self) -> None:
        try:
            async with asyncio.timeout(TASKS_END_SECONDS):
                await self._idle()
        except TimeoutError:
            LOG.error("%d requests do not let themselves be cancelled", self._serving)

    async def _idle(self) -> None:
        while self._clients or self._serving:
            self._empty.clear()
            await self._empty.wait()

    def _note_idle(self) -> None:
        if self._stopping and not self._clients and not self._serving:
            self._empty.set()

    def _sweep(self, now: float) -> bool:
        for client in tuple(self._clients):
            client.tick(now)
        return bool(self._clients)
