"""One exchange: a line is found, the request is sent, its body follows, and somebody waits for the answer's end.

Law of this file: a request is sent twice only where nothing of it can have been acted on: the connection was never made, or a
line that had rested was closed under a request that has no body and may be repeated (RFC 9110 section 9.2.2).
"""

import asyncio
from collections.abc import Awaitable
from typing import Protocol

from gateway.message.forward import Forward
from gateway.upstream.body import Upload
from gateway.upstream.ports import UPLOAD, Failure, Line, Lines, Sink, Targets

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
EMPTY = frozenset({b"\r\n", b"Content-Length: 0\r\n\r\n"})
ANY: frozenset[str] = frozenset()
MICROS = 1_000_000


class Client(Sink, Protocol):
    """The client's side of one exchange."""

    def attach(self, line: Line) -> Awaitable[Failure | None]:
        """The answer will come from this line, and the client's back-pressure goes there. What is awaited is its end."""
        ...


async def forward(
    targets: Targets, order: Forward, method: str, framing: bytes, wants: int, client: Client
) -> Failure | None:
    """Forward a request without a body, or with one that is there: ``framing`` ends the head, and may hold the body.

    None: the client has the whole answer. A failure: it has none of it, or a part; the client's side knows which.
    """
    choice = targets.choose(order.targets, ANY)
    line = choice[1].take() or await _open(targets, order, choice)
    again = True
    while not isinstance(line, Failure):
        outcome = client.attach(line)
        line.send(order.head + framing, order, wants, client)
        try:
            failure = await outcome
        except BaseException:
            line.leave(client)
            raise
        if failure is not Failure.CLOSED_UNANSWERED or not (again and line.reused and _repeatable(method, framing)):
            return failure
        again = False
        line = await _open(targets, order, targets.choose(order.targets, ANY))
    return line


async def forward_upload(
    targets: Targets, order: Forward, upload: Upload, wants: int, client: Client
) -> Failure | None:
    """Forward a request whose body is still on its way. As ``forward``, and sent once."""
    choice = targets.choose(order.targets, ANY)
    line = choice[1].take() or await _open(targets, order, choice)
    if isinstance(line, Failure):
        return line
    outcome = client.attach(line)
    line.send(order.head + upload.framing(), order, wants | UPLOAD, client)
    pump = asyncio.ensure_future(_pump(upload, line, client))
    try:
        return await outcome
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


def _repeatable(method: str, framing: bytes) -> bool:
    return method in IDEMPOTENT and framing in EMPTY


async def _open(targets: Targets, order: Forward, choice: tuple[str, Lines]) -> Line | Failure:
    """A new line to the chosen target; to the others in turn while connecting fails."""
    avoid = ANY
    while True:
        target, lines = choice
        found = await lines.open(order.connect_micros / MICROS)
        if not isinstance(found, Failure):
            return found
        avoid |= {target}
        if found is Failure.SHUT_DOWN or len(avoid) == len(set(order.targets)):
            return found
        choice = targets.choose(order.targets, avoid)
