"""Bodies that cost more than they bring: framing without payload, a byte now and then, places held for what does not come."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.upstream.limits import PoolLimits
from tests.strategies.wire import QUICK, Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

CHUNKS = "Transfer-Encoding: chunked"
FLOODS = {
    "one byte a chunk": b"1\r\nx\r\n" * 40_000,
    "extensions": (b"1;" + b"e" * 4000 + b"\r\nx\r\n") * 60,
    "leading zeros": (b"0" * 4000 + b"1\r\nx\r\n") * 60,
    "an extension without end": b"1;" + b"e" * 240_000,
}


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes the library's parser was given."""
    sizes: list[int] = []
    feed = web.RequestHandler.data_received

    def counted(self: web.RequestHandler, data: bytes) -> None:
        sizes.append(len(data))
        feed(self, data)

    monkeypatch.setattr(web.RequestHandler, "data_received", counted)
    return sizes


@pytest.mark.parametrize("case", FLOODS)
async def test_framing_that_outweighs_its_body_is_413_and_what_follows_is_not_parsed(
    case: str, parsed: list[int]
) -> None:
    async with wire({"a": hold}, limits=replace(QUICK, linger_seconds=0.3)) as running:
        client = await running.dial()
        client.write(request("POST", "a", CHUNKS), b"1\r\nx\r\n")
        await running.upstream.asked(1)
        client.write(FLOODS[case])
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (413, [b"close"])
        await eventually(lambda: running.listener.requests_served == 0)
        before = sum(parsed)
        client.write(b"1\r\nx\r\n" * 10_000)
        await client.gone()
        assert sum(parsed) == before
        await running.upstream.lines[0].gone()
        assert running.record().reason == "the framing of the request's body outweighs it"


async def test_a_flood_in_the_segment_of_its_head_or_behind_a_request_that_is_served_is_refused_as_well() -> None:
    async with wire({"a": hold, "b": ok()}) as running:
        client = await running.dial()
        client.write(request("POST", "a", CHUNKS), FLOODS["one byte a chunk"])
        assert (await client.answer()).status == 413
        await client.gone()
        await eventually(lambda: running.listener.connections_open == 0)
        client = await running.dial()
        client.write(request("GET", "a"))
        await eventually(lambda: any(r.line.startswith(b"GET /orders/a") for r in running.upstream.requests))
        client.write(request("POST", "b", CHUNKS))
        client.write(FLOODS["extensions"])
        (held,) = running.listener._clients
        await eventually(lambda: held._deaf)
        assert held.exchange is not None, "the request before it is none the worse"


async def test_small_chunks_are_no_flood() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request("POST", "a", CHUNKS), b"8\r\n12345678\r\n" * 30_000, b"0\r\n\r\n")
        assert (await client.answer()).status == 200
        assert len(running.upstream.requests[0].body) == 240_000


async def test_a_refused_body_in_chunks_is_not_parsed_and_its_end_ends_the_wait(parsed: list[int]) -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied")

    async with wire({}, decide=refuse, limits=replace(QUICK, linger_seconds=3600)) as running:
        client = await running.dial()
        client.write(request("POST", "a", CHUNKS), b"1\r\nx\r\n")
        assert (await client.answer()).status == 403
        await eventually(lambda: running.listener.requests_served == 0)
        before = sum(parsed)
        client.write(b"1\r\nx\r\n" * 10_000, b"0\r\n\r\n")
        assert await client.read_to_end() == b""
        assert sum(parsed) == before


async def test_a_body_that_drips_is_408() -> None:
    limits = replace(QUICK, body_seconds=0.2, body_rate=1000, sweep_seconds=0.01)
    async with wire({"a": hold}, limits=limits) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 100000"))
        for _ in range(1000):
            client.write(b"x")
            await asyncio.sleep(0.01)
            if client.total:
                break
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (408, [b"close"])
        assert running.record().reason == "the request's body came too slowly"


async def test_a_body_that_has_not_come_takes_no_place_at_the_upstream() -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, sweep_seconds=3600), pool=PoolLimits(connections=1)) as running:
        slow = [await running.dial() for _ in range(5)]
        for client in slow:
            client.write(request("POST", "a", "Content-Length: 10"), b"x")
        await eventually(lambda: running.listener.requests_served == 5)
        assert running.upstream.lines == []
        other = await running.dial()
        other.write(request("GET", "a"))
        assert (await other.answer()).status == 200
        slow[0].write(b"x" * 9)
        assert (await slow[0].answer()).status == 200
        assert [asked.body for asked in running.upstream.requests] == [b"", b"x" * 10]


async def test_bodies_on_their_way_never_hold_all_of_a_pool() -> None:
    pool = PoolLimits(connections=4, sweep_seconds=0.02)
    async with wire({"a": ok(), "hold": hold}, pool=pool) as running:
        slow = [await running.dial() for _ in range(3)]
        for client in slow:
            client.write(request("POST", "hold", "Content-Length: 10"), b"x")
        await running.upstream.asked(3)
        fourth = await running.dial()
        fourth.write(request("POST", "hold", "Content-Length: 10"), b"x")
        answer = await fourth.answer()
        assert (answer.status, answer.fields("retry-after")) == (503, [b"1"])
        assert b'"code":"overloaded"' in answer.body
        other = await running.dial()
        other.write(request("GET", "a"))
        assert (await other.answer()).status == 200
        slow[0].write(b"x" * 9)
        await eventually(lambda: running.upstreams._pools[running.upstream.url]._uploads == 2)
        for client in slow[1:]:
            client.abort()
        await eventually(lambda: running.upstreams._pools[running.upstream.url]._uploads == 0)
