"""An upload by itself: what is counted, capped and framed."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.forward import Forward
from gateway.upstream.body import Upload
from gateway.upstream.ports import Failure, Sink
from tests.strategies.pieces import Pieces


class Taker:
    """A line that takes an upload."""

    reused = False

    def __init__(self) -> None:
        self.data = b""
        self.drains = 0
        self.complete = False

    def send(self, data: bytes, order: Forward, wants: int, sink: Sink) -> None:
        raise AssertionError("an upload sends no head")

    def send_body(self, data: bytes) -> None:
        self.data += data

    async def drained(self) -> None:
        self.drains += 1

    def sent(self) -> None:
        self.complete = True

    def pause(self) -> None:
        raise AssertionError("an upload does not pause answers")

    resume = pause

    def leave(self, sink: Sink) -> None:
        raise AssertionError("an upload does not leave")


@pytest.mark.parametrize(
    ("length", "data", "found"),
    [
        (3, b"abc", b"Content-Length: 3\r\n\r\nabc"),
        (None, b"abc", b"Content-Length: 3\r\n\r\nabc"),
        (None, b"", b"Content-Length: 0\r\n\r\n"),
        (None, b"x" * 10, b"Content-Length: 10\r\n\r\n" + b"x" * 10),
        (None, b"x" * 11, Failure.BODY_TOO_LARGE),
        (4, b"abc", Failure.BODY_BROKEN),
    ],
)
def test_a_body_that_is_there_is_framed_by_its_length(length: int | None, data: bytes, found: bytes | Failure) -> None:
    upload = Upload(Pieces(data, eof=True), length, 10, None)
    assert upload.at_once() == found
    assert upload.taken == len(data)


def test_a_body_that_is_not_there_yet_is_not_waited_for() -> None:
    assert Upload(Pieces(b"ab"), 3, 10, None).at_once() is None


@pytest.mark.parametrize(
    ("length", "framing"), [(7, b"Content-Length: 7\r\n\r\n"), (None, b"Transfer-Encoding: chunked\r\n\r\n")]
)
def test_the_framing_of_a_body_on_its_way(length: int | None, framing: bytes) -> None:
    assert Upload(Pieces(), length, 10, None).framing() == framing


@given(pieces=st.lists(st.binary(min_size=1, max_size=20), max_size=6), chunked=st.booleans())
async def test_the_bytes_that_arrive_are_the_bytes_that_came(pieces: list[bytes], chunked: bool) -> None:
    whole = b"".join(pieces)
    line = Taker()
    upload = Upload(Pieces(*pieces), None if chunked else len(whole), 1000, None)
    assert await upload.pump(line) is None
    assert line.complete
    assert line.drains == len(pieces)
    assert upload.taken == len(whole)
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    assert line.data == (framed if chunked else whole)


@pytest.mark.parametrize(
    ("length", "pieces", "failure"),
    [
        (None, (b"x" * 6, b"x" * 5), Failure.BODY_TOO_LARGE),
        (5, (b"abc",), Failure.BODY_BROKEN),
        (2, (b"abc",), Failure.BODY_BROKEN),
    ],
)
async def test_a_body_that_is_not_what_was_said_is_never_complete(
    length: int | None, pieces: tuple[bytes, ...], failure: Failure
) -> None:
    line = Taker()
    assert await Upload(Pieces(*pieces), length, 10, None).pump(line) is failure
    assert line.complete is False
    assert not line.data.endswith(b"0\r\n\r\n")


async def test_the_client_is_told_to_go_on_before_anything_is_waited_for() -> None:
    said: list[str] = []

    class Source(Pieces):
        async def readany(self) -> bytes:
            said.append("read")
            assert upload.waiting
            return b""

    upload = Upload(Source(), None, 10, lambda: said.append("proceed"))
    await upload.pump(Taker())
    assert said == ["proceed", "read"]
    assert upload.waiting is False


async def test_a_source_that_fails_fails_the_pump() -> None:
    class Source(Pieces):
        async def readany(self) -> bytes:
            raise ConnectionResetError

    upload = Upload(Source(), None, 10, None)
    with pytest.raises(ConnectionResetError):
        await upload.pump(Taker())
    assert upload.waiting is False


class Coming(Pieces):
    """A source to which bytes come when the test says so."""

    def come(self, upload: Upload, size: int, *, last: bool = False) -> None:
        self.total_bytes += size
        self.eof = last
        upload.stirred()


async def arriving(upload: Upload, enough: int = 10) -> "asyncio.Task[None]":
    task = asyncio.create_task(upload.arrive(enough))
    await asyncio.sleep(0)
    return task


@pytest.mark.parametrize(("sizes", "last"), [((9, 1), False), ((3, 4), True), ((0,), True)])
async def test_what_is_waited_for_is_enough_of_a_body_or_all_of_it(sizes: tuple[int, ...], last: bool) -> None:
    source = Coming()
    upload = Upload(source, None, 100, None)
    task = await arriving(upload)
    for size in sizes[:-1]:
        source.come(upload, size)
    assert (upload.waiting, task.done()) == (True, False)
    source.come(upload, sizes[-1], last=last)
    await task
    assert upload.waiting is False


async def test_a_body_that_came_before_anybody_waited_is_not_waited_for() -> None:
    source = Coming()
    upload = Upload(source, None, 100, None)
    source.come(upload, 10)
    await upload.arrive(10)


async def test_something_is_enough_after_a_time_and_nothing_never_is() -> None:
    source = Coming()
    upload = Upload(source, None, 100, None)
    upload.hasten(0.0, 1.0)
    task = await arriving(upload)
    for now in (10.0, 10.5, 11.0, 99.0):
        upload.hasten(now, 1.0)
    assert not task.done()
    source.come(upload, 1)
    upload.hasten(100.0, 1.0)
    upload.release()
    await task
    upload.release()


async def test_the_client_is_told_once_to_go_on_and_before_its_body_is_waited_for() -> None:
    said: list[str] = []
    source = Coming()
    upload = Upload(source, None, 100, lambda: said.append("proceed"))
    task = await arriving(upload)
    assert said == ["proceed"]
    source.come(upload, 10)
    await task
    await upload.pump(Taker())
    assert said == ["proceed"]


def paced(source: Pieces) -> Upload:
    upload = Upload(source, None, 10**6, None)
    upload.waiting = True
    return upload


def test_a_body_that_stops_is_overdue() -> None:
    source = Pieces()
    upload = paced(source)
    assert [upload.overdue(now, 10.0, 0) for now in (100.0, 105.0, 109.0)] == [False] * 3
    source.total_bytes = 1
    assert [upload.overdue(now, 10.0, 0) for now in (109.5, 119.0)] == [False] * 2
    assert upload.overdue(119.5, 10.0, 0)


@pytest.mark.parametrize(("each", "overdue"), [(10, False), (9, True)])
def test_a_body_that_drips_is_overdue_in_each_window_anew(each: int, overdue: bool) -> None:
    source = Pieces()
    upload = paced(source)
    source.total_bytes = 5000
    said = [upload.overdue(0.0, 10.0, 10)]
    for now in range(1, 31):
        source.total_bytes += each
        said.append(upload.overdue(float(now), 10.0, 10))
    assert any(said) is overdue
    assert not any(said[:11]), "a good begin pays for one window, and not for the next"


def test_time_in_which_it_is_not_the_clients_turn_does_not_count() -> None:
    source = Pieces()
    upload = paced(source)
    for now in range(0, 1000, 5):
        upload.waiting = now % 10 == 0
        assert not upload.overdue(float(now), 10.0, 1000)
