"""Requests and connections leave nothing for the garbage collector: `serve` switches its full collections off."""

import asyncio
import gc
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from tests.journeys.world import World, world

RULES = """
policy free { rate 100_000 per 1s burst 100_000   quota 1_000_000 per day   concurrent 64 held at most 60s }
select policy on r { use free otherwise }
route r { match GET, POST on "/r/**"   trust corp   upstream setting.service }
allow a on r when claims.tenant == "acme"
request headers on r { set X-User "{claims.sub}" }
"""
CALLERS = 20
LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")


@pytest.fixture
def saved() -> Iterator[None]:
    """What a collection finds is kept to be looked at."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


async def connection(port: int, token: str, body: bytes) -> None:
    """Three requests on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    method, framing = (b"POST", b"Content-Length: %d\r\n" % len(body)) if body else (b"GET", b"")
    for _ in range(3):
        head = method + b" /r/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token.encode() + b"\r\n"
        writer.write(head + framing + b"\r\n" + body)
        found = LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
        assert found is not None
        await reader.readexactly(int(found[1]))
    writer.close()
    await writer.wait_closed()


async def everything(open_world: World, tokens: list[str]) -> None:
    for body in (b"", b"x" * 100):
        for token in tokens:
            await connection(open_world.gateway.clients.port, token, body)


@pytest.mark.parametrize("refused", [False, True])
def test_nothing_is_left_for_the_collector(tmp_path: Path, saved: None, refused: bool) -> None:
    async def act() -> Counter[str]:
        async with world(tmp_path, RULES) as open_world:
            tenant = "other" if refused else "acme"
            tokens = [open_world.token(sub=f"u{number}", tenant=tenant) for number in range(CALLERS)]
            await everything(open_world, tokens)
            gc.collect()
            gc.garbage.clear()
            await everything(open_world, tokens)
            await asyncio.sleep(0)
            gc.collect()
            return Counter(type(each).__qualname__ for each in gc.garbage)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(act()) == Counter()
