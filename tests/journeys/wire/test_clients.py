"""Clients as they come: old ones, hasty ones, ones that pipeline, and ones that leave."""

import asyncio

import pytest

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.wire import Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


async def never(_: Request, point: Wirepoint) -> None:
    await point.gone()


async def test_pipelined_requests_are_answered_in_order() -> None:
    gate = asyncio.Event()

    async def late(_: Request, point: Wirepoint) -> None:
        await gate.wait()
        point.write(ok(b"late"))

    async with wire({"late": late, "chunk": CHUNKED, "head": ok(b"", b"X: 1"), "plain": ok(b"plain")}) as running:
        client = await running.dial()
        client.write(request("GET", "late"), request("GET", "chunk"), request("HEAD", "head"), request("GET", "plain"))
        await running.upstream.asked(1)
        gate.set()
        bodies = [(await client.answer(bodyless=bodyless)).body for bodyless in (False, False, True, False)]
        assert bodies == [b"late", b"hello", b"", b"plain"]


async def test_a_hundred_pipelined_requests() -> None:
    async with wire({str(n): ok(b"%d" % n) for n in range(100)}) as running:
        client = await running.dial()
        client.write(*(request("GET", str(n)) for n in range(100)))
        assert [(await client.answer()).body for _ in range(100)] == [b"%d" % n for n in range(100)]


async def test_a_client_that_says_close_is_told_close_and_closed() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request("GET", "a", "Connection: close"))
        assert (await client.answer()).fields("connection") == [b"close"]
        assert await client.read_to_end() == b""


@pytest.mark.parametrize("answer", [CHUNKED, b"to-the-end"])
async def test_an_old_client_gets_a_body_that_its_connection_ends(answer: bytes) -> None:
    async def act(_: Request, point: Wirepoint) -> None:
        point.write(CHUNKED if answer == CHUNKED else b"HTTP/1.1 200 OK\r\n\r\nhello")
        if answer != CHUNKED:
            point.wire.close()

    async with wire({"a": act}) as running:
        client = await running.dial()
        client.write(request("GET", "a", "Connection: keep-alive", version="1.0"))
        got = await client.answer()
        assert (got.body, got.to_end, got.fields("connection")) == (b"hello", True, [b"close"])


async def test_an_old_client_keeps_its_connection_where_it_asks_to() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request("GET", "a", "Connection: keep-alive", version="1.0"))
        assert (await client.answer()).fields("connection") == [b"keep-alive"]
        client.write(request("GET", "a", version="1.0"))
        assert (await client.answer()).fields("connection") == [b"close"]
        assert await client.read_to_end() == b""


async def test_a_client_that_leaves_before_the_answer_ends_the_upstream_request() -> None:
    async with wire({"never": never}) as running:
        client = await running.dial()
        client.write(request("GET", "never"))
        await running.upstream.asked(1)
        client.abort()
        await running.upstream.lines[0].gone()
        await running.quiet()
        record = running.record()
        assert (record.status, record.kind, record.cut) == (0, "allow", True)


async def test_a_client_that_leaves_in_the_middle_ends_the_upstream_request() -> None:
    async def endless(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx")
        await point.gone()

    async with wire({"endless": endless}) as running:
        client = await running.dial()
        client.write(request("GET", "endless"))
        await client.read_until(b"\r\n\r\nx")
        client.abort()
        await running.upstream.lines[0].gone()
        await running.quiet()
        record = running.record()
        assert (record.status, record.kind, record.cut) == (200, "allow", True)


async def test_a_client_that_leaves_while_the_spine_waits() -> None:
    waits = asyncio.Event()

    def park(request: Inbound, record: Record) -> Parked[Forward | Refusal]:
        def resume() -> Forward | Refusal:
            raise AssertionError("nobody waits for this")

        waits.set()
        return Parked(asyncio.get_running_loop().create_future(), resume)

    async with wire({}, decide=park) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        await waits.wait()
        client.abort()
        await running.quiet()
        record = running.record()
        assert (record.status, record.kind, record.cut) == (0, "abandoned", True)


async def test_a_parked_request_goes_on_when_its_step_is_settled() -> None:
    ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async with wire({"a": ok()}) as running:

        def park(request: Inbound, record: Record) -> Parked[Forward | Refusal]:
            def again() -> Parked[Forward | Refusal]:
                return Parked(asyncio.sleep(0), lambda: running.spine.forward(request, record))

            return Parked(ready, again)

        running.spine.decide = park
        client = await running.dial()
        client.write(request("GET", "a"))
        ready.set_result(None)
        assert (await client.answer()).status == 200


async def test_a_websocket_handshake_is_answered_as_a_plain_request_and_closes() -> None:
    async with wire({"ws": ok(b"no")}) as running:
        client = await running.dial()
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        upgrade = ("Connection: upgrade", "Upgrade: websocket", key, "Sec-WebSocket-Version: 13")
        client.write(request("GET", "ws", *upgrade), b"\x81\x05hello")
        assert (await client.answer()).status == 200
        assert await client.read_to_end() == b""
        assert b"upgrade" not in running.upstream.requests[0].head.lower()
