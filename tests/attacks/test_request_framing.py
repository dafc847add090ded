"""R39: a request that two servers could read differently is 400 and close; bodies are framed anew."""

import pytest

from tests.strategies.wire import ok, request, wire

END = b"\r\n\r\n"
CHUNKS = b"Transfer-Encoding: chunked"
HOST = b"Host: api.example.com"


def post(*lines: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    """A POST with exactly these lines."""
    return b"\r\n".join((b"POST /orders/a HTTP/" + version, *lines)) + END + body


AMBIGUOUS = {
    "host twice": post(HOST, HOST),
    "two hosts": post(HOST, b"Host: evil.example"),
    "no host": post(),
    "host empty": post(b"Host:"),
    "host with a path": post(b"Host: api.example.com/evil"),
    "host with a user": post(b"Host: api.example.com@evil.example"),
    "host with a space": post(b"Host: api.example.com evil"),
    "host list": post(b"Host: api.example.com, evil.example"),
    "no host in 1.0": post(version=b"1.0"),
    "length twice": post(HOST, b"Content-Length: 1", b"Content-Length: 1", body=b"a"),
    "lengths differ": post(HOST, b"Content-Length: 1", b"Content-Length: 2", body=b"ab"),
    "length list": post(HOST, b"Content-Length: 1, 1", body=b"a"),
    "length signed": post(HOST, b"Content-Length: +1", body=b"a"),
    "length negative": post(HOST, b"Content-Length: -1", body=b"a"),
    "length hexadecimal": post(HOST, b"Content-Length: 0x1", body=b"a"),
    "length with underscores": post(HOST, b"Content-Length: 1_0", body=b"a" * 10),
    "length empty": post(HOST, b"Content-Length:"),
    "length overflows": post(HOST, b"Content-Length: 18446744073709551616", body=b"a"),
    "length at the edge of overflow": post(HOST, b"Content-Length: 18446744073709551615", body=b"a"),
    "length then chunks": post(HOST, b"Content-Length: 5", CHUNKS, body=b"0\r\n\r\n"),
    "chunks then length": post(HOST, CHUNKS, b"Content-Length: 5", body=b"0\r\n\r\n"),
    "chunks twice": post(HOST, CHUNKS, CHUNKS, body=b"0\r\n\r\n"),
    "chunked, chunked": post(HOST, b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"),
    "gzip": post(HOST, b"Transfer-Encoding: gzip"),
    "gzip, chunked": post(HOST, b"Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "gzip and chunked apart": post(HOST, b"Transfer-Encoding: gzip", CHUNKS, body=b"0\r\n\r\n"),
    "chunked, gzip": post(HOST, b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"),
    "identity": post(HOST, b"Transfer-Encoding: identity"),
    "coding empty": post(HOST, b"Transfer-Encoding:"),
    "coding blank": post(HOST, b"Transfer-Encoding: "),
    "coding empty beside a length": post(HOST, b"Transfer-Encoding:", b"Content-Length: 5", body=b"hello"),
    "coding with a parameter": post(HOST, b"Transfer-Encoding: chunked;q=1", body=b"0\r\n\r\n"),
    "coding with a prefix": post(HOST, b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "coding with a comma": post(HOST, b"Transfer-Encoding: chunked,", body=b"0\r\n\r\n"),
    "coding with a control": post(HOST, b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "coding before a space and colon": post(HOST, b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    "coding folded": post(HOST, b"Transfer-Encoding:", b" chunked", body=b"0\r\n\r\n"),
    "chunks in 1.0": post(HOST, CHUNKS, body=b"0\r\n\r\n", version=b"1.0"),
    "bare LF after the request line": b"POST /orders/a HTTP/1.1\nHost: x\n\n",
    "bare LF after a field": post(HOST + b"\nX: y"),
    "bare LF at the end": b"POST /orders/a HTTP/1.1\r\n" + HOST + b"\r\n\n",
    "bare CR in a field": post(HOST, b"X: a\rTransfer-Encoding: chunked"),
    "field folded": post(HOST, b"X: a", b" b"),
    "space before the first field": b"POST /orders/a HTTP/1.1\r\n " + HOST + END,
    "space before a colon": post(HOST, b"X : a"),
    "field without a name": post(HOST, b": a"),
    "field without a colon": post(HOST, b"Content-Length"),
    "NUL in a value": post(HOST, b"X: a\x00b"),
    "control in a value": post(HOST, b"X: a\x01b"),
    "version 0.9": b"GET /orders/a\r\n\r\n",
    "version 0.9 by name": post(HOST, version=b"0.9"),
    "version 2.0": post(HOST, version=b"2.0"),
    "version 1.2": post(HOST, version=b"1.2"),
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "method unknown": b"BREW /orders/a HTTP/1.1\r\n" + HOST + END,
    "method in small letters": b"post /orders/a HTTP/1.1\r\n" + HOST + END,
    "TLS on a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "expectation unknown": post(HOST, b"Expect: 200-ok", b"Content-Length: 1", body=b"a"),
    "fields too many": post(HOST, *(b"X-%d: a" % number for number in range(200))),
    "field too long": post(HOST, b"X: " + b"a" * 9000),
    "line too long": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + END,
    "head too large": post(HOST, *(b"X-%d: %s" % (number, b"a" * 7000) for number in range(20))),
}


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


BAD_CHUNKS = {
    "no size": b"\r\n0\r\n\r\n",
    "size is no number": b"Z\r\nabc\r\n0\r\n\r\n",
    "size negative": b"-3\r\nabc\r\n0\r\n\r\n",
    "size with a prefix": b"0x3\r\nabc\r\n0\r\n\r\n",
    "size with a space": b"3 \r\nabc\r\n0\r\n\r\n",
    "size overflows": b"FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
    "bare LF after the size": b"3\nabc\r\n0\r\n\r\n",
    "bare LF after the data": b"3\r\nabc\n0\r\n\r\n",
    "longer than its size": b"3\r\nabcd\r\n0\r\n\r\n",
    "bare LF in an extension": b"3;a\nabc\r\n0\r\n\r\n",
    "bare CR in an extension": b"3;a\rb\r\nabc\r\n0\r\n\r\n",
    "NUL in an extension": b"3;a=\x00\r\nabc\r\n0\r\n\r\n",
    "space before an extension": b"3 ;a\r\nabc\r\n0\r\n\r\n",
    "trailer that is no field": b"3\r\nabc\r\n0\r\nA b: c\r\n\r\n",
    "trailer folded": b"3\r\nabc\r\n0\r\nA: b\r\n c\r\n\r\n",
}


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("case", BAD_CHUNKS)
async def test_bad_chunks_are_400_and_no_body_is_ever_whole(case: str, apart: bool) -> None:
    async with wire({"a": ok()}) as running:
        client = await running.dial()
        client.write(post(HOST, CHUNKS))
        if apart:
            await client.until(lambda: not client.clogged)
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
