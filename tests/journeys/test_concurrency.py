"""Concurrency limits over HTTP: a slot is held for as long as a request runs, and comes back however it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.message.parked import Parked
from gateway.message.ports import Stepped
from gateway.quota.limits_memory import MemoryLimits
from policylang.embed import Charge
from tests.journeys.world import World, world
from tests.strategies.wirepoint import eventually

HELD = 60.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"

RULES = """
policy each { concurrent 2 held at most 1h }
select policy on slow, broken { use each otherwise }
route slow   { match GET on "/slow/**"    trust corp  upstream SLOW    timeout answer 5s }
route broken { match GET on "/broken/**"  trust corp  upstream SLOW    timeout answer 100ms }
route gone   { match GET on "/gone/**"    trust corp  upstream "http://127.0.0.1:1" }
route says   { match GET on "/says/**"    trust corp  upstream setting.service }
allow all_slow on slow always
allow all_broken on broken always
allow all_gone on gone always
allow all_says on says always
limit gone on gone by identity { concurrent 1 held at most 1h  on outage deny }
limit says on says by identity { concurrent 1 held at most 1h  on outage deny }
"""


class Service:
    """An upstream that answers when it is told to. ``arrived`` counts requests, ``left`` connections that are closed."""

    def __init__(self) -> None:
        self.arrived = self.left = 0
        self.changed = asyncio.Condition()
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.writers.append(writer)
                await self._note(arrived=1)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            await self._note(left=1)
            writer.close()

    async def _note(self, arrived: int = 0, left: int = 0) -> None:
        async with self.changed:
            self.arrived += arrived
            self.left += left
            self.changed.notify_all()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), HELD)

    def say(self, data: bytes) -> None:
        """To every request that waits."""
        for writer in self.writers:
            writer.write(data)
        self.writers.clear()


@asynccontextmanager
async def slow_world(folder: Path) -> AsyncIterator[tuple[World, Service]]:
    """A world whose service is slow."""
    service = Service()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    rules = RULES.replace("SLOW", f'"http://127.0.0.1:{port}"')
    try:
        async with world(folder, rules) as w:
            yield w, service
    finally:
        server.close()
        for writer in service.writers:
            writer.close()
        await server.wait_closed()


async def test_so_many_at_once_and_another_when_one_is_over(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, service):
        running = [asyncio.create_task(w.ask("GET", "/slow/x", w.token())) for _ in range(2)]
        await service.until(lambda: service.arrived == 2)
        refused = await w.ask("GET", "/slow/x", w.token())
        assert (refused.status, refused.code, refused.headers["Retry-After"]) == (429, "limited", "1")
        assert refused.headers["RateLimit-Policy"] == '"concurrency";q=2;qu="concurrent-requests"'
        assert refused.headers["RateLimit"] == '"concurrency";r=0;t=0'
        other = asyncio.create_task(w.ask("GET", "/slow/x", w.token(sub="u2")))
        await service.until(lambda: service.arrived == 3)
        service.say(HEAD + b"done")
        assert [(await one).status for one in (*running, other)] == [200] * 3
        again = asyncio.create_task(w.ask("GET", "/slow/x", w.token()))
        await service.until(lambda: service.arrived == 4)
        service.say(HEAD + b"done")
        assert (await again).headers["RateLimit"] == '"concurrency";r=1;t=0'


async def test_one_after_another_is_never_refused(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, _):
        assert [(await w.ask("GET", "/says/x", w.token())).status for _ in range(9)] == [200] * 9


async def test_a_slot_comes_back_when_the_upstream_fails(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, _):
        assert [(await w.ask("GET", "/gone/x", w.token())).status for _ in range(4)] == [502] * 4


async def test_a_slot_comes_back_when_the_upstream_is_too_late(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, _):
        assert [(await w.ask("GET", "/broken/x", w.token())).status for _ in range(4)] == [504] * 4


async def raw_ask(w: World, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request on a connection of its own, which can be cut."""
    host, port = str(w.gateway.clients).rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {w.token()}\r\n\r\n".encode())
    return reader, writer


async def test_a_slot_comes_back_when_the_client_leaves(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, service):
        clients = [await raw_ask(w, "/slow/x") for _ in range(2)]
        await service.until(lambda: service.arrived == 2)
        assert (await w.ask("GET", "/slow/x", w.token())).status == 429
        for _, writer in clients:
            writer.transport.abort()
        await service.until(lambda: service.left == 2)
        again = asyncio.create_task(w.ask("GET", "/slow/x", w.token()))
        await service.until(lambda: service.arrived == 3)
        service.say(HEAD + b"done")
        assert (await again).status == 200


async def test_a_slot_comes_back_when_the_answer_is_cut_off(tmp_path: Path) -> None:
    async with slow_world(tmp_path) as (w, service):
        for round_ in range(3):
            reader, writer = await raw_ask(w, "/slow/x")
            await service.until(lambda wanted=round_ + 1: service.arrived == wanted)  # type: ignore[misc]
            upstream = service.writers.pop()
            upstream.write(HEAD + b"do")
            await upstream.drain()
            upstream.close()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await reader.readexactly(1 << 16)
            writer.close()
        assert service.arrived == 3


async def test_a_slot_comes_back_that_is_granted_when_the_client_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, waiting, said = MemoryLimits(), list[asyncio.Future[None]](), list[str]()

    def late(_: object, charges: Sequence[Charge], now: int, holder: bytes) -> Parked[Stepped]:
        gate = asyncio.get_running_loop().create_future()
        waiting.append(gate)
        return Parked(gate, lambda: granted(charges, now, holder))

    def granted(charges: Sequence[Charge], now: int, holder: bytes) -> Stepped:
        said.append(f"granted {len(charges)}")
        return at_once(memory, charges, now, holder)

    def returned(_: object, charges: Sequence[Charge], holder: bytes) -> None:
        said.append(f"released {len(charges)} of {len(memory)}")
        release(memory, charges, holder)

    at_once, release = MemoryLimits.step, MemoryLimits.release
    async with slow_world(tmp_path) as (w, _):
        monkeypatch.setattr(MemoryLimits, "step", late)
        monkeypatch.setattr(MemoryLimits, "release", returned)
        _, writer = await raw_ask(w, "/slow/x")
        await eventually(lambda: len(waiting) == 1)
        writer.transport.abort()
        await eventually(lambda: w.gateway.stats.in_flight == 0)
        assert said == []
        waiting[0].set_result(None)
        await eventually(lambda: len(said) == 2)
        assert said == ["granted 1", "released 1 of 1"]
        assert len(memory) == 0
        monkeypatch.undo()
