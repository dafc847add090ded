"""Which line a request goes over, and when it goes twice: no sockets, the parts are played."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

import pytest

from gateway.message.forward import NO_EDIT, Forward
from gateway.upstream.body import Upload
from gateway.upstream.forward import Ended, choose, forward, forward_at_once, forward_upload, may_repeat
from gateway.upstream.ports import UPLOAD, Failure, Sink
from tests.strategies.pieces import Pieces

ORDER = Forward(b"GET / HTTP/1.1\r\n", ("a", "b"), NO_EDIT, 1_000_000, 1, 1)


@dataclass(eq=False)
class PlayedLine:
    """A line that gives one outcome: a failure, or None for a whole answer; "hangs" never gives any."""

    outcome: Failure | str | None = None
    reused: bool = False
    sent_data: list[tuple[bytes, int]] = field(default_factory=list)
    body: bytes = b""
    left: bool = False

    def send(self, data: bytes, order: Forward, wants: int, sink: Sink) -> None:
        self.sent_data.append((data, wants))
        if isinstance(self.outcome, Failure):
            sink.failed(self.outcome)
        elif self.outcome is None:
            sink.whole()

    def send_body(self, data: bytes) -> None:
        self.body += data

    async def drained(self) -> None:
        await asyncio.sleep(0)

    def sent(self) -> None:
        self.body += b"<sent>"

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def leave(self, sink: Sink) -> None:
        self.left = True


@dataclass
class PlayedPool:
    """``idle`` are given first, then ``fresh``, then UNREACHABLE."""

    idle: list[PlayedLine] = field(default_factory=list)
    fresh: list[PlayedLine | Failure] = field(default_factory=list)
    places: int = 1

    def begin_upload(self) -> bool:
        if not self.places:
            return False
        self.places -= 1
        return True

    def end_upload(self) -> None:
        self.places += 1

    def take(self) -> PlayedLine | None:
        return self.idle.pop(0) if self.idle else None

    async def open(self, seconds: float) -> PlayedLine | Failure:
        assert seconds == 1.0
        return self.fresh.pop(0) if self.fresh else Failure.UNREACHABLE


class PlayedTargets(dict[str, PlayedPool]):
    """Always the first target that is not to be avoided."""

    def choose(self, targets: tuple[str, ...], avoid: frozenset[str]) -> tuple[str, PlayedPool]:
        target = next(target for target in targets if target not in avoid)
        return target, self[target]


class PlayedClient:
    """The client's side."""

    def __init__(self) -> None:
        self.lines: list[object] = []

    def attach(self, line: object) -> Awaitable[Failure | None]:
        self.lines.append(line)
        self.outcome: asyncio.Future[Failure | None] = asyncio.get_running_loop().create_future()
        return self.outcome

    def ride(self, line: object, ended: Ended) -> None:
        self.lines.append(line)
        self.ended = ended

    def head(self, status: int, data: bytes, last: bool) -> None: ...

    def body(self, data: bytes) -> None: ...

    def whole(self) -> None:
        self.outcome.set_result(None)

    def failed(self, failure: Failure) -> None:
        if not self.outcome.done():
            self.outcome.set_result(failure)


async def go(
    targets: PlayedTargets, method: str = "GET", framing: bytes = b"\r\n"
) -> tuple[Failure | None, PlayedClient]:
    client = PlayedClient()
    return await forward(targets, choose(targets, ORDER), ORDER, method, framing, 0, client), client


async def test_an_idle_line_is_used_and_nothing_is_opened() -> None:
    line, other = PlayedLine(reused=True), PlayedLine()
    failure, client = await go(PlayedTargets(a=PlayedPool([line], [other])))
    assert failure is None
    assert client.lines == [line]
    assert line.sent_data == [(b"GET / HTTP/1.1\r\n\r\n", 0)]


async def test_a_line_is_opened_where_none_is_idle() -> None:
    line = PlayedLine()
    failure, client = await go(PlayedTargets(a=PlayedPool([], [line])))
    assert (failure, client.lines) == (None, [line])


@pytest.mark.parametrize("reason", [Failure.UNREACHABLE, Failure.CONNECT_LATE, Failure.UNTRUSTED, Failure.SATURATED])
async def test_another_target_is_tried_where_connecting_fails(reason: Failure) -> None:
    line = PlayedLine()
    failure, client = await go(
        PlayedTargets(a=PlayedPool([], [reason]), b=PlayedPool([], [line])), "POST", b"Content-Length: 1\r\n\r\nx"
    )
    assert (failure, client.lines) == (None, [line])


async def test_the_last_failure_is_told_when_every_target_fails() -> None:
    failure, client = await go(
        PlayedTargets(a=PlayedPool([], [Failure.UNREACHABLE]), b=PlayedPool([], [Failure.CONNECT_LATE]))
    )
    assert (failure, client.lines) == (Failure.CONNECT_LATE, [])


async def test_nothing_else_is_tried_when_the_gateway_shuts_down() -> None:
    failure, _ = await go(PlayedTargets(a=PlayedPool([], [Failure.SHUT_DOWN]), b=PlayedPool([], [PlayedLine()])))
    assert failure is Failure.SHUT_DOWN


TWICE = [
    ("GET", b"\r\n", True), ("HEAD", b"\r\n", True), ("OPTIONS", b"\r\n", True), ("TRACE", b"\r\n", True), ("PUT", b"\r\n", True),
    ("DELETE", b"Content-Length: 0\r\n\r\n", True), ("POST", b"\r\n", False), ("PATCH", b"\r\n", False), ("LOCK", b"\r\n", False),
    ("PUT", b"Content-Length: 1\r\n\r\nx", False), ("GET", b"Content-Length: 1\r\n\r\nx", False),
]  # fmt: skip


@pytest.mark.parametrize(("method", "framing", "twice"), TWICE)
async def test_a_rested_line_that_dies_unanswered(method: str, framing: bytes, twice: bool) -> None:
    dead, fresh = PlayedLine(Failure.CLOSED_UNANSWERED, reused=True), PlayedLine()
    failure, client = await go(PlayedTargets(a=PlayedPool([dead], [fresh])), method, framing)
    assert failure is (None if twice else Failure.CLOSED_UNANSWERED)
    assert client.lines == ([dead, fresh] if twice else [dead])


async def test_another_rested_line_is_not_trusted_after_that_and_there_is_no_third_time() -> None:
    dead = [PlayedLine(Failure.CLOSED_UNANSWERED, reused=True) for _ in range(3)]
    failure, client = await go(PlayedTargets(a=PlayedPool(dead[:2], [dead[2]])))
    assert failure is Failure.CLOSED_UNANSWERED
    assert client.lines == [dead[0], dead[2]]


@pytest.mark.parametrize("outcome", [Failure.BROKEN, Failure.ANSWER_LATE, Failure.IDLE_LATE])
async def test_no_other_failure_is_tried_again(outcome: Failure) -> None:
    failure, client = await go(PlayedTargets(a=PlayedPool([PlayedLine(outcome, reused=True)], [PlayedLine()])))
    assert (failure, len(client.lines)) == (outcome, 1)


async def test_a_fresh_line_that_dies_is_not_tried_again() -> None:
    failure, client = await go(PlayedTargets(a=PlayedPool([], [PlayedLine(Failure.CLOSED_UNANSWERED), PlayedLine()])))
    assert (failure, len(client.lines)) == (Failure.CLOSED_UNANSWERED, 1)


async def test_a_client_that_leaves_leaves_its_line() -> None:
    line = PlayedLine("hangs")
    task = asyncio.ensure_future(go(PlayedTargets(a=PlayedPool([line]))))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert line.left


async def upload_over(line: PlayedLine, source: Pieces) -> tuple[Failure | None, PlayedClient]:
    client = PlayedClient()
    upload = Upload(source, None, 10, None)
    return await forward_upload(PlayedTargets(a=PlayedPool([line])), ORDER, upload, 0, client), client


class Endless(Pieces):
    """A source that gives its pieces and then nothing for ever."""

    async def readany(self) -> bytes:
        if self.pieces:
            return self.pieces.pop(0)
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]


async def test_an_early_answer_ends_the_upload() -> None:
    line = PlayedLine("hangs")
    client = PlayedClient()
    upload = Upload(Endless(b"abc"), None, 10, None)
    task = asyncio.ensure_future(forward_upload(PlayedTargets(a=PlayedPool([line])), ORDER, upload, 0, client))
    while not line.body:
        await asyncio.sleep(0)
    client.whole()
    assert await task is None
    assert line.left
    assert line.sent_data == [(b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", UPLOAD)]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_body_that_grows_too_large_ends_the_exchange() -> None:
    line = PlayedLine("hangs")
    failure, _ = await upload_over(line, Pieces(b"x" * 11))
    assert failure is Failure.BODY_TOO_LARGE
    assert (line.left, line.body) == (True, b"")


async def test_a_source_that_fails_is_a_broken_body() -> None:
    class Fails(Pieces):
        async def readany(self) -> bytes:
            raise RuntimeError("whatever the library raises")

    line = PlayedLine("hangs")
    failure, _ = await upload_over(line, Fails())
    assert failure is Failure.BODY_BROKEN
    assert line.left


async def test_an_upload_is_never_sent_twice() -> None:
    dead = PlayedLine(Failure.CLOSED_UNANSWERED, reused=True)
    failure, client = await upload_over(dead, Pieces(b"abc"))
    assert (failure, client.lines) == (Failure.CLOSED_UNANSWERED, [dead])


def test_what_rests_is_sent_on_at_once_and_nothing_waits_for_a_line() -> None:
    line, client = PlayedLine("hangs"), PlayedClient()
    told: list[Failure | None] = []
    targets = PlayedTargets(a=PlayedPool([line]))
    assert forward_at_once(choose(targets, ORDER), ORDER, b"\r\n", 0, client, told.append)
    assert client.lines == [line]
    assert client.ended == told.append
    assert not forward_at_once(choose(targets, ORDER), ORDER, b"\r\n", 0, client, told.append)
    assert client.lines == [line]


@pytest.mark.parametrize(
    ("failure", "reused", "method", "framing", "may"),
    [
        (Failure.CLOSED_UNANSWERED, True, "GET", b"\r\n", True),
        (Failure.CLOSED_UNANSWERED, True, "PUT", b"Content-Length: 0\r\n\r\n", True),
        (Failure.CLOSED_UNANSWERED, False, "GET", b"\r\n", False),
        (Failure.CLOSED_UNANSWERED, True, "POST", b"\r\n", False),
        (Failure.CLOSED_UNANSWERED, True, "PUT", b"Content-Length: 1\r\n\r\nx", False),
        (Failure.BROKEN, True, "GET", b"\r\n", False),
    ],
)
def test_what_may_be_sent_once_more(failure: Failure, reused: bool, method: str, framing: bytes, may: bool) -> None:
    assert may_repeat(failure, PlayedLine(reused=reused), method, framing) is may


async def test_an_upload_has_a_place_until_its_body_has_left() -> None:
    line = PlayedLine("hangs")
    pool = PlayedPool([line])
    client = PlayedClient()
    upload = Upload(Pieces(b"abc"), None, 10, None)
    task = asyncio.ensure_future(forward_upload(PlayedTargets(a=pool), ORDER, upload, 0, client))
    await asyncio.sleep(0)
    assert pool.places == 0
    while not line.body.endswith(b"<sent>"):
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (pool.places, task.done()) == (1, False), "the answer may take its time"
    client.whole()
    assert await task is None
    assert pool.places == 1


async def test_a_target_without_a_place_is_passed_over_and_the_last_one_says_why() -> None:
    line = PlayedLine()
    full, free = PlayedPool([PlayedLine()], places=0), PlayedPool([], [line])
    upload = Upload(Pieces(b"abc"), None, 10, None)
    assert await forward_upload(PlayedTargets(a=full, b=free), ORDER, upload, 0, PlayedClient()) is None
    assert (len(line.sent_data), len(full.idle)) == (1, 1)
    free.places = 0
    failure = await forward_upload(PlayedTargets(a=full, b=free), ORDER, upload, 0, PlayedClient())
    assert failure is Failure.UPLOADS


async def test_a_place_is_given_back_where_no_line_is_found() -> None:
    pool, other = PlayedPool(), PlayedPool([], [Failure.CONNECT_LATE])
    upload = Upload(Pieces(b"abc"), None, 10, None)
    failure = await forward_upload(PlayedTargets(a=pool, b=other), ORDER, upload, 0, PlayedClient())
    assert (failure, pool.places, other.places) == (Failure.CONNECT_LATE, 1, 1)
