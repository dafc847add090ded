"""One exchange: a line is found, the request is sent, its body follows, and somebody waits for the answer's end.

Law of this file: a request is sent twice only where nothing of it can have been acted on: the connection was never made, or a
line that had rested was closed under a request that has no body and may be repeated (RFC 9110 section 9.2.2).
"""

import asyncio
from typing import Protocol

from gateway.message.forward import Forward
from gateway.upstream.body import Upload
from gateway.upstream.ports import UPLOAD, Failure, Line, Sink, Targets

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
MICROS = 1_000_000


class Client(Sink, Protocol):
    """The client's side of one exchange."""

    def attach(self, line: Line) -> None:
        """The answer will come from this line: the client's back-pressure goes there."""
        ...

    async def settled(self) -> Failure | None:
        """Wait for the end of the answer: None when it was whole."""
        ...


async def forward(
    targets: Targets, order: Forward, method: str, framing: bytes, wants: int, client: Client
) -> Failure | None:
    """Forward a request without a body, or with one that is there: ``framing`` ends the head, and may hold the body.

    None: the client has the whole answer. A failure: it has none of it, or a part; the client's side knows which.
    """
    data = order.head + framing
    again = method in IDEMPOTENT and framing == b"\r\n"
    line, fresh_only = None, False
    while True:
        line = await _line(targets, order, fresh_only)
        if isinstance(line, Failure):
            return line
        client.attach(line)
        line.send(data, order, wants, client)
        try:
            failure = await client.settled()
        except BaseException:
            line.leave(client)
            raise
        if failure is not Failure.CLOSED_UNANSWERED or not (again and line.reused and not fresh_only):
            return failure
        fresh_only = True


async def forward_upload(
    targets: Targets, order: Forward, upload: Upload, wants: int, client: Client
) -> Failure | None:
    """Forward a request whose body is still on its way. As ``forward``, and sent once."""
    line = await _line(targets, order, False)
    if isinstance(line, Failure):
        return line
    client.attach(line)
    line.send(order.head + upload.framing(), order, wants | UPLOAD, client)
    pump = asyncio.ensure_future(_pump(upload, line, client))
    try:
        return await client.settled()
    finally:
        # An early answer, a failure or a client that left: the rest of the body has nowhere to go.
        line.leave(client)
        if not pump.done():
            pump.cancel()
            await asyncio.wait((pump,))


async def _pump(upload: Upload, line: Line, client: Client) -> None:
    try:
        failure = await upload.pump(line)
    except Exception:  # whatever the source raises, the body is not what its head said
        failure = Failure.BODY_BROKEN
    if failure is not None:
        line.leave(client)
        client.failed(failure)


async def _line(targets: Targets, order: Forward, fresh_only: bool) -> Line | Failure:
    """An idle line to the target whose turn it is, or a new one; the other targets in turn while connecting fails."""
    avoid: frozenset[str] = frozenset()
    while True:
        target, lines = targets.choose(order.targets, avoid)
        line = None if fresh_only else lines.take()
        found = line or await lines.open(order.connect_micros / MICROS)
        if not isinstance(found, Failure):
            return found
        avoid |= {target}
        if found is Failure.SHUT_DOWN or len(avoid) == len(set(order.targets)):
            return found
