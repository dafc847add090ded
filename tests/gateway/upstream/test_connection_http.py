"""One line by itself, its transport played: who is called, in which order, and what becomes of the line."""

import asyncio

import pytest

from gateway.message.forward import NO_EDIT, Forward
from gateway.upstream.answer_head import FieldNames
from gateway.upstream.answer_http import AnswerReader
from gateway.upstream.connection_http import Connection
from gateway.upstream.limits import PoolLimits
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import UPLOAD, Failure
from tests.strategies.played_transport import PlayedTransport

SECOND = 1_000_000
ORDER = Forward(b"", ("a",), NO_EDIT, SECOND, 10 * SECOND, 5 * SECOND)
OK = b"HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 2\r\n\r\nok"
BIG = b"HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 100000\r\n\r\n"


class Played:
    """Pool, sink and clock of one line. ``said`` is what they were told, in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.said: list[str] = []
        self.bytes = b""
        self.last = False
        reader = AnswerReader(FieldNames(), PoolLimits(), lambda: b"")
        self.line = Connection(self, reader, loop, Outbox(loop, 1), 3.0)
        self.transport = PlayedTransport()
        self.line.connection_made(self.transport)
        self.now = loop.time()

    def joined(self, connection: Connection) -> None:
        self.said.append("joined")

    def give(self, connection: Connection) -> None:
        self.said.append("given")

    def gone(self, connection: Connection) -> None:
        self.said.append("gone")

    def head(self, status: int, data: bytes, last: bool) -> None:
        self.said.append(f"head {status}")
        self.bytes += data
        self.last = last

    def body(self, data: bytes) -> None:
        self.said.append("body")
        self.bytes += data

    def whole(self) -> None:
        self.said.append("whole")

    def failed(self, failure: Failure) -> None:
        self.said.append(failure.name)

    def send(self, wants: int = 0) -> None:
        self.line.send(b"request", ORDER, wants, self)
        self.said.clear()


@pytest.fixture
async def played() -> Played:
    return Played(asyncio.get_running_loop())


async def test_a_whole_answer_gives_the_line_back_before_anybody_is_told(played: Played) -> None:
    assert played.said == ["joined"]
    played.send()
    played.line.data_received(OK)
    assert played.said == ["head 200", "given", "whole"]
    assert played.bytes == OK
    assert played.transport.written == b"request"
    assert played.line.open


async def test_a_line_knows_that_it_was_used(played: Played) -> None:
    played.send()
    assert played.line.reused is False
    played.line.data_received(OK)
    played.send()
    assert played.line.reused is True


@pytest.mark.parametrize(
    "data", [OK + b"x", OK.replace(b"Date: d", b"Connection: close"), b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"]
)
async def test_a_whole_answer_that_allows_no_other_closes_the_line(played: Played, data: bytes) -> None:
    played.send()
    played.line.data_received(data)
    assert played.said == ["head 200", "gone", "whole"]
    assert played.transport.aborted


async def test_a_line_whose_upload_is_not_sent_is_never_given_back(played: Played) -> None:
    played.send(UPLOAD)
    played.line.data_received(OK)
    assert played.said == ["head 200", "gone", "whole"]
    assert played.last is True
    played.line.send_body(b"late")
    assert played.transport.written == b"request"


async def test_a_line_whose_upload_is_sent_is_given_back(played: Played) -> None:
    played.send(UPLOAD)
    played.line.send_body(b" body")
    played.line.sent()
    played.line.data_received(OK)
    assert played.said == ["head 200", "given", "whole"]
    assert played.last is False
    assert played.transport.written == b"request body"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ["gone", "CLOSED_UNANSWERED"]),
        (b"H", ["gone", "BROKEN"]),
        (BIG, ["head 200", "gone", "BROKEN"]),
        (b"HTTP/1.1 200 OK\r\nDate: d\r\n\r\nabc", ["head 200", "gone", "body", "whole"]),
    ],
)
async def test_the_end_of_the_connection(played: Played, data: bytes, said: list[str]) -> None:
    played.send()
    if data:
        played.line.data_received(data)
    played.line.eof_received()
    played.line.connection_lost(None)
    assert played.said == said


async def test_an_end_without_end_of_file_or_with_an_error_completes_nothing(played: Played) -> None:
    played.send()
    played.line.data_received(b"HTTP/1.1 200 OK\r\n\r\nabc")
    played.line.connection_lost(None)
    assert played.said[-1] == "BROKEN"


async def test_an_error_after_end_of_file_completes_nothing(played: Played) -> None:
    played.send()
    played.line.data_received(b"HTTP/1.1 200 OK\r\n\r\nabc")
    played.line.eof_received()
    played.line.connection_lost(ConnectionResetError())
    assert played.said[-1] == "BROKEN"


async def test_what_cannot_be_read_fails_once(played: Played) -> None:
    played.send()
    played.line.data_received(b"SSH-2.0-x\r\n")
    played.line.connection_lost(None)
    assert played.said == ["gone", "BROKEN", "gone"]


async def test_bytes_without_a_request_close_the_line(played: Played) -> None:
    played.line.data_received(OK)
    assert played.transport.aborted
    assert "gone" in played.said


async def test_leaving_closes_the_line_and_silences_it(played: Played) -> None:
    played.send()
    played.line.leave(played)
    assert played.transport.aborted
    played.line.connection_lost(None)
    assert set(played.said) == {"gone"}


async def test_leaving_an_exchange_that_is_over_leaves_the_line_alone(played: Played) -> None:
    played.send()
    played.line.data_received(OK)
    other = Played(asyncio.get_running_loop())
    played.line.send(b"", ORDER, 0, other)
    played.line.leave(played)
    assert played.transport.aborted is False


async def test_back_pressure_of_the_client_stops_reading(played: Played) -> None:
    played.send()
    played.line.data_received(BIG)
    played.line.pause()
    played.line.pause()
    assert played.transport.reading is False
    played.line.resume()
    played.line.resume()
    assert played.transport.reading is True


async def test_a_paused_line_that_is_done_reads_again(played: Played) -> None:
    played.send()
    played.line.pause()
    played.line.data_received(OK)
    assert played.transport.reading is True


async def test_a_line_that_closes_can_be_paused_and_resumed(played: Played) -> None:
    played.send()
    played.line.pause()
    played.transport.close()
    played.line.resume()
    played.line.pause()
    assert played.line.open is False


async def test_an_upload_waits_while_the_upstream_is_full(played: Played) -> None:
    played.send(UPLOAD)
    await played.line.drained()
    played.line.pause_writing()
    waiting = asyncio.ensure_future(played.line.drained())
    await asyncio.sleep(0)
    assert not waiting.done()
    played.line.resume_writing()
    await waiting


@pytest.mark.parametrize("end", ["connection_lost", "leave", "failure"])
async def test_an_upload_that_waits_does_not_wait_for_ever(played: Played, end: str) -> None:
    played.send(UPLOAD)
    played.line.pause_writing()
    waiting = asyncio.ensure_future(played.line.drained())
    await asyncio.sleep(0)
    if end == "connection_lost":
        played.line.connection_lost(None)
    elif end == "leave":
        played.line.leave(played)
    else:
        played.line.data_received(b"nonsense!")
    await waiting
    await played.line.drained()


async def test_the_time_for_an_answer(played: Played) -> None:
    played.send()
    played.line.tick(played.now + 9.9)
    assert played.said == []
    played.line.data_received(b"HTTP/1.1 200 OK\r\nX: a\r\n")
    played.line.tick(played.now + 30)
    assert played.said == ["gone", "ANSWER_LATE"]


async def test_the_time_between_pieces_of_an_answer(played: Played) -> None:
    played.send()
    played.line.data_received(BIG)
    now = played.now + 9
    for _ in range(3):
        played.line.tick(now)
        now += 4.9
        played.line.data_received(b"x")
    played.line.tick(now)
    played.line.tick(now + 4.9)
    assert "IDLE_LATE" not in played.said
    played.line.tick(now + 5)
    assert played.said[-1] == "IDLE_LATE"


async def test_the_time_that_the_client_takes_does_not_count(played: Played) -> None:
    played.send()
    played.line.data_received(BIG)
    played.line.pause()
    for after in (10, 20, 30):
        played.line.tick(played.now + after)
    played.line.resume()
    played.line.tick(played.now + 34)
    played.line.tick(played.now + 38)
    assert played.said == ["head 200"]
    played.line.tick(played.now + 39)
    assert played.said[-1] == "IDLE_LATE"


async def test_the_time_of_an_upload_is_the_clients_until_the_upstream_is_full(played: Played) -> None:
    played.send(UPLOAD)
    played.line.tick(played.now + 100)
    played.line.pause_writing()
    played.line.tick(played.now + 109)
    assert played.said == []
    played.line.tick(played.now + 110)
    assert played.said == ["gone", "ANSWER_LATE"]


async def test_the_time_for_an_answer_begins_when_the_upload_is_sent(played: Played) -> None:
    played.send(UPLOAD)
    played.line.tick(played.now + 100)
    played.line.sent()
    played.line.tick(played.now + 9)
    assert played.said == []
    played.line.tick(played.now + 100)
    assert played.said == ["gone", "ANSWER_LATE"]


async def test_an_idle_line_has_its_time_too(played: Played) -> None:
    played.send()
    played.line.data_received(OK)
    played.line.tick(played.now + 100)
    played.line.tick(played.now + 102.9)
    assert played.transport.aborted is False
    played.line.tick(played.now + 103)
    assert played.transport.aborted is True


async def test_a_line_that_is_not_open_refuses_to_send() -> None:
    loop = asyncio.get_running_loop()
    other = Played(loop)
    line = Connection(other, AnswerReader(FieldNames(), PoolLimits(), lambda: b""), loop, Outbox(loop), 1.0)
    assert line.open is False
    with pytest.raises(RuntimeError, match="not open"):
        line.send(b"", ORDER, 0, other)
