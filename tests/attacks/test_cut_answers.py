"""R46, R47: a cut-off answer never looks whole, and nothing that happens after a head adds a second answer."""

import asyncio
from collections.abc import Awaitable

import pytest

from gateway.server.exchange_http import Exchange
from gateway.upstream.ports import Line
from tests.strategies.wire import Request, ok, request, wire
from tests.strategies.wirepoint import Cut, Wirepoint

FRAMINGS = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    "the connection": b"HTTP/1.1 200 OK\r\n\r\nhalf",
}


ENDS = [
    ("length", "reset"),
    ("length", "close"),
    ("chunks", "reset"),
    ("chunks", "close"),
    ("chunks", "garbage"),
    ("the connection", "reset"),
]


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize(("framing", "end"), ENDS)
async def test_a_cut_off_answer_is_reset_without_a_second_answer(framing: str, end: str, version: str) -> None:
    cut = asyncio.Event()

    async def half(_: Request, point: Wirepoint) -> None:
        point.write(FRAMINGS[framing])
        await cut.wait()
        if end == "reset":
            point.break_off()
        elif end == "garbage":
            point.write(b"Z\r\n")
        else:
            point.wire.close()
        await point.gone()

    async with wire({"half": half}) as running:
        client = await running.dial()
        # Behind a request that ends its connection aiohttp's parser takes nothing, so only 1.1 can pipeline here.
        client.write(request("GET", "half", version=version) * (2 if version == "1.1" else 1))
        begun = await client.read_until(b"half")
        cut.set()
        await client.gone()
        assert client.reset, "a FIN would end a body that nothing else ends"
        seen = begun + client.data
        assert seen.count(b"HTTP/1.1") == 1
        assert b"0\r\n\r\n" not in seen
        assert len(running.upstream.requests) == 1, "nor is the next request on that connection served"


async def test_an_exception_in_the_middle_of_an_answer_resets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class BoomError(Exception):
        pass

    attach, begun = Exchange.attach, asyncio.Event()

    async def boom() -> None:
        await begun.wait()
        raise BoomError

    def attached(self: Exchange, line: Line) -> Awaitable[None]:
        attach(self, line)
        return boom()

    monkeypatch.setattr(Exchange, "attach", attached)

    async def half(_: Request, point: Wirepoint) -> None:
        point.write(FRAMINGS["chunks"])
        await point.gone()

    async with wire({"half": half, "a": ok()}) as running:
        client = await running.dial()
        client.write(request("GET", "half"))
        await client.read_until(b"half")
        begun.set()
        with pytest.raises(Cut):
            await client.read_until(b"HTTP/1.1")
        assert client.reset
        await running.upstream.lines[0].gone()
        monkeypatch.setattr(Exchange, "attach", attach)
        other = await running.dial()
        other.write(request("GET", "a"))
        assert (await other.answer()).status == 200
