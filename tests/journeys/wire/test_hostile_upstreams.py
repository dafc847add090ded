"""What no gateway may pass on becomes 502 or a reset; a cut-off answer never looks whole (R46, R47)."""

import asyncio
from collections.abc import Iterator

import pytest

from gateway.upstream.limits import PoolLimits
from tests.strategies.wire import Act, Request, ok, request, wire
from tests.strategies.wirepoint import Cut, Wirepoint

CL2 = b"Content-Length: 2\r\n\r\nok"
BROKEN = {
    "bare-lf": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "bare-lf-in-head": b"HTTP/1.1 200 OK\r\nX: a\n" + CL2,
    "bare-cr": b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: x\r\n" + CL2,
    "both-framings": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both-framings-other-order": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "length-twice": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + CL2,
    "lengths-differ": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n" + CL2,
    "length-list": b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
    "length-negative": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
    "length-empty": b"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
    "length-overflow": b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nok",
    "coding-unknown": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
    "coding-two": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "coding-twice": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding-not-last": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "coding-in-old": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "control-in-value": b"HTTP/1.1 200 OK\r\nX: a\x01\r\n" + CL2,
    "nul-in-value": b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n" + CL2,
    "control-in-reason": b"HTTP/1.1 200 O\x01K\r\n" + CL2,
    "folded": b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n" + CL2,
    "space-before-colon": b"HTTP/1.1 200 OK\r\nX : a\r\n" + CL2,
    "space-in-name": b"HTTP/1.1 200 OK\r\nX y: a\r\n" + CL2,
    "no-name": b"HTTP/1.1 200 OK\r\n: a\r\n" + CL2,
    "switching": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "switching-unasked": b"HTTP/1.1 101 Switching\r\n\r\n" + ok(),
    "interim-with-body": b"HTTP/1.1 103 Early\r\nContent-Length: 3\r\n\r\nabc" + ok(),
    "status-99": b"HTTP/1.1 099 What\r\n" + CL2,
    "status-600": b"HTTP/1.1 600 What\r\n" + CL2,
    "status-1000": b"HTTP/1.1 1000 What\r\n" + CL2,
    "version-2": b"HTTP/2.0 200 OK\r\n" + CL2,
    "version-09": b"HTTP/0.9 200 OK\r\n" + CL2,
    "other-protocol": b"RTSP/1.0 200 OK\r\n" + CL2,
    "interim-then-2": b"HTTP/1.1 103 Early\r\n\r\nHTTP/2.0 200 OK\r\n" + CL2,
    "no-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "short-no-http": b"SSH",
    "empty-lines-first": b"\r\n\r\n" + ok(),
    "head-too-large": b"HTTP/1.1 200 OK\r\n" + b"X-Long: %s\r\n" % (b"a" * 7000) * 5 + CL2,
    "fields-too-many": b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 129 + CL2,
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_answer_is_502_and_its_connection_is_closed(case: str) -> None:
    async with wire({case: BROKEN[case], "plain": ok()}) as running:
        client = await running.dial()
        client.write(request("GET", case))
        answer = await client.answer()
        assert (answer.status, b"upstream_broken" in answer.body) == (502, True)
        await running.upstream.lines[0].gone()
        client.write(request("GET", "plain"))
        assert (await client.answer()).status == 200, "the client's connection is none the worse for it"
        assert running.record(0).kind == "upstream_broken"


@pytest.mark.parametrize("piece", [1, 7])
async def test_a_broken_answer_is_broken_in_pieces_too(piece: int) -> None:
    def pieces(data: bytes) -> Iterator[bytes]:
        return (data[at : at + piece] for at in range(0, len(data), piece))

    async def by_pieces(asked: Request, point: Wirepoint) -> None:
        for part in pieces(BROKEN[asked.case]):
            if point.ended:
                return
            point.write(part)
            await asyncio.sleep(0)

    small = [case for case, data in BROKEN.items() if len(data) < 500]
    async with wire(dict.fromkeys(small, by_pieces)) as running:
        client = await running.dial()
        for case in small:
            client.write(request("GET", case))
            assert (case, (await client.answer()).status) == (case, 502)


async def close_now(_: Request, point: Wirepoint) -> None:
    point.wire.close()


async def abort_now(_: Request, point: Wirepoint) -> None:
    point.break_off()


def after(data: bytes, end: str) -> Act:
    async def act(_: Request, point: Wirepoint) -> None:
        point.write(data)
        if end == "abort":
            await asyncio.sleep(0.02)  # a reset overtakes what the gateway has not read
            point.break_off()
        elif end == "close":
            point.wire.close()

    return act


@pytest.mark.parametrize("act", [close_now, abort_now])
async def test_a_fresh_connection_that_is_closed_unanswered_is_502_and_not_tried_again(act: Act) -> None:
    async with wire({"gone": act}) as running:
        client = await running.dial()
        client.write(request("GET", "gone"))
        assert (await client.answer()).status == 502
        assert len(running.upstream.requests) == 1


CUT = {
    "length-reset": after(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000, "abort"),
    "length-closed": after(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 10, "close"),
    "counted-closed": after(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000, "close"),
    "chunks-closed": after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "close"),
    "chunk-closed": after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "close"),
    "chunks-bad": after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZ\r\n", ""),
    "chunks-bare-lf": after(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\nhello\r\n0\r\n\r\n", ""
    ),
    "trailer-framing": after(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", ""
    ),
    "to-the-end-reset": after(b"HTTP/1.1 200 OK\r\n\r\nsome", "abort"),
}


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("case", CUT)
async def test_a_cut_off_answer_is_a_reset(case: str, version: str) -> None:
    async with wire(CUT) as running:
        client = await running.dial()
        client.write(request("GET", case, version=version))
        if case == "trailer-framing" or case.startswith(("chunks-bad", "chunks-bare")):
            # One segment may hold the fault and all before it: then there is no answer to cut off yet.
            try:
                assert (await client.answer()).status == 502
            except Cut:
                assert client.reset
        else:
            with pytest.raises(Cut):
                await client.answer()
            assert client.reset
        await running.quiet()
        record = running.record()
        assert record.kind == "upstream_broken"
        assert record.cut == (record.status == 200)


async def test_an_endless_interim_answer_ends() -> None:
    async def flood(_: Request, point: Wirepoint) -> None:
        while not point.ended:
            point.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            await asyncio.sleep(0)

    async with wire({"flood": flood}) as running:
        client = await running.dial()
        client.write(request("GET", "flood"))
        assert (await client.answer()).status == 502


@pytest.mark.parametrize("noise", [b"5;a=", b"5\r\nhello\r\n0\r\nX: "])
async def test_endless_chunk_extensions_and_trailers_end(noise: bytes) -> None:
    async def flood(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", noise)
        while not point.ended:
            point.write(b"x" * 1000)
            await asyncio.sleep(0)

    async with wire({"flood": flood}, pool=PoolLimits(head_bytes=4096)) as running:
        client = await running.dial()
        client.write(request("GET", "flood"))
        with pytest.raises(Cut):
            await client.answer()
        assert client.reset
