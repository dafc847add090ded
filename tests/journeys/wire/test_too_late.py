"""Time-outs strike, each on whom it is meant for, and say so; clocks are shortened, never measured."""

import asyncio
from dataclasses import replace

import pytest

from gateway.upstream.limits import PoolLimits
from tests.strategies.wire import QUICK, Request, ok, request, wire
from tests.strategies.wirepoint import Cut, Wirepoint, eventually

SOON = 50_000
QUICK_POOL = PoolLimits(sweep_seconds=0.01, idle_seconds=0.05)


async def never(_: Request, point: Wirepoint) -> None:
    await point.gone()


async def half(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await point.gone()


async def drip_head(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\n")
    while not point.ended:
        point.write(b"X: a\r\n")
        await asyncio.sleep(0.005)


async def test_no_answer_is_504() -> None:
    async with wire({"never": never}, pool=QUICK_POOL, answer_micros=SOON) as running:
        client = await running.dial()
        client.write(request("GET", "never"))
        answer = await client.answer()
        assert (answer.status, b'"code":"upstream_timeout"' in answer.body) == (504, True)
        await running.upstream.lines[0].gone()


async def test_a_head_that_drips_does_not_put_the_time_off() -> None:
    async with wire({"drip": drip_head}, pool=QUICK_POOL, answer_micros=SOON) as running:
        client = await running.dial()
        client.write(request("GET", "drip"))
        assert (await client.answer()).status in {502, 504}


async def test_an_answer_that_stops_is_reset() -> None:
    async with wire({"half": half}, pool=QUICK_POOL, idle_micros=SOON) as running:
        client = await running.dial()
        client.write(request("GET", "half"))
        with pytest.raises(Cut):
            await client.answer()
        assert client.reset
        await running.quiet()
        assert (running.record().kind, running.record().status, running.record().cut) == ("upstream_timeout", 200, True)


async def test_an_upstream_that_does_not_take_the_body_is_504() -> None:
    async def deaf(_: Request, point: Wirepoint) -> None:
        point.wire.pause_reading()
        await asyncio.get_running_loop().create_future()

    async with wire({"deaf": deaf}, pool=QUICK_POOL, answer_micros=SOON) as running:
        client = await running.dial()
        client.write(request("POST", "deaf", "Content-Length: 50000000"), b"x" * 20_000_000)
        assert (await client.answer()).status == 504


async def test_the_time_that_a_client_takes_is_not_the_upstreams() -> None:
    async def echo_length(asked: Request, point: Wirepoint) -> None:
        await point.read(2000)
        point.write(ok(b"all there"))

    async with wire({"a": echo_length}, pool=QUICK_POOL, answer_micros=SOON) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 2000"), b"x" * 1000)
        await running.upstream.asked(1)
        line = next(iter(running.upstreams._pools[running.upstream.url]._open))
        began = line._deadline
        await eventually(lambda: line._deadline > began + 10 * SOON / 1_000_000)
        client.write(b"x" * 1000)
        assert (await client.answer()).body == b"all there"


async def test_an_idle_line_is_closed() -> None:
    async with wire({"a": ok()}, pool=QUICK_POOL) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        await client.answer()
        await running.upstream.lines[0].gone()
        await eventually(lambda: not running.upstreams.in_use)
        client.write(request("GET", "a"))
        assert (await client.answer()).status == 200


async def test_a_body_that_stops_is_408() -> None:
    async with wire({"a": never}, limits=replace(QUICK, body_seconds=0.05)) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 10"), b"half")
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (408, [b"close"])
        await running.upstream.lines[0].gone()


@pytest.mark.parametrize("begun", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
async def test_a_head_that_stops_is_closed(begun: bytes) -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, head_seconds=0.05)) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        await client.answer()
        client.write(begun)
        assert await client.read_to_end() == b""


async def test_a_head_that_drips_is_closed() -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, head_seconds=0.05)) as running:
        client = await running.dial()
        client.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        while not client.ended:
            client.write(b"X: a\r\n")
            await asyncio.sleep(0.005)
        assert running.spine.records == []


async def test_a_connection_without_a_request_is_closed() -> None:
    async with wire({}, limits=replace(QUICK, keepalive_seconds=0.05)) as running:
        client = await running.dial()
        assert await client.read_to_end() == b""


async def test_a_client_that_takes_nothing_is_reset() -> None:
    async def big(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n", b"x" * 30_000_000)
        await point.gone()

    async with wire({"big": big}, limits=replace(QUICK, stall_seconds=0.1)) as running:
        client = await running.dial(receive=4096)
        client.wire.pause_reading()
        client.write(request("GET", "big"))
        await running.upstream.asked(1)
        await running.upstream.lines[0].gone()
        await running.quiet()
        assert running.record().cut


async def test_a_client_that_takes_nothing_of_its_last_answer_is_reset() -> None:
    async with wire({"a": ok(b"x" * 2_000_000)}, limits=replace(QUICK, stall_seconds=0.1)) as running:
        client = await running.dial(receive=4096)
        client.wire.pause_reading()
        client.write(request("GET", "a", "Connection: close"))
        await running.upstream.asked(1)
        await eventually(lambda: running.listener.connections_open == 0)
        assert (running.record().kind, running.record().status) == ("allow", 200)
