"""What a client gets for what an upstream says: framed anew, connection fields gone, one connection carrying it all."""

import pytest

from gateway.message.forward import AnswerEdit
from tests.strategies.wire import Act, Request, ok, request, wire
from tests.strategies.wirepoint import Wirepoint

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
    b"5;e=1\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n"
)


async def until_the_end(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\n\r\nuntil-the-end")
    point.wire.close()


async def says_close(_: Request, point: Wirepoint) -> None:
    point.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
    point.wire.close()


ANSWERS: dict[str, bytes | Act] = {
    "plain": ok(b"hello", b"X-A: 1"),
    "head": b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n",
    "headchunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "204": b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
    "204cl": b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
    "205": b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
    "304": b'HTTP/1.1 304 Not Modified\r\nContent-Length: 777\r\nETag: "a"\r\n\r\n',
    "chunk": CHUNKED,
    "103": b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok(b"ok"),
    "opts": ok(b"ok", b"Connection: keep-alive, X-Secret", b"Connection: x-other", b"X-Secret: s", b"X-Other: o", b"X-Kept: k",
               b"Keep-Alive: timeout=5", b"Proxy-Connection: keep-alive", b"Upgrade: h2c", b"TE: trailers"),
    "extra": ok(b"ok") + b"GARBAGE",
    "two": ok(b"ok") + ok(b"EVIL"),
    "upclose": says_close,
    "eof": until_the_end,
    "old": b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nold",
    "noreason": b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Empty:\r\n\r\n",
    "500": b"HTTP/1.1 500 It Failed\r\nContent-Length: 4\r\n\r\noops",
    "dated": ok(b"ok", b"Date: Mon, 01 Jan 2001 00:00:00 GMT"),
}  # fmt: skip

SERIES = [
    ("GET", "plain", 200, b"hello"), ("HEAD", "head", 200, b""), ("GET", "plain", 200, b"hello"), ("HEAD", "headchunk", 200, b""),
    ("GET", "204", 204, b""), ("GET", "204cl", 204, b""), ("GET", "205", 205, b""), ("GET", "304", 304, b""),
    ("GET", "chunk", 200, b"hello world"), ("GET", "103", 200, b"ok"), ("GET", "opts", 200, b"ok"), ("GET", "extra", 200, b"ok"),
    ("GET", "plain", 200, b"hello"), ("GET", "two", 200, b"ok"), ("GET", "plain", 200, b"hello"), ("GET", "upclose", 200, b"ok"),
    ("GET", "plain", 200, b"hello"), ("GET", "eof", 200, b"until-the-end"), ("GET", "old", 200, b"old"),
    ("GET", "noreason", 200, b"ok"), ("GET", "empty", 200, b""), ("GET", "500", 500, b"oops"), ("GET", "plain", 200, b"hello"),
]  # fmt: skip


async def test_one_connection_carries_every_kind_of_answer_in_order() -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial()
        for method, case, status, body in SERIES:
            client.write(request(method, case))
            answer = await client.answer(bodyless=method == "HEAD")
            assert (case, answer.status, answer.body) == (case, status, body)
            assert not answer.fields("connection")
        assert len(running.listener._clients) == 1
        assert [record.status for record in running.spine.records] == [status for _, _, status, _ in SERIES]
        assert not any(record.cut for record in running.spine.records)


@pytest.mark.parametrize(
    ("method", "case", "there", "gone"),
    [
        (
            "GET",
            "opts",
            [b"x-kept"],
            [b"secret", b"x-other", b"keep-alive", b"proxy-connection", b"upgrade", b"\r\nte:"],
        ),
        ("GET", "chunk", [b"transfer-encoding: chunked"], [b"x-t", b"trailer", b"e=1"]),
        ("HEAD", "head", [b"content-length: 12345"], [b"transfer-encoding"]),
        ("HEAD", "headchunk", [], [b"transfer-encoding", b"content-length"]),
        ("GET", "304", [b"content-length: 777", b'etag: "a"'], []),
        ("GET", "204cl", [], [b"content-length"]),
        ("GET", "500", [b"http/1.1 500 it failed\r\n"], []),
        ("GET", "dated", [b"date: mon, 01 jan 2001 00:00:00 gmt\r\n"], [b"1994"]),
        ("GET", "plain", [b"date: sun, 06 nov 1994 08:49:37 gmt\r\n"], []),
        ("GET", "eof", [b"transfer-encoding: chunked"], [b"connection"]),
        ("GET", "103", [], [b"link", b"103"]),
    ],
)
async def test_the_fields_of_an_answer(method: str, case: str, there: list[bytes], gone: list[bytes]) -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial()
        client.write(request(method, case))
        head = (await client.answer(bodyless=method == "HEAD")).head.lower()
        assert [mark for mark in there if mark not in head] == []
        assert [mark for mark in gone if mark in head] == []


async def test_an_edit_removes_by_name_and_prefix_and_its_own_lines_win() -> None:
    edit = AnswerEdit(
        frozenset({b"server", b"x-request-id", b"ratelimit"}),
        (b"x-internal-",),
        b"X-Request-Id: 7\r\nRateLimit: a\r\n",
    )
    answers = {
        "a": ok(
            b"ok", b"Server: x", b"X-Internal-Host: y", b"x-request-id: forged", b"RATELIMIT: forged", b"X-Rate: kept"
        )
    }
    async with wire(answers, edit=edit) as running:
        client = await running.dial()
        client.write(request("GET", "a"))
        answer = await client.answer()
        assert (answer.fields("server"), answer.fields("x-internal-host")) == ([], [])
        assert (answer.fields("x-request-id"), answer.fields("ratelimit"), answer.fields("x-rate")) == (
            [b"7"],
            [b"a"],
            [b"kept"],
        )


async def test_an_answer_byte_by_byte_is_the_same_answer() -> None:
    async def slowly(_: Request, point: Wirepoint) -> None:
        for byte in CHUNKED:
            point.write(bytes([byte]))

    async with wire({"slow": slowly, "chunk": CHUNKED}) as running:
        client = await running.dial()
        client.write(request("GET", "chunk"))
        whole = await client.answer()
        client.write(request("GET", "slow"))
        pieces = await client.answer()
        assert (pieces.body, pieces.head) == (whole.body, whole.head)


async def test_the_upstream_gets_what_was_asked_and_nothing_of_the_connection() -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial()
        client.write(request("GET", "plain?q=%20", "Connection: close, X-Mine", "X-Mine: 1", "TE: trailers", "X-B: 2"))
        await client.answer()
        asked = running.upstream.requests[0]
        assert asked.line == b"GET /orders/plain?q=%20 HTTP/1.1"
        assert b"X-B: 2\r\n" in asked.head
        assert not [mark for mark in (b"x-mine", b"s3cr3t", b"\r\nte:", b"connection") if mark in asked.head.lower()]


async def test_a_used_upstream_connection_is_used_again_and_a_spoiled_one_never() -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial()
        for case, lines in (
            ("plain", 1),
            ("plain", 1),
            ("extra", 1),
            ("plain", 2),
            ("two", 2),
            ("plain", 3),
            ("eof", 3),
            ("old", 4),
        ):
            client.write(request("GET", case))
            await client.answer()
            assert (case, len(running.upstream.lines)) == (case, lines)


async def test_bytes_that_nobody_asked_for_end_the_idle_connection() -> None:
    async with wire(ANSWERS) as running:
        client = await running.dial()
        client.write(request("GET", "plain"))
        await client.answer()
        running.upstream.lines[0].write(ok(b"EVIL"))
        await running.upstream.lines[0].gone()
        client.write(request("GET", "plain"))
        assert (await client.answer()).body == b"hello"
        assert len(running.upstream.lines) == 2
