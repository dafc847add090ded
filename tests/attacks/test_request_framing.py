"""R39: a request that two servers could read differently is 400 and close; bodies are framed anew."""

import pytest

from tests.strategies.ambiguous import AMBIGUOUS, BAD_CHUNKS, CHUNKS, HOST, post
from tests.strategies.wire import ok, request, wire
from tests.strategies.wirepoint import eventually


@pytest.mark.parametrize("case", AMBIGUOUS)
async def test_an_ambiguous_request_is_400_and_close_and_goes_no_further(case: str) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(AMBIGUOUS[case], request("GET", "smuggled"))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        assert b'"code":"malformed"' in answer.body
        await client.gone()
        assert client.data == b"", "one answer, whatever follows"
        assert running.upstream.requests == []
        assert running.record(0).kind == "malformed"


@pytest.mark.parametrize("case", [case for case in AMBIGUOUS if len(AMBIGUOUS[case]) < 500])
async def test_an_ambiguous_request_in_pieces_goes_no_further_either(case: str) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        for byte in AMBIGUOUS[case]:
            client.write(bytes([byte]))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await client.gone()
        assert [asked.body for asked in running.upstream.requests] == []


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("case", BAD_CHUNKS)
async def test_bad_chunks_are_400_and_no_body_is_ever_whole(case: str, apart: bool) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(post(HOST, CHUNKS, body=b"1\r\nx\r\n" if apart else b""))
        if apart:
            await eventually(lambda: bool(running.upstream.lines) and running.upstream.lines[0].total > 0)
        client.write(BAD_CHUNKS[case], request("GET", "a"))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await client.gone()
        assert client.data == b""
        assert running.upstream.requests == [], "a request is noted when its body is whole"


async def test_good_chunks_are_framed_anew_without_extensions_and_trailers() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(post(HOST, CHUNKS, body=b"3;a=b\r\nabc\r\n3\r\ndef\r\n0\r\nX-Evil: 1\r\n\r\n"))
        assert (await client.answer()).status == 200
        asked = running.upstream.requests[0]
        assert asked.body == b"abcdef"
        assert b"a=b" not in asked.head + asked.body
        assert b"x-evil" not in asked.head.lower()


async def test_spellings_of_chunked_and_spaces_around_a_length_are_one_thing() -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(post(HOST, b"cOnTeNt-LeNgTh:\t 3 \t", body=b"abc"))
        assert (await client.answer()).status == 200
        client.write(post(HOST, b"TRANSFER-ENCODING: Chunked", body=b"3\r\nabc\r\n0\r\n\r\n"))
        assert (await client.answer()).status == 200
        assert [asked.body for asked in running.upstream.requests] == [b"abc"] * 2
        assert b"\r\nContent-Length: 3\r\n" in running.upstream.requests[0].head
