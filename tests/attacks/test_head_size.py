"""A head is refused with the first byte beyond its bound, in one segment, in many, and behind another request."""

from dataclasses import replace

import pytest

from tests.strategies.wire import QUICK, ok, request, wire

BOUND = 64 * 1024


def head_of(size: int) -> bytes:
    """A head of exactly so many bytes, each field within its own bound."""
    start = request("GET", "a")[:-2]
    lines = b"".join(b"X-%02d: %s\r\n" % (number, b"a" * 6000) for number in range((size - len(start)) // 6008))
    rest = size - len(start) - len(lines) - 2
    if rest < 20:
        lines, rest = lines[6008:], rest + 6008
    return start + lines + b"Y: " + b"b" * (rest - 5) + b"\r\n\r\n"


@pytest.mark.parametrize("size", [BOUND, BOUND + 1, 72_000, 96_000, 200_000])
@pytest.mark.parametrize("before", [b"", request("GET", "a"), request("POST", "a", "Content-Length: 2", body=b"ab")])
async def test_a_head_in_one_segment(size: int, before: bytes) -> None:
    head = head_of(size)
    assert len(head) == size
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(before, head, request("GET", "a"))
        if before:
            assert (await client.answer()).status == 200
        answer = await client.answer()
        if size <= BOUND:
            assert answer.status == 200
            assert (await client.answer()).status == 200
            return
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await client.gone()
        assert client.data == b""
        assert running.record().reason == "HeadTooLarge"
        assert len(running.upstream.requests) == bool(before)


async def test_a_head_that_never_ends_is_refused_while_another_request_is_served() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(request("GET", "a"), head_of(BOUND + 3)[:-2])
        assert (await client.answer()).status == 200
        assert (await client.answer()).status == 400
        await client.gone()


@pytest.mark.parametrize("before", [request("GET", "a"), request("POST", "a", "Content-Length: 2", body=b"ab")])
async def test_a_head_that_began_behind_another_request_has_no_more_time_than_one_that_did_not(before: bytes) -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, head_seconds=0.05, keepalive_seconds=3600)) as running:
        client = await running.dial()
        client.write(before, b"G")
        assert (await client.answer()).status == 200
        assert await client.read_to_end() == b""
        assert len(running.spine.records) == 1


async def test_a_head_behind_another_request_that_comes_in_pieces_is_served() -> None:
    async with wire({"a": ok()}, limits=replace(QUICK, head_seconds=10, sweep_seconds=0.01)) as running:
        client = await running.dial()
        whole = request("GET", "a")
        client.write(whole, whole[:7])
        assert (await client.answer()).status == 200
        client.write(whole[7:])
        assert (await client.answer()).status == 200
