"""Several targets, targets that are away, and the one case in which a request is sent again."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.upstream.limits import PoolLimits
from tests.strategies.wire import Request, Upstream, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

# tcpmux, which nobody serves: a connection is refused at once.
AWAY = "http://127.0.0.1:1"


async def test_a_target_that_is_away_is_502() -> None:
    async with wire({}, targets=(AWAY,)) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        answer = await client.answer()
        assert (answer.status, b"upstream_unreachable" in answer.body) == (502, True)


async def test_a_name_that_does_not_resolve_is_502() -> None:
    async with wire({}, targets=(f"http://{'a' * 64}.invalid:80",)) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        assert (await client.answer()).status == 502


async def test_targets_take_turns() -> None:
    async with AsyncExitStack() as stack:
        others = [Upstream({"a": ok(b"%d" % number)}) for number in range(3)]
        for other in others:
            await other.listening.start()
            stack.push_async_callback(other.listening.stop)
        running = await stack.enter_async_context(wire({}, targets=tuple(other.url for other in others)))
        client = await running.dial()
        bodies = []
        for _ in range(6):
            client.write(request("GET", "a"))
            bodies.append((await client.answer()).body)
        assert bodies == [b"0", b"1", b"2"] * 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_target_that_is_away_is_passed_over_whatever_the_method(method: str) -> None:
    async with AsyncExitStack() as stack:
        there = Upstream({"a": ok()})
        await there.listening.start()
        stack.push_async_callback(there.listening.stop)
        running = await stack.enter_async_context(wire({}, targets=(AWAY, there.url)))
        client = await running.dial()
        for _ in range(4):
            client.write(request(method, "a", "Content-Length: 4"), b"body")
            assert (await client.answer()).status == 200
        assert running.upstreams._pools[AWAY].aside_until > 0
        assert [asked.body for asked in there.requests] == [b"body"] * 4


async def test_all_targets_away_is_502_after_each_was_tried() -> None:
    async with wire({}, targets=(AWAY, "http://127.0.0.1:2")) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        assert (await client.answer()).status == 502
        assert {url for url, pool in running.upstreams._pools.items() if pool.aside_until} == {
            AWAY,
            "http://127.0.0.1:2",
        }


async def closes_the_second_time(asked: Request, point: Wirepoint) -> None:
    if getattr(point, "used", False):
        point.wire.close()
        await point.gone()
    else:
        point.used = True  # type: ignore[attr-defined]
        point.write(ok())


@pytest.mark.parametrize(
    ("method", "lines", "body", "status", "asked"),
    [
        ("GET", (), b"", 200, 3),
        ("DELETE", (), b"", 200, 3),
        ("DELETE", ("Content-Length: 0",), b"", 200, 3),
        ("PUT", ("Content-Length: 1",), b"x", 502, 2),
        ("POST", (), b"", 502, 2),
        ("POST", ("Content-Length: 0",), b"", 502, 2),
        ("PATCH", (), b"", 502, 2),
    ],
)
async def test_a_rested_line_that_dies_under_a_request(
    method: str, lines: tuple[str, ...], body: bytes, status: int, asked: int
) -> None:
    async with wire({"a": closes_the_second_time}) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        assert (await client.answer()).status == 200
        client.write(request(method, "a", *lines, body=body))
        assert (await client.answer()).status == status
        assert len(running.upstream.requests) == asked


async def test_a_line_that_dies_in_its_answer_is_not_tried_again() -> None:
    async def half_the_second_time(_: Request, point: Wirepoint) -> None:
        if len(running.upstream.requests) > 1:
            point.write(b"HTTP/1.1 200")
            point.wire.close()
            await point.gone()
        else:
            point.write(ok())

    async with wire({"a": half_the_second_time}) as running:
        client = await running.dial()
        for status in (200, 502):
            client.write(request("GET", "a"))
            assert (await client.answer()).status == status
        assert len(running.upstream.requests) == 2


async def test_more_requests_than_connections_wait_and_too_many_are_503() -> None:
    gate = asyncio.Event()

    async def wait(_: Request, point: Wirepoint) -> None:
        await gate.wait()
        point.write(ok())

    async with wire({"a": wait}, pool=PoolLimits(connections=2, waiting=3, sweep_seconds=0.02)) as running:
        clients = [await running.dial() for _ in range(6)]
        for count, client in enumerate(clients[:5], 1):
            client.write(request("GET", "a"))
            await eventually(lambda count=count: running.listener.requests_served == count)  # type: ignore[misc]
        await running.upstream.asked(2)
        clients[5].write(request("GET", "a"))
        refused = await clients[5].answer()
        assert (refused.status, b'"code":"overloaded"' in refused.body) == (503, True)
        gate.set()
        assert [(await client.answer()).status for client in clients[:5]] == [200] * 5
        assert len(running.upstream.lines) == 2


async def test_who_waits_and_leaves_gives_its_place_to_the_next() -> None:
    gate = asyncio.Event()

    async def wait(_: Request, point: Wirepoint) -> None:
        await gate.wait()
        point.write(ok())

    async with wire({"a": wait}, pool=PoolLimits(connections=1, waiting=9, sweep_seconds=0.02)) as running:
        clients = [await running.dial() for _ in range(4)]
        for count, client in enumerate(clients, 1):
            client.write(request("GET", "a"))
            await eventually(lambda count=count: running.listener.requests_served == count)  # type: ignore[misc]
        clients[1].abort()
        clients[2].abort()
        await eventually(lambda: running.listener.requests_served == 2)
        gate.set()
        assert [(await clients[index].answer()).status for index in (0, 3)] == [200, 200]


async def test_waiting_too_long_for_a_connection_is_503() -> None:
    async def never(_: Request, point: Wirepoint) -> None:
        await point.gone()

    pool = PoolLimits(connections=1, sweep_seconds=0.02)
    async with wire({"a": never}, pool=pool, connect_micros=50_000) as running:
        first, second = await running.dial(), await running.dial()
        first.write(request("GET", "a"))
        await running.upstream.asked(1)
        second.write(request("GET", "a"))
        assert (await second.answer()).status == 503
