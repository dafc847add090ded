"""One exchange by itself: what is written to whom, what is kept, and how it ends; connection and line are played."""

from typing import Any

import pytest

from gateway.message.refusal import Refusal
from gateway.server.exchange_http import reset
from gateway.server.framing import HTTP10, HTTP11
from gateway.upstream.body import Upload
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT, Failure
from tests.strategies.played_exchange import Played, PlayedLine
from tests.strategies.played_transport import PlayedTransport

DATE = b"Date: d\r\n"


async def test_the_connection_knows_its_exchange_until_the_end() -> None:
    played = Played()
    assert played.peer.exchange is played.exchange
    played.exchange.conclude()
    assert played.peer.exchange is None


@pytest.mark.parametrize(
    ("head", "keep"),
    [({}, True), ({"should_close": True}, False), ({"chunked": True}, False), ({"upgrade": True}, False)],
)
async def test_which_requests_end_their_connection(head: dict[str, Any], keep: bool) -> None:
    assert Played(**head).exchange.keep is keep


@pytest.mark.parametrize(
    ("method", "version", "close", "wants"),
    [
        ("GET", HTTP11, False, 0),
        ("HEAD", HTTP11, False, NO_BODY),
        ("GET", HTTP10, False, OLD_CLIENT),
        ("HEAD", HTTP10, True, NO_BODY | OLD_CLIENT | LAST),
    ],
)
async def test_what_is_wanted_of_the_answer(method: str, version: tuple[int, int], close: bool, wants: int) -> None:
    played = Played(version=version, should_close=close)
    played.head.method = method
    assert played.exchange.wants == wants


async def test_an_answer_is_written_as_it_comes_and_counted() -> None:
    played = Played()
    outcome = played.exchange.attach(PlayedLine())
    played.exchange.head(203, b"head", False)
    played.exchange.body(b"body")
    assert not outcome.done()
    played.exchange.whole()
    assert await outcome is None
    played.exchange.conclude()
    record = played.exchange.record
    assert (played.written, record.status, record.upstream, record.bytes_out) == (b"headbody", 203, 203, 8)
    assert played.exchange.keep is True


async def test_an_answer_that_says_close_ends_the_connection() -> None:
    played = Played()
    played.exchange.head(200, b"", True)
    assert played.exchange.keep is False


async def test_the_first_outcome_counts() -> None:
    played = Played()
    outcome = played.exchange.attach(PlayedLine())
    played.exchange.failed(Failure.BROKEN)
    played.exchange.failed(Failure.ANSWER_LATE)
    played.exchange.whole()
    assert await outcome is Failure.BROKEN


async def test_a_failure_before_there_is_a_line_is_not_forgotten() -> None:
    played = Played()
    played.exchange.failed(Failure.BODY_BROKEN)
    assert await played.exchange.attach(PlayedLine()) is Failure.BODY_BROKEN


async def test_a_second_line_has_an_outcome_of_its_own() -> None:
    played = Played()
    first = played.exchange.attach(PlayedLine())
    played.exchange.failed(Failure.CLOSED_UNANSWERED)
    second = played.exchange.attach(PlayedLine())
    played.exchange.whole()
    assert (await first, await second) == (Failure.CLOSED_UNANSWERED, None)


async def test_the_clients_back_pressure_goes_to_the_line_and_to_no_line_after_the_end() -> None:
    played, line = Played(), PlayedLine()
    played.exchange.clogged()
    played.peer.writing_paused = True
    played.exchange.attach(line)
    played.exchange.unclogged()
    played.exchange.clogged()
    played.exchange.whole()
    played.exchange.unclogged()
    assert line.said == ["pause", "resume", "pause"]


async def test_a_refusal_fills_the_record() -> None:
    played = Played()
    played.exchange.refuse(Refusal("denied", "because", 7), DATE)
    played.exchange.conclude()
    record = played.exchange.record
    assert (record.kind, record.reason, record.rule, record.status, record.upstream) == ("denied", "because", 7, 403, 0)
    assert record.bytes_out == len(played.written)
    assert played.written.startswith(b"HTTP/1.1 403 Forbidden\r\n")


@pytest.mark.parametrize(
    ("refusal", "eof", "keep"),
    [
        (Refusal("denied"), True, True),
        (Refusal("denied"), False, False),
        (Refusal("denied", close=True), True, False),
        (Refusal("malformed"), True, False),
    ],
)
async def test_which_refusals_end_the_connection_and_say_so(refusal: Refusal, eof: bool, keep: bool) -> None:
    played = Played(eof=eof)
    played.exchange.refuse(refusal, DATE)
    assert played.exchange.keep is keep
    assert (b"\r\nConnection: close\r\n" in played.written) is not keep


async def test_a_refusal_after_the_head_writes_nothing_and_cuts() -> None:
    played = Played()
    played.exchange.head(200, b"head", False)
    played.exchange.refuse(Refusal("upstream_broken", "why"), DATE)
    record = played.exchange.record
    assert played.written == b"head"
    assert played.transport.aborted
    assert (record.status, record.kind, record.cut) == (200, "upstream_broken", True)


async def test_an_interim_answer_is_no_begin_and_comes_never_after_one() -> None:
    played = Played()
    played.exchange.proceed()
    assert played.written == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert played.exchange.begun is False
    played.exchange.head(200, b"head", False)
    played.exchange.proceed()
    assert played.written.endswith(b"head")


async def test_nothing_is_written_to_a_client_that_left() -> None:
    played = Played()
    played.peer.transport = None
    played.exchange.head(200, b"head", False)
    played.exchange.cut()
    assert played.written == b""
    assert played.exchange.sent == 0


@pytest.mark.parametrize("paused", [False, True])
async def test_flushing_waits_for_a_full_client_alone(paused: bool) -> None:
    played = Played()
    played.peer.writing_paused = paused
    await played.exchange.flush()
    assert played.writer.drains == int(paused)


async def test_a_client_that_leaves_while_it_is_full_is_cut_off() -> None:
    played = Played()
    played.peer.writing_paused = True
    played.writer.error = ConnectionResetError("Connection lost")
    await played.exchange.flush()
    assert (played.exchange.record.cut, played.exchange.keep) == (True, False)


@pytest.mark.parametrize("eof", [False, True])
async def test_a_body_that_was_not_read_to_its_end_ends_the_connection(eof: bool) -> None:
    played = Played(eof=eof)
    upload = played.exchange.upload = Upload(played.source, None, 10, None)
    upload.taken = 5
    played.exchange.conclude()
    assert (played.exchange.record.bytes_in, played.exchange.keep) == (5, eof)
    assert played.exchange.upload is None


@pytest.mark.parametrize(
    ("complains", "eof", "broken"), [(True, False, True), (True, True, False), (False, False, False)]
)
async def test_a_body_is_broken_when_the_parser_complains_before_its_end(
    complains: bool, eof: bool, broken: bool
) -> None:
    played = Played(eof=eof)
    played.peer.complains = complains
    assert played.exchange.body_broken is broken


async def test_what_the_library_asks_of_a_request_is_there() -> None:
    played = Played()
    played.exchange._finish()
    played.exchange._cancel(ConnectionResetError())
    played.exchange._task = None


def test_a_reset_of_a_transport_without_a_socket_aborts_it() -> None:
    transport = PlayedTransport()
    reset(transport)
    assert transport.aborted
