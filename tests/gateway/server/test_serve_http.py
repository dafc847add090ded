"""The service by itself: begin and finished embrace every request, whatever happens between them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.message.forward import NO_EDIT, Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.framing import HTTP10
from gateway.server.limits import WireLimits
from gateway.server.serve_http import Service
from gateway.upstream.ports import Failure
from tests.strategies.pieces import Pieces
from tests.strategies.played_exchange import Played, PlayedLine

ORDER = Forward(b"GET / HTTP/1.1\r\n", ("a",), NO_EDIT, 1, 1, 1)
Step = Forward | Refusal | Parked[Forward | Refusal] | Exception


class PlayedSpine:
    """Gives one step, and notes what it is told."""

    def __init__(self, step: Step = ORDER) -> None:
        self.step = step
        self.said: list[str] = []
        self.inbound: Inbound | None = None
        self.record = Record("0a", 0, "")

    def begin(self, method: str) -> Record:
        self.said.append(f"begin {method}")
        return self.record

    def start(self, request: Inbound, record: Record) -> Forward | Refusal | Parked[Forward | Refusal]:
        self.said.append("start")
        self.inbound = request
        if isinstance(self.step, Exception):
            raise self.step
        return self.step

    def finished(self, record: Record) -> None:
        assert record is self.record
        self.said.append("finished")


class PlayedTargets:
    """One target whose lines do what the test says."""

    def __init__(self, act: Callable[[], PlayedLine | Failure]) -> None:
        self.act = act

    def choose(self, targets: tuple[str, ...], avoid: frozenset[str]) -> tuple[str, "PlayedTargets"]:
        return targets[0], self

    def take(self) -> None:
        return None

    def begin_upload(self) -> bool:
        return True

    def end_upload(self) -> None: ...

    async def open(self, seconds: float) -> PlayedLine | Failure:
        return self.act()


def unreachable() -> Failure:
    return Failure.UNREACHABLE


def service(
    spine: PlayedSpine, played: Played, act: Callable[[], PlayedLine | Failure] = unreachable, bodyless: bool = True
) -> Service:
    empty = played.source if bodyless else object()
    return Service(spine, PlayedTargets(act), WireLimits(body_bytes=10), lambda: b"Date: d\r\n", empty)


async def test_what_the_spine_is_handed() -> None:
    played = Played(path="/a?b", raw_headers=[(b"Host", b"h"), (b"X", b"\xff")], version=HTTP10)
    spine = PlayedSpine(Refusal("denied"))
    assert await service(spine, played).serve(played.exchange, "10.0.0.1") is True
    assert spine.inbound == Inbound(
        "GET", b"/a?b", ((b"Host", b"h"), (b"X", b"\xff")), "10.0.0.1", True, False, False, "0a"
    )
    assert spine.said == ["begin GET", "start", "finished"]


async def test_a_whole_answer_leaves_the_record_as_the_spine_made_it() -> None:
    played = Played()
    spine = PlayedSpine()
    spine.record.kind = "allow"

    class Answers(PlayedLine):
        def send(self, data: bytes, order: Forward, wants: int, sink: object) -> None:
            assert data == b"GET / HTTP/1.1\r\n\r\n"
            played.exchange.head(200, b"answer", False)
            played.exchange.whole()

    assert await service(spine, played, Answers).serve(played.exchange, "") is True
    assert played.written == b"answer"
    assert (spine.record.kind, spine.record.status, spine.record.cut) == ("allow", 200, False)
    assert spine.said[-1] == "finished"


async def test_a_failure_is_a_refusal() -> None:
    played = Played()
    spine = PlayedSpine()
    await service(spine, played).serve(played.exchange, "")
    assert played.written.startswith(b"HTTP/1.1 502 ")
    assert (spine.record.kind, spine.record.reason) == (Failure.UNREACHABLE.kind, Failure.UNREACHABLE.reason)


@pytest.mark.parametrize("head", [{"version": (2, 0)}, {"chunked": True}])
async def test_what_is_malformed_never_reaches_the_spine(head: dict[str, Any]) -> None:
    played = Played(**head)
    if "chunked" in head:
        played.head.headers.add("Transfer-Encoding", "gzip, chunked")
    spine = PlayedSpine()
    assert await service(spine, played).serve(played.exchange, "") is False
    assert spine.said == ["begin GET", "finished"]
    assert (spine.record.kind, spine.record.status) == ("malformed", 400)


@pytest.mark.parametrize(("length", "status"), [("10", 502), ("11", 413)])
async def test_a_body_that_says_that_it_is_too_large_never_reaches_the_spine(length: str, status: int) -> None:
    played = Played()
    played.head.headers.add("Content-Length", length)
    played.source.pieces = [b"x" * 10]
    spine = PlayedSpine()
    await service(spine, played, bodyless=False).serve(played.exchange, "")
    assert ("start" in spine.said) is (status == 502)
    assert spine.record.status == status


async def test_a_parked_request_waits() -> None:
    played = Played()
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    spine = PlayedSpine(Parked(ready, lambda: Refusal("keys_fault")))
    task = asyncio.ensure_future(service(spine, played).serve(played.exchange, ""))
    await asyncio.sleep(0)
    assert played.written == b""
    ready.set_result(None)
    await task
    assert spine.record.status == 503


@pytest.mark.parametrize(("kind", "kept"), [("", "abandoned"), ("allow", "allow")])
async def test_a_cancelled_request_is_finished_once(kind: str, kept: str) -> None:
    played = Played()
    never: Awaitable[None] = asyncio.get_running_loop().create_future()
    spine = PlayedSpine(Parked(never, lambda: ORDER))
    spine.record.kind = kind
    task = asyncio.ensure_future(service(spine, played).serve(played.exchange, ""))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert spine.said == ["begin GET", "start", "finished"]
    assert (spine.record.status, spine.record.kind, spine.record.cut) == (0, kept, True)
    assert played.peer.exchange is None


async def test_an_exception_is_500_and_logged_by_type_and_place(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    played = Played()
    spine = PlayedSpine(KeyError("s3cr3t"))
    assert await service(spine, played).serve(played.exchange, "") is False
    assert played.written.startswith(b"HTTP/1.1 500 ")
    assert spine.record.reason == "KeyError"
    assert "KeyError" in caplog.text
    assert "test_serve_http.py:" in caplog.text
    assert "s3cr3t" not in caplog.text + played.written.decode()
    assert spine.said[-1] == "finished"


async def test_an_exception_after_the_head_cuts() -> None:
    played = Played()

    class Breaks(PlayedLine):
        def send(self, data: bytes, order: Forward, wants: int, sink: object) -> None:
            played.exchange.head(200, b"head", False)
            raise KeyError

    spine = PlayedSpine()
    assert await service(spine, played, Breaks).serve(played.exchange, "") is False
    assert played.written == b"head"
    assert played.transport.aborted
    assert spine.record.cut


async def test_a_body_that_is_broken_already_is_not_sent() -> None:
    played = Played(eof=False, chunked=True)
    played.head.headers.add("Transfer-Encoding", "chunked")
    played.peer.complains = True
    spine = PlayedSpine()
    await service(spine, played, bodyless=False).serve(played.exchange, "")
    assert spine.record.status == 400


@pytest.mark.parametrize("fails", ["begin", "finished"])
async def test_a_spine_that_fails_at_its_edges_fails_no_client(fails: str) -> None:
    played = Played()
    spine = PlayedSpine(Refusal("denied"))

    def boom(_: object) -> Record:
        raise KeyError

    setattr(spine, fails, boom)
    keep = await service(spine, played).serve(played.exchange, "")
    assert keep is (fails == "finished")
    assert played.written.startswith(b"HTTP/1.1 %d " % (500 if fails == "begin" else 403))


def test_what_could_not_be_read_has_a_record_too() -> None:
    spine = PlayedSpine()
    written: list[bytes] = []
    service_of = Service(spine, PlayedTargets(unreachable), WireLimits(), lambda: b"", Pieces())
    service_of.refuse_unread(written.append, "BadHttpMessage")
    assert spine.said == ["begin UNKNOWN", "finished"]
    record = spine.record
    assert (record.kind, record.reason, record.status, record.bytes_out) == (
        "malformed",
        "BadHttpMessage",
        400,
        len(written[0]),
    )
    assert b"\r\nConnection: close\r\n" in written[0]


def test_what_could_not_be_answered_is_finished_all_the_same() -> None:
    spine = PlayedSpine()
    spine.record.request_id = "no id\r\n"
    written: list[bytes] = []
    Service(spine, PlayedTargets(unreachable), WireLimits(), lambda: b"", Pieces()).refuse_unread(written.append, "why")
    assert written == []
    assert spine.said == ["begin UNKNOWN", "finished"]
    assert spine.record.status == 0
