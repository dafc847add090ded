"""TLS on both sides: verified upstreams, clients that are cut off as visibly as without it."""

import os
import socket

import pytest

from tests.strategies.certificates import localhost
from tests.strategies.wire import Request, Upstream, ok, request, wire
from tests.strategies.wirepoint import Cut, Listening, Wirepoint

BIG = b"z" * 3_000_000


async def test_clients_over_tls() -> None:
    async with wire({"a": ok(b"hello"), "big": ok(BIG)}, tls=localhost()) as running:
        client = await running.dial()
        client.write(request("GET", "a"), request("GET", "big"))
        assert [len((await client.answer()).body) for _ in range(2)] == [5, len(BIG)]
        client.write(request("POST", "a", f"Content-Length: {len(BIG)}"), BIG)
        assert (await client.answer()).body == b"hello"
        assert running.upstream.requests[-1].body == BIG


async def test_a_cut_off_answer_over_tls_is_no_orderly_end() -> None:
    async def half(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        await point.until(lambda: point.total > 0)
        point.break_off()

    async with wire({"half": half}, tls=localhost()) as running:
        client = await running.dial()
        client.write(request("GET", "half", version="1.0"))
        try:
            assert (await client.answer()).status == 502
        except Cut:
            assert client.ended


async def test_a_client_that_speaks_no_tls_gets_nothing() -> None:
    async with wire({}, tls=localhost()) as running:
        running.tls = None
        client = await running.dial()
        client.write(request("GET", "a"))
        await client.gone()
        assert running.spine.records == []


@pytest.mark.parametrize("size", [5, 3_000_000])
async def test_an_upstream_over_tls_is_used_again(size: int) -> None:
    server, trusting = localhost()
    upstream = Upstream({"a": ok(BIG[:size])})
    await upstream.listening.start(server)
    try:
        async with wire({}, targets=(f"https://localhost:{upstream.listening.port}",), trust=trusting) as running:
            client = await running.dial()
            for _ in range(3):
                client.write(request("POST", "a", f"Content-Length: {size}"), BIG[:size])
                assert (await client.answer()).body == BIG[:size]
            assert len(upstream.lines) == 1
    finally:
        await upstream.listening.stop()


async def test_an_upstream_that_nobody_vouches_for_is_502_and_sees_no_request() -> None:
    upstream = Upstream({"a": ok()})
    await upstream.listening.start(localhost()[0])
    try:
        async with wire({}, targets=(f"https://localhost:{upstream.listening.port}",)) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            assert (await client.answer()).status == 502
            assert running.record().reason == "the TLS handshake failed"
            assert upstream.requests == []
    finally:
        await upstream.listening.stop()


async def test_an_upstream_whose_certificate_is_for_another_name_is_502() -> None:
    server, trusting = localhost()
    upstream = Upstream({"a": ok()})
    await upstream.listening.start(server)
    try:
        async with wire({}, targets=(f"https://127.0.0.2:{upstream.listening.port}",), trust=trusting) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            assert (await client.answer()).status == 502
            assert upstream.requests == []
    finally:
        await upstream.listening.stop()


async def test_an_upstream_that_never_finishes_its_handshake_is_504() -> None:
    async def silent(point: Wirepoint) -> None:
        await point.gone()

    listening = Listening(silent)
    await listening.start()
    try:
        async with wire({}, targets=(f"https://127.0.0.1:{listening.port}",), connect_micros=50_000) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            assert (await client.answer()).status == 504
    finally:
        await listening.stop()


async def test_an_upstream_that_does_not_speak_tls_is_502() -> None:
    async def plain(point: Wirepoint) -> None:
        await point.until(lambda: point.total > 0)
        point.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    listening = Listening(plain)
    await listening.start()
    try:
        async with wire({}, targets=(f"https://127.0.0.1:{listening.port}",)) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            assert (await client.answer()).status == 502
            assert running.record().reason == "the TLS handshake failed"
    finally:
        await listening.stop()


async def test_a_body_to_the_end_that_tls_does_not_end_is_not_whole() -> None:
    async def truncated(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        raw = socket.socket(fileno=os.dup(point.wire.get_extra_info("socket").fileno()))
        raw.shutdown(socket.SHUT_WR)  # a FIN without TLS's close_notify: anybody on the way can send one
        raw.close()
        await point.gone()

    server, trusting = localhost()
    upstream = Upstream({"a": truncated})
    await upstream.listening.start(server)
    try:
        async with wire({}, targets=(f"https://localhost:{upstream.listening.port}",), trust=trusting) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            with pytest.raises(Cut):
                await client.answer()
    finally:
        await upstream.listening.stop()


async def test_a_body_to_the_end_that_tls_ends_is_whole() -> None:
    async def ends(_: Request, point: Wirepoint) -> None:
        point.write(b"HTTP/1.1 200 OK\r\n\r\nwhole")
        point.wire.close()

    server, trusting = localhost()
    upstream = Upstream({"a": ends})
    await upstream.listening.start(server)
    try:
        async with wire({}, targets=(f"https://localhost:{upstream.listening.port}",), trust=trusting) as running:
            client = await running.dial()
            client.write(request("GET", "a"))
            assert (await client.answer()).body == b"whole"
    finally:
        await upstream.listening.stop()
