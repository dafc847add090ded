"""The listener by itself: where it listens, how many it takes, and how it ends."""

import asyncio
from dataclasses import replace

import pytest

from tests.strategies.wire import QUICK, Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


async def test_it_binds_where_it_is_told_and_says_where() -> None:
    async with wire({}) as running:
        bound = await running.listener.bind("127.0.0.1", 0, reuse_port=True)
        assert [host for host, _ in bound] == ["127.0.0.1"]
        assert bound[0][1] > 0
        with pytest.raises(OSError, match=r".+"):
            await running.listener.bind("127.0.0.1", running.port)


async def test_clients_beyond_the_bound_are_turned_away_and_those_within_are_served() -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, connections=1)) as running:
        first = await running.dial()
        first.write(request("GET", "a"))
        assert (await first.answer()).status == 200
        second = await running.dial()
        assert await second.read_to_end() == b""
        first.write(request("GET", "a"))
        assert (await first.answer()).status == 200


@pytest.mark.parametrize("warm", [False, True])
async def test_it_stops_when_the_last_answer_is_whole_and_says_so_to_the_client(warm: bool) -> None:
    goes_on = asyncio.Event()

    async def slow(_: Request, point: Wirepoint) -> None:
        await goes_on.wait()
        point.write(ok(b"late"))

    async with wire({"a": ok(), "slow": slow}) as running:
        client, idle = await running.dial(), await running.dial()
        if warm:
            client.write(request("GET", "a"))
            await client.answer()
        client.write(request("GET", "slow"))
        await running.upstream.asked(1 + warm)
        stopping = asyncio.ensure_future(running.listener.stop(10))
        assert await idle.read_to_end() == b""
        goes_on.set()
        assert (await client.answer()).body == b"late"
        assert await client.read_to_end() == b""
        await stopping
        assert running.listener.requests_served == 0


@pytest.mark.parametrize("warm", [False, True])
async def test_what_is_not_done_in_time_is_cut(warm: bool) -> None:
    async with wire({"a": ok(), "hold": hold}) as running:
        client = await running.dial()
        if warm:
            client.write(request("GET", "a"))
            await client.answer()
        client.write(request("GET", "hold"))
        await running.upstream.asked(1 + warm)
        await running.listener.stop(0.01)
        await eventually(lambda: running.listener.requests_served == 0)
        assert (running.record().status, running.record().cut) == (0, True)
