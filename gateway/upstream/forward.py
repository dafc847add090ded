"""One exchange: a line is found, the request is sent, its body follows, and somebody waits for the answer's end.

Law of this file: a request is sent twice only where nothing of it can have been acted on: the connection was never made, or a
line that had rested was closed under a request that has no body and may be repeated (RFC 9110 section 9.2.2).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from gateway.message.forward import Forward
from gateway.upstream.body import Upload
from gateway.upstream.ports import UPLOAD, Failure, Line, Lines, Sink, Targets

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
EMPTY = frozenset({b"\r\n", b"Content-Length: 0\r\n\r\n"})
ANY: frozenset[str] = frozenset()
MICROS = 1_000_000


Ended = Callable[[Failure | None], None]
"""Told once how an exchange ended: None, or why the client has not the whole answer."""


Choice = tuple[str, Lines]
"""The target whose turn it is, and its lines."""


class Client(Sink, Protocol):
    """The client's side of one exchange."""

    def attach(self, line: Line) -> Awaitable[Failure | None]:
        """The answer will come from this line, and the client's back-pressure goes there. What is awaited is its end."""
        ...

    def ride(self, line: Line, ended: Ended) -> None:
        """As ``attach``; the end is told instead."""
        ...


def forward_at_once(choice: Choice, order: Forward, framing: bytes, wants: int, client: Client, ended: Ended) -> bool:
    """Send on a line that is idle now; False, and nothing is done, where there is none. Arguments as of ``forward``."""
    line = choice[1].take()
    if line is None:
        return False
    client.ride(line, ended)
    line.send(order.head + framing, order, wants, client)
    return True


def choose(targets: Targets, order: Forward) -> Choice:
    """The target of an order whose turn it is: asked once for each request."""
    return targets.choose(order.targets, ANY)


async def forward(
    targets: Targets, choice: Choice, order: Forward, method: str, framing: bytes, wants: int, client: Client
) -> Failure | None:
    """Forward a request without a body, or with one that is there: ``framing`` ends the head, and may hold the body.

    ``choice``: the target to begin with. None: the client has the whole answer. A failure: it has none of it, or a part;
    the client's side knows which.
    """
    line = choice[1].take() or await _open(targets, order, choice)
    if isinstance(line, Failure):
        return line
    failure = await _exchange(line, order, framing, wants, client)
    if failure is None or not may_repeat(failure, line, method, framing):
        return failure
    return await forward_again(targets, order, framing, wants, client)


async def forward_again(targets: Targets, order: Forward, framing: bytes, wants: int, client: Client) -> Failure | None:
    """Forward for the second and last time, where ``may_repeat`` allows it: never on a line that rests."""
    line = await _open(targets, order, choose(targets, order))
    return line if isinstance(line, Failure) else await _exchange(line, order, framing, wants, client)


def may_repeat(failure: Failure, line: Line, method: str, framing: bytes) -> bool:
    """Whether an upstream cannot have acted on a request that failed so, and it may be sent once more."""
    return failure is Failure.CLOSED_UNANSWERED and line.reused and method in IDEMPOTENT and framing in EMPTY


async def _exchange(line: Line, order: Forward, framing: bytes, wants: int, client: Client) -> Failure | None:
    outcome = client.attach(line)
    line.send(order.head + framing, order, wants, client)
    try:
        return await outcome
    except BaseException:
        line.leave(client)
        raise


async def forward_upload(
    targets: Targets, order: Forward, upload: Upload, wants: int, client: Client
) -> Failure | None:
    """Forward a request whose body is still on its way. As ``forward``, and sent once."""
    avoid = ANY
    while True:
        target, lines = targets.choose(order.targets, avoid)
        line = await _open_for_upload(lines, order)
        if not isinstance(line, Failure):
            return await _upload_over(line, lines, order, upload, wants, client)
        avoid |= {target}
        if line is Failure.SHUT_DOWN or len(avoid) == len(set(order.targets)):
            return line


async def _open_for_upload(lines: Lines, order: Forward) -> Line | Failure:
    """A line, and a place among the bodies that may be on their way to one target."""
    if not lines.begin_upload():
        return Failure.UPLOADS
    line: Line | Failure = Failure.UNREACHABLE
    try:
        line = lines.take() or await lines.open(order.connect_micros / MICROS)
    finally:
        if isinstance(line, Failure):
            lines.end_upload()
    return line


async def _upload_over(
    line: Line, lines: Lines, order: Forward, upload: Upload, wants: int, client: Client
) -> Failure | None:
    outcome = client.attach(line)
    line.send(order.head + upload.framing(), order, wants | UPLOAD, client)
    pump = asyncio.ensure_future(_pump(upload, line, client))
    pump.add_done_callback(lambda _: lines.end_upload())
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


async def _open(targets: Targets, order: Forward, choice: Choice) -> Line | Failure:
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
