"""Stopping: nobody new, whoever is being served to the end, nobody for ever."""

import asyncio
from dataclasses import replace

import pytest

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from tests.strategies.wire import QUICK, Request, ok, request, wire
from tests.strategies.wirepoint import Cut, Wirepoint, dial, eventually


async def test_what_is_being_served_is_served_to_the_end_and_idle_clients_are_closed() -> None:
    gate = asyncio.Event()

    async def late(_: Request, point: Wirepoint) -> None:
        await gate.wait()
        point.write(ok(b"late"))

    async with wire({"late": late, "a": ok()}) as running:
        busy, idle = await running.dial(), await running.dial()
        idle.write(request("GET", "a"))
        await idle.answer()
        busy.write(request("GET", "late"))
        await running.upstream.asked(2)
        stopping = asyncio.ensure_future(running.listener.stop(30))
        assert await idle.read_to_end() == b""
        with pytest.raises(OSError, match=r".*"):
            await dial(running.port)
        gate.set()
        answer = await busy.answer()
        assert answer.body == b"late"
        assert await busy.read_to_end() == b""
        await stopping
        assert running.record().cut is False


async def test_an_upload_goes_on_while_the_listener_stops() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 2000000"), b"x" * 1_000_000)
        await eventually(lambda: running.listener.requests_served == 1)
        stopping = asyncio.ensure_future(running.listener.stop(30))
        await asyncio.sleep(0)
        client.write(b"x" * 1_000_000)
        assert (await client.answer()).status == 200
        assert await client.read_to_end() == b""
        await stopping
        assert len(running.upstream.requests[0].body) == 2_000_000


@pytest.mark.parametrize("begun", [True, False])
async def test_what_takes_too_long_is_reset(begun: bool) -> None:
    async def never(_: Request, point: Wirepoint) -> None:
        if begun:
            point.write(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        await point.gone()

    async with wire({"never": never}) as running:
        client = await running.dial()
        client.write(request("GET", "never", version="1.0"))
        await running.upstream.asked(1)
        if begun:
            await client.read_until(b"half")
        await running.listener.stop(0)
        with pytest.raises(Cut):
            await client.answer()
        assert client.reset
        assert running.record().cut
        assert running.record().status == (200 if begun else 0)


async def test_a_request_that_was_read_when_stopping_began_is_served() -> None:
    began = asyncio.Event()

    async with wire({"a": ok()}) as running:

        def decide(inbound: Inbound, record: Record) -> None:
            began.set()

        running.spine.decide = decide
        client = await running.dial()
        client.write(request("GET", "a") * 3)
        await began.wait()
        await running.listener.stop(30)
        assert (await client.answer()).fields("connection") in ([b"close"], [])
        await client.gone()
        assert len(running.spine.records) <= 3


async def test_clients_beyond_the_bound_are_turned_away() -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, connections=2)) as running:
        clients = [await running.dial() for _ in range(2)]
        for client in clients:
            client.write(request("GET", "a"))
            await client.answer()
        third = await running.dial()
        await third.gone()
        clients[0].abort()
        await eventually(lambda: running.listener.connections_open == 1)
        fourth = await running.dial()
        fourth.write(request("GET", "a"))
        assert (await fourth.answer()).status == 200
