"""The fast lane: a request without a body, on a connection that is at rest, is served inside ``data_received``.

No task, no future and no turn of the event loop is spent on it, where nothing has to be waited for. The message stays at
the head of aiohttp's queue, and the future that wakes aiohttp's own coroutine is borrowed, until the answer is complete:
so a request that has to wait after all goes on there by giving the future back.

Law of this file: only one of the two ways serves at a time. Private names of aiohttp's RequestHandler that it knows:
``_waiter``, ``_messages``, ``_upgraded``, ``_payload_parser``, ``_parser``, ``_close``, ``_force_close``,
``_next_keepalive_close_time``, ``_keepalive_timeout``, ``_keepalive_handle``, ``_process_keepalive``.
"""

import asyncio
from typing import Any

from aiohttp.http import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD

from gateway.server.client_http import ClientConnection, House
from gateway.server.exchange_http import Drain, Exchange
from gateway.server.framing import Head
from gateway.upstream.body import Source
from gateway.upstream.ports import Failure


class LaneConnection(ClientConnection):
    """A client's connection with the fast lane in it."""

    __slots__ = ("_borrowed", "_full")

    def __init__(self, listener: House, loop: asyncio.AbstractEventLoop, **parser: Any) -> None:
        super().__init__(listener, loop, **parser)
        self._borrowed: asyncio.Future[None] | None = None
        self._full = False

    def data_received(self, data: bytes) -> None:
        """Serve what can be served at once; everything else goes aiohttp's way."""
        waiter = self._waiter
        if waiter is None or self._messages or self._upgraded or self._payload_parser is not None or waiter.done():
            super().data_received(data)
            return
        self._waiter = None
        super().data_received(data)
        messages = self._messages
        if len(messages) == 1:
            message, payload = messages[0]
            if payload is EMPTY_PAYLOAD and type(message) is RawRequestMessage and not message.upgrade:
                self._borrowed = waiter
                self._serve(Exchange(message, payload, self))
                return
        self._waiter = waiter
        if messages and not waiter.done():
            waiter.set_result(None)

    def resume_writing(self) -> None:
        """The client takes more: of an answer that is complete, the rest was all that was waited for."""
        super().resume_writing()
        if self._full:
            self._full = False
            exchange = self.exchange
            if exchange is not None:
                self._end(exchange)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The client left: nobody waits for the answer any more, nor begins to."""
        exchange = self.exchange
        if exchange is not None and not exchange.taken:
            self._abandon(exchange)
        if self._borrowed is not None:
            self._give_back(wake=False)
        super().connection_lost(exc)

    @property
    def complains(self) -> bool:
        """Of a request in the lane, the message is still in the queue."""
        return len(self._messages) > (self._borrowed is not None)

    def _serve(self, exchange: Exchange) -> None:
        listener = self._listener
        self.begin()
        listener.enter(exchange)
        if not listener.service.serve_at_once(exchange, self.peer_ip, self._settled):
            self._give_back(wake=True)

    def _settled(self, failure: Failure | None) -> None:
        """The answer is complete, or failed."""
        exchange = self.exchange
        if exchange is None:
            raise RuntimeError("an exchange that is over has ended again")
        if failure is None:
            exchange.line = None
        elif not self._listener.service.refused_at_once(exchange, failure):
            self._give_back(wake=True)
            return
        if self.writing_paused:
            self._full = True
        else:
            self._end(exchange)

    def _abandon(self, exchange: Exchange) -> None:
        line, exchange.line = exchange.line, None
        if line is not None:
            line.leave(exchange)
        exchange.abandon()
        self._listener.service.close(exchange)
        self._listener.leave()

    def _end(self, exchange: Exchange) -> None:
        listener = self._listener
        listener.service.close(exchange)
        self._messages.popleft()
        parser = self._parser
        if parser is not None:
            parser.message_consumed()
        keep = exchange.keep
        self.end(keep)
        listener.leave()
        closes = not keep or self._close or self._force_close
        self._give_back(wake=bool(self._messages) and not closes)
        if closes:
            self.force_close()
            return
        self._next_keepalive_close_time = self.loop.time() + self._keepalive_timeout
        if self._keepalive_handle is None:
            self._keepalive_handle = self.loop.call_at(self._next_keepalive_close_time, self._process_keepalive)

    def _give_back(self, *, wake: bool) -> None:
        """The lane is done; ``wake``: aiohttp's coroutine goes on, with this request, message and all, or with the next."""
        waiter, self._borrowed = self._borrowed, None
        self._waiter = waiter
        if wake and waiter is not None and not waiter.done():
            waiter.set_result(None)


def exchange_of(message: Head, payload: Source, client: ClientConnection, writer: Drain, task: object) -> Exchange:
    """What aiohttp's server makes of a message: a new exchange, or the one that the lane has begun with it."""
    begun = client.exchange
    if begun is not None and begun.head_read is message:
        begun.resume(writer, task)
        return begun
    return Exchange(message, payload, client, writer, task)
