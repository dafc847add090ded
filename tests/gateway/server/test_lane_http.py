"""The fast lane: what it takes, what it hands over, and that nobody can tell which of the two ways served a request."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.lane_http import LaneConnection
from tests.strategies.wire import QUICK, Request, Wire, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually, turns

PATIENT = replace(QUICK, sweep_seconds=3600, half_closed_seconds=0)


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


async def shut(_: Request, point: Wirepoint) -> None:
    point.abort()


@pytest.fixture
async def running() -> AsyncIterator[Wire]:
    async with wire({"a": ok(), "hold": hold, "shut": shut}, limits=PATIENT) as one:
        yield one


def only(running: Wire) -> LaneConnection:
    (client,) = running.listener._clients
    assert isinstance(client, LaneConnection)
    return client


async def warm(running: Wire) -> Wirepoint:
    """A client whose first request has left a line at rest."""
    client = await running.dial()
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 200
    await turns()
    return client


def in_lane(running: Wire) -> bool:
    return only(running)._borrowed is not None


async def test_a_request_is_in_the_lane_once_a_line_is_at_rest(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "hold"))
    await running.upstream.asked(1)
    assert not in_lane(running)
    client.abort()
    await running.quiet()
    client = await warm(running)
    client.write(request("GET", "hold"))
    await running.upstream.asked(3)
    assert in_lane(running)


async def test_a_body_an_upgrade_and_a_second_request_go_the_other_way(running: Wire) -> None:
    for lines, body in ((("Content-Length: 1",), b"x"), (("Connection: upgrade", "Upgrade: x"), b"")):
        client = await warm(running)
        asked = len(running.upstream.requests)
        client.write(request("POST", "hold", *lines, body=body))
        await running.upstream.asked(asked + 1)
        assert not in_lane(running)
        client.abort()
        await running.quiet()
        await turns()


async def test_what_comes_behind_a_request_in_the_lane_is_answered_behind_it(running: Wire) -> None:
    goes_on = asyncio.Event()

    async def slow(_: Request, point: Wirepoint) -> None:
        await goes_on.wait()
        point.write(ok(b"slow"))

    running.upstream.answers["slow"] = slow
    client = await warm(running)
    client.write(request("GET", "slow"))
    await running.upstream.asked(2)
    assert in_lane(running)
    client.write(request("GET", "a") + request("GET", "a"))
    await eventually(lambda: only(running).complains)
    goes_on.set()
    assert [(await client.answer()).body for _ in range(3)] == [b"slow", b"ok", b"ok"]
    client.write(request("GET", "hold"))
    await running.upstream.asked(5)
    assert in_lane(running)


async def test_a_line_that_was_closed_under_it_is_replaced_once(running: Wire) -> None:
    client = await warm(running)
    client.write(request("GET", "shut"))
    assert (await client.answer()).status == 502
    assert len([r for r in running.upstream.requests if r.case == "shut"]) == 2
    assert running.record().kind == "upstream_broken"
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 200


async def test_what_may_not_be_repeated_is_not(running: Wire) -> None:
    client = await warm(running)
    client.write(request("POST", "shut"))
    assert (await client.answer()).status == 502
    assert len([r for r in running.upstream.requests if r.case == "shut"]) == 1


async def test_an_answer_that_breaks_off_is_cut(running: Wire) -> None:
    async def half(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        await turns()
        point.abort()

    running.upstream.answers["half"] = half
    client = await warm(running)
    client.write(request("GET", "half"))
    await running.upstream.asked(2)
    assert in_lane(running)
    await running.quiet()
    assert (running.record().status, running.record().cut) == (200, True)


async def test_a_client_that_leaves_ends_the_upstreams_request(running: Wire) -> None:
    client = await warm(running)
    client.write(request("GET", "hold"))
    await running.upstream.asked(2)
    assert in_lane(running)
    client.abort()
    await running.upstream.lines[0].gone()
    await running.quiet()
    assert (running.record().status, running.record().kind, running.record().cut) == (0, "allow", True)


@pytest.mark.parametrize(("kind", "kept"), [("denied", True), ("malformed", False)])
async def test_a_refusal_is_answered_at_once_and_ends_the_connection_where_it_must(kind: str, kept: bool) -> None:
    def refuse(_: Inbound, __: Record) -> Refusal:
        return Refusal(kind, "because")

    async with wire({}, decide=refuse) as running:
        client = await running.dial()
        for _ in range(2 if kept else 1):
            client.write(request("GET", "a"))
            answer = await client.answer()
            assert (answer.status, running.record().reason) == (403 if kept else 400, "because")
        if not kept:
            assert await client.read_to_end() == b""


async def test_a_spine_that_fails_is_500_in_the_lane_as_well(running: Wire) -> None:
    def fail(_: Inbound, __: Record) -> Refusal:
        raise ValueError("s3cr3t")

    client = await warm(running)
    running.spine.decide = fail
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 500
    assert await client.read_to_end() == b""


async def test_a_request_that_waits_is_handed_over_with_what_was_decided(running: Wire) -> None:
    ready = asyncio.get_running_loop().create_future()
    asked = 0

    def park(inbound: Inbound, record: Record) -> Parked[Forward | Refusal]:
        nonlocal asked
        asked += 1
        return Parked(ready, lambda: running.spine.forward(inbound, record))

    client = await warm(running)
    running.spine.decide = park
    client.write(request("GET", "a"))
    await eventually(lambda: asked == 1)
    assert not in_lane(running)
    ready.set_result(None)
    assert (await client.answer()).status == 200
    assert (asked, len(running.spine.records)) == (1, 2)


async def test_a_client_that_leaves_between_the_two_ways_has_one_record_and_an_end(running: Wire) -> None:
    def park(inbound: Inbound, record: Record) -> Parked[Forward | Refusal]:
        only(running).connection_lost(None)  # in the very turn in which the request is handed over
        return Parked(asyncio.get_running_loop().create_future(), lambda: running.spine.forward(inbound, record))

    client = await warm(running)
    running.spine.decide = park
    client.write(request("GET", "a"))
    await eventually(lambda: len(running.spine.records) == 2)
    await running.quiet()
    client.abort()
    assert running.spine.ends[running.record().request_id] == 1


async def test_a_client_that_is_full_takes_its_answer_before_it_is_served_again(running: Wire) -> None:
    client = await warm(running)
    held = only(running)
    held.pause_writing()
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 200
    await turns()
    before = (held._full, held.idle)
    held.resume_writing()
    assert (before, held._full, held.idle) == ((True, False), False, True)
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 200


async def test_a_connection_at_rest_after_the_lane_has_its_time() -> None:
    async with wire({"a": ok()}, limits=replace(PATIENT, keepalive_seconds=0.05)) as running:
        client = await warm(running)
        client.write(request("GET", "a"))
        await client.answer()
        assert await client.read_to_end() == b""
