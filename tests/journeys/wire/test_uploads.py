"""Request bodies: framed anew, streamed, capped; early answers, clients that wait to be told, and clients that break off."""

import asyncio
import random
from dataclasses import replace

import pytest

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.wire import QUICK, Request, ok, read_body, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
BIG = random.Random(1).randbytes(3_000_000)
SMALL = replace(QUICK, body_bytes=1000)


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


def chunks(data: bytes, size: int) -> bytes:
    """A body in chunks."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 1000, 70_000, 3_000_000])
async def test_a_body_by_length(size: int) -> None:
    async with wire({"a": CREATED}) as running:
        client = await running.dial()
        for _ in range(2):
            client.write(request("POST", "a", f"Content-Length: {size}"), BIG[:size])
            assert (await client.answer()).status == 201
        assert [asked.body == BIG[:size] for asked in running.upstream.requests] == [True, True]
        assert b"\r\nContent-Length: %d\r\n" % size in running.upstream.requests[0].head
        assert running.record().bytes_in == size
        assert len(running.upstream.lines) == 1


@pytest.mark.parametrize("size", [3, 70_000, 3_000_000])
async def test_a_body_in_chunks_ends_its_connection(size: int) -> None:
    async with wire({"a": CREATED}) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Transfer-Encoding: chunked"), chunks(BIG[:size], 4096))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (201, [b"close"])
        assert await client.read_to_end() == b""
        assert running.upstream.requests[0].body == BIG[:size]
        assert running.record().bytes_in == size


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_an_empty_body_is_told_as_it_was(method: str) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request(method, "a", "Content-Length: 0"), request(method, "a"))
        await client.answer()
        await client.answer()
        told = [asked.head.lower().count(b"content-length: 0\r\n") for asked in running.upstream.requests]
        assert told == [1, 0]


async def test_a_client_that_expects_to_be_told_is_told_when_the_request_is_allowed() -> None:
    async with wire({"a": CREATED}) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Expect: 100-continue", "Content-Length: 4"))
        assert (await client.answer()).status == 100
        client.write(b"body")
        assert (await client.answer()).status == 201
        asked = running.upstream.requests[0]
        assert (asked.body, b"expect" in asked.head.lower()) == (b"body", False)


async def test_a_client_that_expects_to_be_told_is_refused_at_once_and_closed() -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied")

    async with wire({}, decide=refuse) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Expect: 100-continue", "Content-Length: 4"))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (403, [b"close"])
        assert await client.read_to_end() == b""


async def test_an_old_client_expects_nothing() -> None:
    async with wire({"a": CREATED}) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Expect: 100-continue", "Content-Length: 4", version="1.0"))
        await running.upstream.asked(0)
        client.write(b"body")
        assert (await client.answer()).status == 201


async def test_a_refused_request_whose_body_is_there_keeps_its_connection() -> None:
    refusals = iter([Refusal("denied"), None])

    def once(inbound: Inbound, record: Record) -> Refusal | None:
        return next(refusals)

    async with wire({"a": CREATED}, decide=once) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 4"), b"body", request("GET", "a"))
        assert [(await client.answer()).status for _ in range(2)] == [403, 201]


async def test_a_refused_request_whose_body_is_on_its_way_is_told_close_and_can_read_it() -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied")

    async with wire({}, decide=refuse) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 3000000"), BIG[:2_000_000])
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (403, [b"close"])
        client.write(BIG[2_000_000:])
        await client.gone()


async def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    async with wire({}, limits=SMALL) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 1001"))
        assert (await client.answer()).status == 413
        assert running.spine.inbounds == []


async def test_a_body_that_becomes_too_large_is_refused_on_its_way() -> None:
    async with wire({"a": hold}, limits=SMALL) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Transfer-Encoding: chunked"), b"3e8\r\n", BIG[:1000], b"\r\n")
        await eventually(lambda: bool(running.upstream.lines) and running.upstream.lines[0].total > 1000)
        client.write(b"1\r\nx\r\n")
        answer = await client.answer()
        assert (answer.status, b"body_too_large" in answer.body) == (413, True)
        await running.upstream.lines[0].gone()


async def test_an_early_answer_ends_the_upload_and_both_connections() -> None:
    async def early(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await point.gone()

    async with wire({"early": early}) as running:
        client = await running.dial()
        client.write(request("POST", "early", "Content-Length: 3000000"), BIG[:1000])
        answer = await client.answer()
        assert (answer.status, answer.body, answer.fields("connection")) == (413, b"big", [b"close"])
        await running.upstream.lines[0].gone()
        client.write(BIG[1000:])
        await client.gone()
        assert running.record().cut is False


async def test_both_directions_at_once() -> None:
    async def echo(asked: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while size := int(await point.read_until(b"\r\n"), 16):
            data = await point.read(size + 2)
            point.write(b"%x\r\n" % size, data)
        point.write(b"0\r\n\r\n")

    async with wire({"echo": echo}) as running:
        client = await running.dial()
        client.write(request("POST", "echo", "Transfer-Encoding: chunked"))
        client.write(b"3\r\none\r\n")
        head = await client.read_until(b"\r\n\r\n")
        assert b"Connection: close" in head
        assert await client.read_until(b"one\r\n") == b"3\r\none\r\n"
        for word in (b"two", b"six"):
            client.write(b"3\r\n", word, b"\r\n")
            assert await client.read_until(word + b"\r\n") == b"3\r\n" + word + b"\r\n"
        client.write(b"0\r\n\r\n")
        assert await client.read_to_end() == b"0\r\n\r\n"


@pytest.mark.parametrize(
    "rest",
    [
        b"Z\r\n",
        b"-1\r\n",
        b"3\r\nabcX\r\n",
        b"3\nabc\r\n",
        b"0\r\nA b: c\r\n\r\n",
        b"0\r\n" + b"X: a\r\n" * 300 + b"\r\n",
    ],
)
async def test_a_body_whose_framing_breaks_later_is_400_at_once(rest: bytes) -> None:
    async with wire({"a": hold}) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Transfer-Encoding: chunked"), b"3\r\nabc\r\n")
        await eventually(lambda: bool(running.upstream.lines) and b"abc" in running.upstream.lines[0].data)
        client.write(rest)
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await running.upstream.lines[0].gone()
        assert running.record().kind == "malformed"


async def test_a_body_whose_framing_breaks_while_the_spine_waits_is_400() -> None:
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with wire({"a": CREATED}) as running:

        def park(inbound: Inbound, record: Record) -> Parked[Forward | Refusal]:
            return Parked(ready, lambda: running.spine.forward(inbound, record))

        running.spine.decide = park
        client = await running.dial()
        client.write(request("POST", "a", "Transfer-Encoding: chunked"), b"3\r\nabc\r\n")
        await eventually(lambda: running.listener.requests_served == 1)
        client.write(b"Z\r\n")
        await eventually(lambda: bool(running.listener._clients) and next(iter(running.listener._clients)).complains)
        ready.set_result(None)
        assert (await client.answer()).status == 400


@pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
async def test_a_client_that_leaves_in_its_body_never_makes_a_whole_request(framing: str) -> None:
    async with wire({"a": hold}) as running:
        client = await running.dial()
        client.write(request("POST", "a", framing), b"5\r\nhello\r\n")
        await eventually(lambda: bool(running.upstream.lines) and b"hello" in running.upstream.lines[0].data)
        client.wire.close()
        await running.upstream.lines[0].gone()
        await running.quiet()
        assert not running.upstream.lines[0].data.endswith(b"0\r\n\r\n")
        assert (running.record().status, running.record().cut) == (0, True)


async def test_an_upload_waits_for_an_upstream_that_does_not_read() -> None:
    gate = asyncio.Event()

    async def slow(asked: Request, point: Wirepoint) -> None:
        point.wire.pause_reading()
        await gate.wait()
        point.wire.resume_reading()
        assert await read_body(asked.head, point) == b"x" * 20_000_000
        point.write(CREATED)

    async with wire({"slow": slow}) as running:
        client = await running.dial()
        client.write(request("POST", "slow", "Content-Length: 20000000"), b"x" * 20_000_000)
        await running.upstream.asked(1)
        await eventually(lambda: next(iter(running.listener._clients))._reading_paused)
        assert client.clogged, "what the upstream does not take stays with the client"
        gate.set()
        assert (await client.answer()).status == 201
