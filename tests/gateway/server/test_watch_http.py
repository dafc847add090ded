"""The bytes of one connection: where heads end is found exactly, and framing is weighed; the messages are aiohttp's own."""

import asyncio
import itertools
from collections import deque
from typing import Any

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser
from hypothesis import given
from hypothesis import strategies as st

from gateway.server.limits import WireLimits
from gateway.server.watch_http import CHUNKED, HeadTooLarge, RequestLineCrooked, Watch

GET = b"GET /a%20b?c HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
CHUNKS = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Fed:
    """A watch beside the parser whose messages it finds."""

    def __init__(self, **limits: int) -> None:
        loop = asyncio.new_event_loop()
        protocol = BaseProtocol(loop)
        self.parser = HttpRequestParser(protocol, loop, 2**16, max_line_size=8190, max_field_size=8190, max_headers=100)
        protocol._parser = self.parser
        loop.close()
        self.watch = Watch(WireLimits(**limits))
        self.messages: deque[tuple[Any, Any]] = deque()

    def came(self, data: bytes) -> HttpProcessingError | None:
        known = len(self.messages)
        self.messages += self.parser.feed_data(data)[0]
        return self.watch.came(data, self.messages, known, False)


@given(
    requests=st.lists(st.sampled_from([GET, POST, b"\r\n" + GET]), min_size=1, max_size=5),
    cuts=st.lists(st.integers(0, 300), max_size=6),
    rest=st.sampled_from([b"", b"G", b"GET /a HTTP/1.1\r\nHost: x\r\n"]),
)
def test_what_is_left_behind_whole_requests_is_the_begin_of_a_head(
    requests: list[bytes], cuts: list[int], rest: bytes
) -> None:
    fed = Fed()
    data = b"".join(requests) + rest
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in itertools.pairwise(edges):
        assert fed.came(data[start:end]) is None
    assert len(fed.messages) == len(requests)
    assert bytes(fed.watch.begun) == rest
    assert fed.watch.rests is (rest == b"")


@pytest.mark.parametrize(
    "data",
    [
        b"GET  /a HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /a  HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\rGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS /a RTSP/1.1\r\nHost: x\r\n\r\n",
        b"SOURCE /a ICE/1.0\r\nHost: x\r\n\r\n",
        b"GET  /a HTTP/1.1\r\nHost: x\r\nX: GET /a HTTP/1.1\r\n\r\n",
        b"\r\n" * 9 + GET,
        b"\r\n" * 9,
    ],
)
@pytest.mark.parametrize("before", [b"", GET, POST])
def test_a_crooked_request_line_is_found_wherever_it_stands(data: bytes, before: bytes) -> None:
    fed = Fed()
    assert isinstance(fed.came(before + data), RequestLineCrooked)
    assert fed.watch.at == bool(before)
    fed = Fed()
    assert fed.came(before) is None
    assert isinstance(fed.came(data), RequestLineCrooked)


def test_empty_lines_are_counted_until_a_request_and_anew_behind_it() -> None:
    fed = Fed()
    for _ in range(20):
        assert fed.came(b"\r\n" * 4 + b"\r") is None
        assert fed.came(b"\n" + GET) is None
    assert [fed.came(b"\r\n") is None for _ in range(9)] == [True] * 8 + [False]


@pytest.mark.parametrize("size", [200, 201])
@pytest.mark.parametrize("before", [b"", GET, POST])
def test_a_head_is_measured_to_the_byte(size: int, before: bytes) -> None:
    head = b"GET /a HTTP/1.1\r\nHost: x\r\nX: "
    head += b"a" * (size - len(head) - 4) + b"\r\n\r\n"
    for pieces in ([before + head], [before + head[:50], head[50:]], [before + head[:-1], head[-1:]]):
        fed = Fed(head_bytes=200)
        said = [fed.came(piece) for piece in pieces]
        assert isinstance(said[-1], HeadTooLarge) is (size > 200)


def test_a_head_that_goes_on_is_refused_with_the_first_byte_too_many() -> None:
    fed = Fed(head_bytes=200)
    assert fed.came(b"GET /a HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 171) is None
    assert isinstance(fed.came(b"a"), HeadTooLarge)


def test_the_framing_of_a_body_in_chunks_may_weigh_as_much_as_the_body_and_a_bound() -> None:
    fed = Fed(framing_bytes=100)
    assert fed.came(CHUNKS) is None
    assert fed.watch.left == CHUNKED
    fed.came(b"1\r\nx\r\n" * 24)  # 144 bytes on the wire, 24 of them body
    assert not fed.watch.outweighed
    fed.came(b"1\r\nx\r\n" * 2)
    assert fed.watch.outweighed


def test_large_chunks_are_never_outweighed_and_the_end_is_seen() -> None:
    fed = Fed(framing_bytes=0)
    assert fed.came(CHUNKS) is None
    for _ in range(50):
        fed.came(b"10\r\n" + b"x" * 16 + b"\r\n")
        assert not fed.watch.outweighed
    fed.came(b"0\r\n\r\n")
    assert fed.watch.rests


@pytest.mark.parametrize("flood", [b"1;" + b"e" * 50 + b"\r\nx\r\n", b"0" * 50 + b"1\r\nx\r\n"])
def test_extensions_and_leading_zeros_are_framing(flood: bytes) -> None:
    fed = Fed(framing_bytes=100)
    fed.came(CHUNKS)
    fed.came(flood)
    assert not fed.watch.outweighed
    fed.came(flood * 2)
    assert fed.watch.outweighed


def test_what_the_parser_has_put_off_is_not_weighed() -> None:
    fed = Fed(framing_bytes=0)
    fed.came(CHUNKS)
    fed.watch.came(b"x" * 1000, fed.messages, 1, True)
    assert not fed.watch.outweighed


def test_a_refused_body_is_dropped_and_its_likely_end_is_its_end() -> None:
    fed = Fed()
    fed.came(CHUNKS)
    body = fed.watch.body
    assert body is not None
    fed.watch.drop(b"3\r\nabc\r\n")
    assert not body.is_eof()
    fed.watch.drop(b"3\r\nabc\r\n0\r\n\r\n")
    assert body.is_eof()
    fed.watch.drop(b"0\r\n\r\n")
    Fed().watch.drop(b"0\r\n\r\n")
