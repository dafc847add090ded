"""The client's side of one exchange: what the HTTP library read, what is written back, and who is told when it stops.

Law of this file: nothing follows a head that was sent but its own body; what cannot be completed is reset, so that a cut-off
answer never looks whole (R46, R47).
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol

from gateway.message.forward import Forward
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.framing import HTTP10, UNFRAMED, Framing, Head
from gateway.server.respond import CONTINUE, respond
from gateway.upstream.body import Source, Upload
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT, Failure, Line, Lines

_LINGER_ZERO = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """Cut a client off so that it shows: abort() alone may send a plain FIN, which ends a body that nothing else ends."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):  # the socket is closed already: nothing is left to cut
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    transport.abort()


class Peer(Protocol):
    """The client's connection."""

    exchange: "Exchange | None"
    loop: asyncio.AbstractEventLoop
    outbox: Outbox

    @property
    def transport(self) -> asyncio.Transport | None: ...
    @property
    def writing_paused(self) -> bool: ...
    @property
    def complains(self) -> bool:
        """Whether the parser has met something behind the request that is served: another one, or a fault."""
        ...


class Drain(Protocol):
    """The HTTP library's writer, for waiting until the client has taken what was written."""

    async def drain(self) -> None: ...


class Exchange:
    """One request and its answer. It is the request object of aiohttp's server and the sink of the upstream's line.

    ``begun``: the head of the answer is sent. ``keep``: the connection may carry another request after it. ``sent``: bytes.
    ``step``: what the spine said of it, None before it was asked. ``choice``: the target whose turn it was, where one was
    chosen without finding a line at rest. ``line``: where the answer comes from. ``again``: its line
    was closed under it, and it may be sent once more. ``taken``: a task serves it, and will close it.
    """

    __slots__ = (
        "_doom", "_ended", "_outcome", "_task", "again", "begun", "choice", "framing", "head_read", "keep", "line",
        "payload", "peer", "record", "sent", "step", "taken", "upload", "writer",
    )  # fmt: skip

    record: Record

    def __init__(
        self, message: Head, payload: Source, protocol: Peer, writer: Drain | None = None, task: object = None
    ) -> None:
        self.head_read = message
        self.payload = payload
        self.writer = writer
        self.peer = protocol
        self._task = task
        self.choice: tuple[str, Lines] | None = None
        self.line: Line | None = None
        self.step: Forward | Refusal | Parked[Forward | Refusal] | None = None
        self._outcome: asyncio.Future[Failure | None] | None = None
        self._ended: Callable[[Failure | None], None] | None = None
        self._doom: Failure | None = None
        self.again = self.begun = self.taken = False
        self.sent = 0
        # R44: aiohttp's parser leaves the last trailer of a chunked request to the head of the next one; and behind an
        # Upgrade that is not taken it loses what follows in the same segment.
        self.keep = not (message.should_close or message.chunked or message.upgrade)
        self.upload: Upload | None = None
        self.framing: Framing = UNFRAMED
        protocol.exchange = self

    def resume(self, writer: Drain, task: object) -> None:
        """What was begun without waiting goes on in a task."""
        self.writer = writer
        self._task = task

    # What aiohttp's server asks of a request.

    def _finish(self) -> None:
        """Nothing is held that needs an end."""

    def _cancel(self, exc: BaseException) -> None:
        """The client left: the task that serves it is cancelled as well, and that is enough."""

    # What the service calls.

    @property
    def wants(self) -> int:
        """What the client wants of the answer: bits of upstream.ports."""
        head = self.head_read
        return (
            (NO_BODY if head.method == "HEAD" else 0)
            | (OLD_CLIENT if head.version == HTTP10 else 0)
            | (0 if self.keep else LAST)
        )

    def refuse(self, refusal: Refusal, date: bytes) -> None:
        """Answer with a refusal, or cut off an answer that has begun."""
        record = self.record
        record.kind = refusal.kind
        record.reason = refusal.reason
        if refusal.rule >= 0:
            record.rule = refusal.rule
        if self.begun:
            self.cut()
            return
        # A body that is still on its way would have to be read before another request: the answer says close instead.
        if refusal.close or refusal.kind == "malformed" or not self.payload.is_eof():
            self.keep = False
        data = respond(refusal, record.request_id, date, self.wants)
        record.status = refusal.status
        self.begun = True
        self._write(data)

    def cut(self) -> None:
        """End the connection in a way that shows."""
        self.keep = False
        self.record.cut = True
        transport = self.peer.transport
        if transport is not None:
            reset(transport)

    def proceed(self) -> None:
        """Tell the client to send its body (RFC 9110 section 15.2.1)."""
        if not self.begun:
            self._write(CONTINUE)

    async def flush(self) -> None:
        """Wait while the client is full, so that what it does not read cannot pile up."""
        if self.peer.writing_paused and self.writer is not None:
            try:
                await self.writer.drain()
            except ConnectionError:
                self.record.cut = True
                self.keep = False

    def abandon(self) -> None:
        """The client left."""
        record = self.record
        record.cut = True
        record.kind = record.kind or "abandoned"

    @property
    def doom(self) -> Failure | None:
        """Why the request is not to be sent, where that is known before there is a line."""
        return self._doom

    @property
    def body_broken(self) -> bool:
        """Whether the rest of the body can never come: aiohttp queues its complaint behind the request, and tells no reader."""
        return self.peer.complains and not self.payload.is_eof()

    def conclude(self) -> None:
        """The exchange is over: its sizes go into the record."""
        self.record.bytes_out = self.sent
        if self.upload is not None:
            self.record.bytes_in = self.upload.taken
            self.upload = None
            if not self.payload.is_eof():
                self.keep = False
        self.release()

    def release(self) -> None:
        """The connection serves no exchange any more."""
        self.peer.exchange = None

    # What the connection calls.

    def clogged(self) -> None:
        """The client is full."""
        if self.line is not None:
            self.line.pause()

    def unclogged(self) -> None:
        """The client takes more."""
        if self.line is not None:
            self.line.resume()

    # What the forwarder and the line call (forward.Client).

    def attach(self, line: Line) -> "asyncio.Future[Failure | None]":
        """The answer comes from this line."""
        self.line = line
        outcome = self._outcome = self.peer.loop.create_future()
        if self._doom is not None:
            outcome.set_result(self._doom)
        if self.peer.writing_paused:
            line.pause()
        return outcome

    def ride(self, line: Line, ended: Callable[[Failure | None], None]) -> None:
        """The answer comes from this line, and nobody waits for its end: it is told, once."""
        self.line = line
        self._ended = ended

    def head(self, status: int, data: bytes, last: bool) -> None:
        """The answer begins."""
        self.begun = True
        self.record.status = self.record.upstream = status
        if last:
            self.keep = False
        self.body(data)

    def body(self, data: bytes) -> None:
        """The answer goes on."""
        transport = self.peer.transport
        if transport is not None:
            self.sent += len(data)
            self.peer.outbox.write(transport, data)

    def whole(self) -> None:
        """The answer is complete."""
        self._settle(None)

    def failed(self, failure: Failure) -> None:
        """The answer does not come, or not to its end."""
        if self._outcome is None and self._ended is None:
            self._doom = failure
            if self.upload is not None:
                self.upload.release()
        else:
            self._settle(failure)

    def _settle(self, failure: Failure | None) -> None:
        ended = self._ended
        if ended is not None:
            self._ended = None
            ended(failure)
            return
        self.line = None
        outcome = self._outcome
        if outcome is not None and not outcome.done():
            outcome.set_result(failure)

    def _write(self, data: bytes) -> None:
        transport = self.peer.transport
        if transport is not None:
            self.sent += len(data)
            self.peer.outbox.flush()
            transport.write(data)


Request = Any
"""aiohttp types the request it hands around as its own BaseRequest; an Exchange stands in for it."""
