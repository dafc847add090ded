"""A client that does not read holds its upstream back, and costs the gateway a bounded number of bytes."""

import asyncio

import pytest

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from tests.strategies.wire import Act, Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

BLOCK = b"z" * 131_072
BLOCKS = 80
WHOLE = BLOCKS * len(BLOCK)
READERS = 100
# What asyncio and uvloop hold for one paused transport: the high-water mark, and a read or two on top.
EACH = 1_000_000


async def big(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % WHOLE)
    for _block in range(BLOCKS):
        await point.until(lambda: not point.clogged or point.ended)
        point.write(BLOCK)


async def big_chunks(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _block in range(BLOCKS):
        await point.until(lambda: not point.clogged or point.ended)
        point.write(b"20000\r\n", BLOCK, b"\r\n")
    point.write(b"0\r\n\r\n")


ANSWERS: dict[str, bytes | Act] = {"big": big, "bigchunks": big_chunks, "plain": ok(b"hello")}


@pytest.mark.parametrize("case", ["big", "bigchunks"])
async def test_a_reader_that_stalls_stalls_the_upstream_and_then_gets_it_all(case: str) -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial(receive=65_536)
        client.wire.pause_reading()
        client.write(request("GET", case))
        await eventually(
            lambda: bool(running.listener._clients) and next(iter(running.listener._clients)).writing_paused
        )
        held = next(iter(running.listener._clients))
        assert held._wire is not None
        assert held._wire.get_write_buffer_size() < EACH
        # Whatever the kernel buffers on the way, the upstream itself is held back: it has most of its answer still.
        await running.upstream.asked(1)
        assert running.spine.records[0].status == 200
        assert held.exchange is not None
        assert held.exchange.sent < WHOLE
        client.wire.resume_reading()
        answer = await client.answer()
        assert answer.body == BLOCK * BLOCKS
        client.write(request("GET", "plain"))
        assert (await client.answer()).body == b"hello"
        assert len(running.upstream.lines) == 1


async def test_a_hundred_stalled_readers_cost_a_bounded_number_of_bytes() -> None:
    async with wire(ANSWERS) as running:
        for _ in range(READERS):
            client = await running.dial(receive=4096)
            client.wire.pause_reading()
            client.write(request("GET", "big"))
        clients = running.listener._clients
        await eventually(lambda: len(clients) == READERS and all(client.writing_paused for client in clients))
        sizes = [client._wire.get_write_buffer_size() for client in clients if client._wire is not None]
        assert len(sizes) == READERS
        assert max(sizes) < EACH
        other = await running.dial()
        other.write(request("GET", "plain"))
        assert (await other.answer()).body == b"hello", "nobody else waits for them"


async def test_a_client_that_pipelines_and_never_reads_is_not_served_on_and_on() -> None:
    async with wire({"plain": ok(b"x" * 60_000)}) as running:
        client = await running.dial(receive=4096)
        client.wire.pause_reading()
        client.write(request("GET", "plain") * 2000)
        await eventually(
            lambda: bool(running.listener._clients) and next(iter(running.listener._clients)).writing_paused
        )
        held = next(iter(running.listener._clients))
        assert held._wire is not None
        assert held._wire.get_write_buffer_size() < EACH
        assert len(running.spine.records) < 500


async def test_a_client_that_is_refused_and_never_reads_is_not_answered_on_and_on() -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied", headers=[("X-Padding", "a" * 4000)])

    async with wire({}, decide=refuse) as running:
        client = await running.dial(receive=4096)
        client.wire.pause_reading()
        client.write(request("GET", "plain") * 20_000)
        await eventually(
            lambda: bool(running.listener._clients) and next(iter(running.listener._clients)).writing_paused
        )
        held = next(iter(running.listener._clients))
        assert held._wire is not None
        before = len(running.spine.records)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(running.spine.records) <= before + 1
        assert held._wire.get_write_buffer_size() < EACH
