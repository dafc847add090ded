"""A pool by itself: places, queues and turns; connecting is played."""

import asyncio
from collections.abc import Callable

import pytest

from gateway.message.forward import NO_EDIT, Forward
from gateway.upstream.connection_http import Connection
from gateway.upstream.limits import PoolLimits
from gateway.upstream.outbox import Outbox
from gateway.upstream.pool_http import Pool
from gateway.upstream.ports import Failure
from gateway.upstream.target import Target
from tests.strategies.played_transport import PlayedTransport

ORDER = Forward(b"", ("a",), NO_EDIT, 1, 1_000_000, 1_000_000)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Silent:
    """A sink that listens to nothing."""

    def head(self, status: int, data: bytes, last: bool) -> None: ...
    def body(self, data: bytes) -> None: ...
    def whole(self) -> None: ...
    def failed(self, failure: Failure) -> None: ...


class PlayedLoop:
    """The running loop, but for connecting: ``gate`` holds attempts back, ``error`` is what they end with."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.attempts = 0
        self.lines: list[Connection] = []

    def time(self) -> float:
        return self.loop.time()

    def create_future(self) -> "asyncio.Future[Connection | None]":
        return self.loop.create_future()

    async def create_connection(
        self, make: Callable[[], Connection], host: str, port: int, *, ssl: object, server_hostname: object
    ) -> tuple[PlayedTransport, Connection]:
        self.attempts += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        line = make()
        transport = PlayedTransport(line)
        line.connection_made(transport)
        self.lines.append(line)
        return transport, line


@pytest.fixture
async def loop() -> PlayedLoop:
    return PlayedLoop()


def pool_of(loop: PlayedLoop, **limits: float) -> Pool:
    watched: list[None] = []
    wanted = PoolLimits(**limits)  # type: ignore[arg-type]
    return Pool(Target("a", 80, False), loop, wanted, None, lambda: b"", lambda: watched.append(None), Outbox(loop, 1))  # type: ignore[arg-type]


async def opened(pool: Pool) -> Connection:
    line = await pool.open(1.0)
    assert isinstance(line, Connection)
    return line


def finish(line: Connection) -> None:
    """An exchange on a line, from begin to end."""
    line.send(b"", ORDER, 0, Silent())
    line.data_received(OK)


async def test_the_line_that_was_used_last_is_taken_first(loop: PlayedLoop) -> None:
    pool = pool_of(loop)
    first, second = await opened(pool), await opened(pool)
    assert pool.take() is None
    finish(first)
    finish(second)
    assert [pool.take(), pool.take(), pool.take()] == [second, first, None]


async def test_a_line_that_closes_is_not_taken(loop: PlayedLoop) -> None:
    pool = pool_of(loop)
    line = await opened(pool)
    finish(line)
    line._wire().close()
    assert pool.take() is None
    line.connection_lost(None)
    assert pool.in_use is False


async def test_who_finds_no_place_waits_for_a_line_in_turn(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1)
    line = await opened(pool)
    waiting = [asyncio.ensure_future(pool.open(1.0)) for _ in range(2)]
    await asyncio.sleep(0)
    finish(line)
    assert await waiting[0] is line
    assert not waiting[1].done()
    finish(line)
    assert await waiting[1] is line
    assert loop.attempts == 1


async def test_who_waits_connects_when_a_line_closes(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1)
    line = await opened(pool)
    waiting = asyncio.ensure_future(pool.open(1.0))
    await asyncio.sleep(0)
    line.close()
    other = await waiting
    assert other is loop.lines[1]


async def test_a_line_that_closes_between_being_given_and_being_taken_is_not_used(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1)
    line = await opened(pool)
    waiting = asyncio.ensure_future(pool.open(1.0))
    await asyncio.sleep(0)
    finish(line)
    line.close()
    assert await waiting is loop.lines[1]


async def test_the_queue_is_bounded(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1, waiting=1)
    await opened(pool)
    waiting = asyncio.ensure_future(pool.open(1.0))
    await asyncio.sleep(0)
    assert await pool.open(1.0) is Failure.SATURATED
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_who_waits_too_long_is_told_so_and_takes_no_line(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1)
    line = await opened(pool)
    assert await pool.open(0.001) is Failure.SATURATED
    finish(line)
    assert pool.take() is line


@pytest.mark.parametrize("given", ["line", "place"])
async def test_who_leaves_with_something_in_hand_passes_it_on(loop: PlayedLoop, given: str) -> None:
    pool = pool_of(loop, connections=1)
    line = await opened(pool)
    first, second = (asyncio.ensure_future(pool.open(1.0)) for _ in range(2))
    await asyncio.sleep(0)
    if given == "line":
        finish(line)
    else:
        line.close()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second is (line if given == "line" else loop.lines[1])


async def test_a_cancelled_attempt_gives_its_place_back(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=1)
    loop.gate.clear()
    attempt = asyncio.ensure_future(pool.open(1.0))
    await asyncio.sleep(0)
    assert pool._connecting == 1
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert pool.in_use is False
    loop.gate.set()
    await opened(pool)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ConnectionRefusedError(), Failure.UNREACHABLE),
        (OSError("Multiple exceptions"), Failure.UNREACHABLE),
        (UnicodeError("label too long"), Failure.UNREACHABLE),
        (TimeoutError(), Failure.CONNECT_LATE),
    ],
)
async def test_a_failure_to_connect_is_a_value_and_puts_the_target_aside_for_longer_each_time(
    loop: PlayedLoop, error: Exception, failure: Failure
) -> None:
    pool = pool_of(loop, aside_seconds=1.0, aside_most_seconds=3.0)
    loop.error = error
    pauses = []
    for _ in range(4):
        before = loop.time()
        assert await pool.open(1.0) is failure
        pauses.append(pool.aside_until - before)
    assert [round(pause) for pause in pauses] == [1, 2, 3, 3]
    assert pool.forgettable(loop.time()) is False
    assert pool.forgettable(loop.time() + 10) is True
    loop.error = None
    await opened(pool)
    assert pool.aside_until == 0


async def test_a_handshake_that_fails_is_told_apart(loop: PlayedLoop) -> None:
    import ssl

    loop.error = ssl.SSLCertVerificationError("no")
    assert await pool_of(loop).open(1.0) is Failure.UNTRUSTED


async def test_connecting_has_its_time(loop: PlayedLoop) -> None:
    loop.gate.clear()
    assert await pool_of(loop).open(0.001) is Failure.CONNECT_LATE


async def test_closing_lets_exchanges_end_and_nobody_wait(loop: PlayedLoop) -> None:
    pool = pool_of(loop, connections=2)
    busy, idle = await opened(pool), await opened(pool)
    waiting = asyncio.ensure_future(pool.open(1.0))
    await asyncio.sleep(0)
    busy.send(b"", ORDER, 0, Silent())
    idle.send(b"", ORDER, 0, Silent())
    pool.close()
    assert await waiting is Failure.SHUT_DOWN
    assert await pool.open(1.0) is Failure.SHUT_DOWN
    assert [busy.open, idle.open] == [True, True]
    busy.data_received(OK)
    assert [busy.open, idle.open] == [False, True]
    pool.abort()
    assert [busy.open, idle.open] == [False, False]
    assert pool.in_use is False


@pytest.mark.parametrize(("connections", "places"), [(1, 1), (2, 1), (4, 3), (512, 384)])
async def test_bodies_on_their_way_have_a_share_of_the_lines(loop: PlayedLoop, connections: int, places: int) -> None:
    pool = pool_of(loop, connections=connections)
    assert [pool.begin_upload() for _ in range(places + 1)] == [True] * places + [False]
    pool.end_upload()
    assert [pool.begin_upload(), pool.begin_upload()] == [True, False]
