"""One connection to an upstream: an asyncio protocol around a reader, with back-pressure both ways.

Law of this file: it never touches the client's socket. A line that is given back to its pool has seen the end of its request
and of its answer, and not a byte more; any other is closed.
"""

import asyncio
import ssl
from typing import Protocol, cast

from gateway.message.forward import Forward
from gateway.upstream.answer_http import AnswerReader, Broken
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import UPLOAD, Failure, Sink

MICROS = 1_000_000


class Home(Protocol):
    """The pool a connection belongs to."""

    def joined(self, connection: "Connection") -> None:
        """It is open."""
        ...

    def give(self, connection: "Connection") -> None:
        """It may serve another exchange."""
        ...

    def gone(self, connection: "Connection") -> None:
        """It is closed, or about to be. May be said more than once."""
        ...


class Connection(asyncio.Protocol):
    """A line (ports.Line). Time-outs come from ``tick``, which the pool's sweeper calls."""

    __slots__ = (
        "_clogged", "_deadline", "_drain", "_ended", "_home", "_idle_seconds", "_loop", "_order", "_outbox", "_paused",
        "_reader", "_sink", "_started", "_stirred", "_transport", "_uploading", "_used",
    )  # fmt: skip

    def __init__(
        self,
        home: Home,
        reader: AnswerReader,
        loop: asyncio.AbstractEventLoop,
        outbox: Outbox,
        idle_seconds: float,
    ) -> None:
        self._outbox = outbox
        self._home = home
        self._reader = reader
        self._loop = loop
        self._idle_seconds = idle_seconds
        self._transport: asyncio.Transport | None = None
        self._sink: Sink | None = None
        self._drain: asyncio.Future[None] | None = None
        self._clogged = self._ended = self._paused = self._started = self._uploading = False
        self._stirred = True
        self._deadline = 0.0
        self._used = 0

    # What the forwarder calls.

    @property
    def reused(self) -> bool:
        """Whether the present exchange is not the first."""
        return self._used > 1

    @property
    def open(self) -> bool:
        """Whether an exchange may begin."""
        transport = self._transport
        return transport is not None and not transport.is_closing()

    def send(self, data: bytes, order: Forward, wants: int, sink: Sink) -> None:
        """Begin an exchange; ``open`` must hold, and nothing may be awaited between asking and sending."""
        self._order = order
        self._sink = sink
        self._used += 1
        self._started = False
        self._uploading = bool(wants & UPLOAD)
        self._deadline = self._loop.time() + order.answer_micros / MICROS
        self._reader.expect(order.edit, wants)
        transport = self._transport
        if transport is None:
            raise RuntimeError("the connection is not open yet")
        self._outbox.write(transport, data)

    def send_body(self, data: bytes) -> None:
        """Bytes of an upload. Without effect when the exchange is over."""
        if self._uploading and self._sink is not None:
            self._outbox.write(self._wire(), data)

    async def drained(self) -> None:
        """Return at once, or when the upstream takes more, or when there is nobody left to take it."""
        if self._clogged and self._sink is not None:
            if self._drain is None:
                self._drain = self._loop.create_future()
            await self._drain

    def sent(self) -> None:
        """The upload is complete: from now on the upstream owes an answer."""
        self._uploading = False
        self._reader.uploaded()
        self._deadline = self._loop.time() + self._order.answer_micros / MICROS

    def pause(self) -> None:
        """Read no more for now."""
        if not self._paused and self.open:
            self._paused = True
            self._wire().pause_reading()

    def resume(self) -> None:
        """Read again; the time that the client took does not count."""
        if self._paused:
            self._paused = False
            self._stirred = True
            if self.open:
                self._wire().resume_reading()

    def leave(self, sink: Sink) -> None:
        """The sink wants no more: nothing can be known of what is still on the way, so the line is closed."""
        if self._sink is sink:
            self._sink = None
            self.close()

    def close(self) -> None:
        """Close at once."""
        self._home.gone(self)
        self._wake_upload()
        if self._transport is not None:
            self._transport.abort()

    # What the sweeper calls.

    def tick(self, now: float) -> None:
        """Strike when somebody is too late: the upstream with its answer, or an idle line with anything at all."""
        if self._sink is None:
            if self._stirred:
                self._stirred = False
                self._deadline = now + self._idle_seconds
            elif now >= self._deadline:
                self.close()
            return
        if self._paused or (self._uploading and not self._clogged):
            self._renew(now)  # it is the client's turn; the listener watches clients
        elif self._started and self._stirred:
            self._renew(now)
        elif now >= self._deadline:
            self._fail(Failure.IDLE_LATE if self._started else Failure.ANSWER_LATE)

    def _renew(self, now: float) -> None:
        self._stirred = False
        order = self._order
        self._deadline = now + (order.idle_micros if self._started else order.answer_micros) / MICROS

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there, and so is TLS where there is some."""
        self._transport = cast("asyncio.Transport", transport)
        self._home.joined(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of the answer; without a sink they are nobody's, and the line is of no more use."""
        sink = self._sink
        if sink is None:
            self.close()
            return
        reader = self._reader
        try:
            reader.feed(data)
        except Broken:
            self._fail(Failure.BROKEN)
            return
        if reader.out:
            self._stirred = True
            self._hand_over(sink)
        if reader.complete and self._sink is sink:
            self._finish(sink)

    def eof_received(self) -> None:
        """The upstream says that it sends no more: asyncio closes the connection, and connection_lost judges the answer.

        With TLS only a closure alert says so; anybody on the way can end a connection (RFC 9112 section 9.8).
        """
        tls = self._wire().get_extra_info("ssl_object")
        self._ended = tls is None or _closure_alert(tls)

    def pause_writing(self) -> None:
        """The upstream does not take the upload as fast as it comes."""
        self._clogged = True
        self._stirred = True

    def resume_writing(self) -> None:
        """The upstream takes more."""
        self._clogged = False
        self._wake_upload()
        if not self._started and self._uploading:
            self._renew(self._loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        """The end: it completes an answer that nothing else ends, and is a failure of any other."""
        self._home.gone(self)
        self._wake_upload()
        sink = self._sink
        if sink is None:
            return
        reader = self._reader
        if exc is None and self._ended and reader.end():
            if reader.out:
                self._hand_over(sink)
            if self._sink is sink:
                self._sink = None
                sink.whole()
            return
        self._sink = None
        sink.failed(Failure.BROKEN if reader.begun else Failure.CLOSED_UNANSWERED)

    def _hand_over(self, sink: Sink) -> None:
        data = self._reader.take()
        if self._started:
            sink.body(data)
        else:
            self._started = True
            sink.head(self._reader.status, data, self._reader.last)

    def _finish(self, sink: Sink) -> None:
        self._sink = None
        if self._paused:
            self.resume()
        if self._reader.reusable and not self._uploading and self.open:
            self._stirred = True
            self._home.give(self)
        else:
            self.close()
        sink.whole()

    def _fail(self, failure: Failure) -> None:
        sink, self._sink = self._sink, None
        self.close()
        if sink is not None:
            sink.failed(failure)

    def _wake_upload(self) -> None:
        drain, self._drain = self._drain, None
        if drain is not None and not drain.done():
            drain.set_result(None)

    def _wire(self) -> asyncio.Transport:
        if self._transport is None:
            raise RuntimeError("the connection is not open yet")
        return self._transport


def _closure_alert(tls: ssl.SSLObject) -> bool:
    """Whether TLS was ended in order: only then has a read an end, and not a wish for more."""
    try:
        return tls.read(1) == b""
    except ssl.SSLError:
        return False
