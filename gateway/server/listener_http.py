"""The listener: aiohttp's low-level server on any number of addresses, its bounds, and its end in order."""

import asyncio
import logging
import ssl
from typing import Any, cast

from aiohttp import web
from aiohttp.streams import EMPTY_PAYLOAD

from gateway.server.client_http import CLOSED, KEPT, ClientConnection
from gateway.server.exchange_http import Exchange
from gateway.server.lane_http import LaneConnection, exchange_of
from gateway.server.limits import WireLimits
from gateway.server.serve_http import LOG, Service
from gateway.upstream.outbox import Outbox
from gateway.upstream.sweeper import Sweeper

TASKS_END_SECONDS = 5.0
"""How long a cancelled request may take to notice."""
BODYLESS = EMPTY_PAYLOAD
"""What a Service is told to take for the body of a request without one."""


class Listener(web.Server):
    """Serves clients on any number of addresses until it is stopped."""

    def __init__(self, service: Service, limits: WireLimits, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            self._handle,  # type: ignore[arg-type]
            request_factory=exchange_of,  # type: ignore[arg-type]
            handler_cancellation=True,
            loop=loop,
        )
        self.service = service
        self.limits = limits
        self.outbox = Outbox(loop)
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
        return LaneConnection(self, self._loop, **self._parser)

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

    def enter(self, exchange: Exchange) -> None:
        """A request is being served; the last one of its connection, where the listener is stopping."""
        self._serving += 1
        if self._stopping:
            exchange.keep = False

    def leave(self) -> None:
        """A request is served."""
        self._serving -= 1
        if self._stopping:
            self._note_idle()

    async def _handle(self, exchange: Exchange) -> web.StreamResponse:
        client = cast("ClientConnection", exchange.peer)
        if exchange.step is None:
            client.begin()
            self.enter(exchange)
        try:
            keep = await self.service.serve(exchange, client.peer_ip)
        finally:
            self.leave()
        client.end(keep)
        if not keep:
            self.outbox.flush()  # aiohttp closes the connection now
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
