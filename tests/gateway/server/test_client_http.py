"""One client's connection: addresses, bounds, the words of the library, and its clocks with the time given by hand."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.client_http import CLOSED, KEPT, ClientConnection
from gateway.server.limits import WireLimits
from tests.strategies.played_transport import PlayedTransport
from tests.strategies.wire import QUICK, Request, Wire, ok, request, wire
from tests.strategies.wirepoint import Wirepoint, eventually

SLOW = replace(
    QUICK,
    sweep_seconds=3600,
    head_seconds=10,
    body_seconds=20,
    body_rate=0,
    gather_seconds=3600,
    stall_seconds=30,
    half_closed_seconds=0,
)
"""Nothing is swept by itself: the tests say what time it is."""


async def hold(_: Request, point: Wirepoint) -> None:
    await point.gone()


@pytest.fixture
async def running() -> AsyncIterator[Wire]:
    async with wire({"a": ok(), "hold": hold}, limits=SLOW) as one:
        yield one


def only(running: Wire) -> ClientConnection:
    (client,) = running.listener._clients
    return client


async def test_the_peers_address_is_canonical(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "a"))
    await client.answer()
    assert running.spine.inbounds[0].peer_ip == "127.0.0.1"


class From(PlayedTransport):
    """A transport with a peer."""

    def __init__(self, peer: tuple[str, int] | None) -> None:
        super().__init__()
        self.peer = peer

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.peer if name == "peername" else default


@pytest.mark.parametrize(
    ("peer", "canonical"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("FE80::1%eth0", "fe80::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
    ],
)
async def test_every_address_has_one_spelling(running: Wire, peer: str, canonical: str) -> None:
    made = running.listener()
    assert isinstance(made, ClientConnection)
    made.connection_made(From((peer, 1)))
    assert made.peer_ip == canonical
    made.connection_lost(None)


async def test_a_client_that_left_already_is_turned_away(running: Wire) -> None:
    made, transport = running.listener(), From(None)
    made.connection_made(transport)
    assert transport.aborted
    made.connection_lost(None)
    assert running.listener.connections_open == 0


async def test_the_end_of_an_exchange_has_nothing_left_to_send() -> None:
    assert (KEPT.keep_alive, CLOSED.keep_alive) == (True, False)
    for end in (KEPT, CLOSED):
        assert await end.prepare(None) is None  # type: ignore[func-returns-value]
        assert await end.write_eof() is None  # type: ignore[func-returns-value]


async def test_a_head_that_has_begun_has_its_time(running: Wire) -> None:
    client = await running.dial()
    client.write(b"GET /orders/a HTTP/1.1\r\n")
    await eventually(lambda: bool(running.listener._clients) and bool(only(running)._watch.begun))
    held = only(running)
    held.tick(100.0)
    client.write(b"Host: x\r\n")
    await eventually(lambda: len(held._watch.begun) > 30)
    held.tick(109.9)
    assert client.ended is False
    held.tick(110.0)
    assert await client.read_to_end() == b""
    assert running.spine.records == []


async def test_a_connection_without_a_head_is_not_the_sweepers_business(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "a"))
    await client.answer()
    for now in (100.0, 1000.0):
        only(running).tick(now)
    client.write(request("GET", "a"))
    assert (await client.answer()).status == 200


async def test_a_body_on_its_way_has_its_time_between_pieces(running: Wire) -> None:
    client = await running.dial()
    client.write(request("POST", "hold", "Content-Length: 10"), b"a")
    await eventually(lambda: bool(running.listener._clients))
    held = only(running)
    await eventually(
        lambda: held.exchange is not None and held.exchange.upload is not None and held.exchange.upload.waiting
    )
    held.tick(100.0)
    held.tick(119.9)
    client.write(b"b")
    await eventually(lambda: held._watch.left == 8)
    held.tick(121.0)
    held.tick(140.9)
    assert client.total == 0
    held.tick(141.0)
    assert (await client.answer()).status == 408


async def test_a_request_without_a_body_that_waits_for_its_answer_has_no_time_here(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "hold"))
    await running.upstream.asked(1)
    for now in (100.0, 10_000.0):
        only(running).tick(now)
    assert client.ended is False


async def test_a_client_that_takes_nothing_has_its_time_and_progress_renews_it(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "hold"))
    await running.upstream.asked(1)
    held = only(running)
    sizes = {"pending": 500}

    class Full:
        def get_write_buffer_size(self) -> int:
            return sizes["pending"]

    wire_of, held._wire = held._wire, Full()  # type: ignore[assignment]
    held.tick(100.0)
    held.tick(129.0)
    sizes["pending"] = 400
    held.tick(131.0)
    sizes["pending"] = 0
    held.tick(150.0)
    sizes["pending"] = 400
    held.tick(170.0)
    held.tick(199.9)
    assert client.ended is False
    held._wire = wire_of
    held._stuck_at = (0, 0)
    held.tick(300.0)
    held.reset()
    await client.gone()
    assert client.reset


async def test_the_head_of_a_request_is_bounded_as_a_whole() -> None:
    limits = replace(QUICK, head_bytes=2000)
    async with wire({"a": ok()}, limits=limits) as running:
        client = await running.dial()
        client.write(b"GET /orders/a HTTP/1.1\r\nHost: x\r\n")
        for number in range(30):
            client.write(b"X-%d: %s\r\n" % (number, b"a" * 100))
        answer = await client.answer()
        assert (answer.status, answer.fields("connection")) == (400, [b"close"])
        await client.gone()
        assert [(record.kind, record.reason) for record in running.spine.records] == [("malformed", "HeadTooLarge")]


async def test_a_large_body_is_no_large_head() -> None:
    limits = replace(QUICK, head_bytes=2000)
    async with wire({"a": ok()}, limits=limits) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 300000"), b"x" * 300_000)
        assert (await client.answer()).status == 200


async def test_the_rest_of_a_refused_body_is_no_head() -> None:
    def refuse(inbound: Inbound, record: Record) -> Refusal:
        return Refusal("denied")

    limits = WireLimits(head_bytes=2000, linger_seconds=5, sweep_seconds=0.02)
    async with wire({}, limits=limits, decide=refuse) as running:
        client = await running.dial()
        client.write(request("POST", "a", "Content-Length: 300000"), b"x" * 100_000)
        assert (await client.answer()).status == 403
        client.write(b"x" * 200_000)
        assert await client.read_to_end() == b"", "nothing but the one answer"
        assert len(running.spine.records) == 1


async def test_the_librarys_log_lines_are_replaced(running: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = await running.dial()
    client.write(request("GET", "a"))
    await client.answer()
    held = only(running)
    held.log_debug("s3cr3t %s", "s3cr3t")
    held.log_exception("s3cr3t", exc_info=KeyError("s3cr3t"))
    assert "s3cr3t" not in caplog.text
    assert "KeyError" in caplog.text


async def test_a_connection_that_was_never_open_can_be_swept_and_reset(running: Wire) -> None:
    made = running.listener()
    assert isinstance(made, ClientConnection)
    made.tick(1.0)
    made.reset()


async def test_an_error_of_the_library_resets_the_client(running: Wire) -> None:
    client = await running.dial()
    client.write(request("GET", "hold"))
    await running.upstream.asked(1)
    held = only(running)
    assert held.exchange is not None
    assert held.handle_error(held.exchange, 500, KeyError()) is CLOSED
    await client.gone()
    assert client.reset
