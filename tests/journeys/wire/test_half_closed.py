"""A client that has ended its side may wait for its answer: it comes, within a time; and then the connection ends."""

import asyncio
from dataclasses import replace

import pytest

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.wire import QUICK, Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

PATIENT = replace(QUICK, half_closed_seconds=10)


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


@pytest.mark.parametrize("warm", [False, True])
async def test_the_answer_comes_and_the_connection_ends(warm: bool) -> None:
    goes_on = asyncio.Event()

    async def slow(_: Request, point: Wirepoint) -> None:
        await goes_on.wait()
        point.write(ok(b"slow"))

    async with wire({"a": ok(), "slow": slow}, limits=PATIENT) as running:
        client = await running.dial()
        if warm:
            client.write(request("GET", "a"))
            await client.answer()
        client.write(request("GET", "slow"))
        client.wire.write_eof()
        await running.upstream.asked(1 + warm)
        (held,) = running.listener._clients
        await eventually(lambda: held._ended)
        goes_on.set()
        assert (await client.answer()).body == b"slow"
        assert await client.read_to_end() == b""
        assert running.record().cut is False


async def test_every_request_that_came_is_answered() -> None:
    async with wire({"a": ok(b"a"), "b": ok(b"b")}, limits=PATIENT) as running:
        client = await running.dial()
        body = request("POST", "b", "Content-Length: 3", body=b"abc")
        client.write(request("GET", "a"), body, request("GET", "a"), b"GET /half")
        client.wire.write_eof()
        assert [(await client.answer()).body for _ in range(3)] == [b"a", b"b", b"a"]
        assert await client.read_to_end() == b""


async def test_a_request_that_waits_for_a_decision_is_answered() -> None:
    ready = asyncio.get_running_loop().create_future()

    async with wire({"a": ok()}, limits=PATIENT) as running:

        def park(inbound: Inbound, record: Record) -> Parked[Forward | Refusal]:
            return Parked(ready, lambda: running.spine.forward(inbound, record))

        running.spine.decide = park
        client = await running.dial()
        client.write(request("GET", "a"))
        client.wire.write_eof()
        await eventually(lambda: any(held._ended for held in running.listener._clients))
        ready.set_result(None)
        assert (await client.answer()).status == 200
        assert await client.read_to_end() == b""


async def test_a_body_that_is_not_whole_is_not_waited_for() -> None:
    async with wire({"a": hold}, limits=PATIENT) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 10"), b"half")
        await running.upstream.asked(1)
        client.wire.write_eof()
        assert await client.read_to_end() == b""
        await running.upstream.lines[0].gone()
        assert running.record().cut


async def test_a_client_that_left_is_given_up() -> None:
    async with wire({"hold": hold}, limits=replace(QUICK, half_closed_seconds=0.05)) as running:
        client = await running.dial()
        client.write(request("GET", "hold"))
        await running.upstream.asked(1)
        client.wire.write_eof()
        await running.upstream.lines[0].gone()
        await running.quiet()
        assert (running.record().status, running.record().cut) == (0, True)


async def test_it_can_be_turned_off() -> None:
    async with wire({"hold": hold}, limits=replace(QUICK, half_closed_seconds=0, sweep_seconds=3600)) as running:
        client = await running.dial()
        client.write(request("GET", "hold"))
        await running.upstream.asked(1)
        client.wire.write_eof()
        await running.upstream.lines[0].gone()


async def test_a_connection_without_a_request_ends_at_once() -> None:
    async with wire({}, limits=PATIENT) as running:
        client = await running.dial()
        client.write(b"GET /half")
        client.wire.write_eof()
        assert await client.read_to_end() == b""
