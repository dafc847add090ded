"""What each trouble of a Redis store does to requests: ``python -m bench.outages``.

The gateway runs under load with a real server as its store; the trouble begins after 1.5 s and lasts as long.
Half of the requests have a quota that denies on an outage, half one that allows. For each trouble the table has

- ``denied``/``uncounted``: answers 503 of the first kind; requests of the second kind that passed without being counted;
- ``errors``: anything else that is no answer of the rules;  ``slowest``: the longest wait for an answer;
- ``back``: from the end of the trouble to the first counted answer of the first kind;
- ``lost``: charges that the server had answered and that were gone after it was killed (its fsync policy);
- ``wrong``: requests of the first kind that passed and were not counted, but for those. It has to be 0.
"""

import asyncio
import contextlib
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError

from gateway.settings import StoreSettings
from gateway.store.eras_redis import ErasRedis
from gateway.store.link_redis import open_link
from tests.journeys.world import World, world
from tests.servers.process import StoreProcess
from tests.servers.valkey import APPEND_ONLY, NO_PERSISTENCE, standalone

LANES = 16
PHASE = 1.5
"""Seconds before, during and after the trouble."""
RULES = """
policy paid { quota 100_000_000 per 30d from first use }
select policy on strict { use paid otherwise }
route strict { match GET on "/strict"  trust corp  upstream setting.service }
route lax { match GET on "/lax"  trust corp  upstream setting.service }
allow strict_use on strict always
allow lax_use on lax always
limit lax_total on lax by identity { quota 100_000_000 per 29d from first use  on outage allow }
"""
STRICT_WINDOW = 30 * 86_400_000_000
COUNTER = re.compile(rb"q (\d+) (\d+) (\d+)")

Act = Callable[[StoreProcess], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """``forgets``: the counters are gone afterwards, and an operator has to accept that before quotas go on."""

    name: str
    begin: Act
    end: Act
    persistence: Sequence[str] = NO_PERSISTENCE
    forgets: bool = False
    settings: Sequence[str] = ()


@dataclass(slots=True)
class Seen:
    """What the requests met. Times are in seconds of one clock."""

    strict: list[tuple[float, float, int]] = field(default_factory=list)
    lax: list[tuple[float, float, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def nothing(server: StoreProcess) -> None:
    """No trouble, or one that ends by itself."""


def fill(server: StoreProcess) -> None:
    """Fill the memory, so that every write is refused."""
    server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    server.ask("CONFIG", "SET", "maxmemory", "1")


def script_flush(server: StoreProcess) -> None:
    """Forget every script, many times."""
    for _ in range(20):
        server.ask("SCRIPT", "FLUSH")
        time.sleep(0.01)


TROUBLES = (
    Trouble("none", nothing, nothing),
    Trouble("stopped and started (AOF)", lambda s: s.stop(), lambda s: s.start(), APPEND_ONLY),
    Trouble("killed and started (AOF everysec)", lambda s: s.kill(), lambda s: s.start(), APPEND_ONLY),
    Trouble("killed and started, empty", lambda s: s.kill(), lambda s: s.start(), forgets=True),
    Trouble("FLUSHALL", lambda s: s.ask("FLUSHALL"), nothing, forgets=True),
    Trouble("SIGSTOP", lambda s: s.pause(), lambda s: s.resume()),
    Trouble("CLIENT PAUSE", lambda s: s.ask("CLIENT", "PAUSE", int(PHASE * 1000), "ALL"), nothing),
    Trouble("CLIENT PAUSE WRITE", lambda s: s.ask("CLIENT", "PAUSE", int(PHASE * 1000), "WRITE"), nothing),
    Trouble("SCRIPT FLUSH", script_flush, nothing),
    Trouble(
        "read-only replica", lambda s: s.ask("REPLICAOF", "127.0.0.1", 1), lambda s: s.ask("REPLICAOF", "NO", "ONE")
    ),
    Trouble("memory full", fill, lambda s: s.ask("CONFIG", "SET", "maxmemory", "0")),
)


async def main() -> int:
    """Print the table; 1 if anything was admitted wrongly or answered with an error."""
    print(
        f"{'trouble':36}{'requests':>9}{'denied':>8}{'uncounted':>11}{'errors':>8}{'slowest':>10}{'back':>10}{'lost':>6}{'wrong':>7}"
    )
    bad = 0
    for trouble in TROUBLES:
        bad += await measured(trouble)
    return 1 if bad else 0


async def measured(trouble: Trouble) -> int:
    """One line of the table; how many requests went wrong."""
    with (
        standalone(trouble.settings, persistence=trouble.persistence) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        store = StoreSettings(f"redis://{server.address}")
        async with world(Path(folder), RULES, store=store) as w, load(w) as seen:
            await asyncio.sleep(PHASE)
            began = time.monotonic()
            await asyncio.to_thread(trouble.begin, server)
            await asyncio.sleep(max(0.0, PHASE - (time.monotonic() - began)))
            ended = time.monotonic()
            await asyncio.to_thread(trouble.end, server)
            await asyncio.sleep(PHASE)
            if trouble.forgets:
                passed = sum(status == 200 for start, _, status in seen.strict if start > began + 0.1)
                await accept(server)
                ended = time.monotonic()
                await asyncio.sleep(1)
        marked = (Path(folder) / "decisions.log").read_text("utf-8").count('"uncounted":true')
        counted = 0 if trouble.forgets else charged(server)
    admitted = sum(status == 200 for _, _, status in seen.strict)
    missing = passed if trouble.forgets else max(0, admitted - counted)
    lost = missing if "everysec" in trouble.name else 0
    wrong = missing - lost
    back = min((end for start, end, status in seen.strict if start >= ended and status == 200), default=0.0) - ended
    print(line(trouble, seen, marked, back, lost, wrong), flush=True)
    return wrong + len(seen.errors) + (back < 0)


def line(trouble: Trouble, seen: Seen, marked: int, back: float, lost: int, wrong: int) -> str:
    """The line of one trouble."""
    every = seen.strict + seen.lax
    slowest = max(end - start for start, end, _ in every)
    denied = sum(status == 503 for _, _, status in seen.strict)
    recovery = f"{back * 1000:.0f} ms" if back >= 0 else "never"
    return (
        f"{trouble.name:36}{len(every):>9}{denied:>8}{marked:>11}{len(seen.errors):>8}"
        f"{slowest * 1000:>7.0f} ms{recovery:>10}{lost:>6}{wrong:>7}"
    )


@contextlib.asynccontextmanager
async def load(w: World) -> AsyncIterator[Seen]:
    """Requests of both kinds, LANES at a time, until the block ends."""
    seen, token = Seen(), w.token()
    stopped = asyncio.Event()

    async def lane() -> None:
        while not stopped.is_set():
            await ask(w, "/strict", token, seen.strict, seen.errors, (200, 503))
            await ask(w, "/lax", token, seen.lax, seen.errors, (200,))

    lanes = [asyncio.create_task(lane()) for _ in range(LANES)]
    try:
        yield seen
    finally:
        stopped.set()
        await asyncio.gather(*lanes)


async def ask(
    w: World, path: str, token: str, into: list[tuple[float, float, int]], errors: list[str], expected: Sequence[int]
) -> None:
    """One request, and what became of it."""
    start = time.monotonic()
    try:
        async with asyncio.timeout(30):
            status = (await w.ask("GET", path, token)).status
    except (ClientError, OSError) as error:
        errors.append(type(error).__name__)
        return
    into.append((start, time.monotonic(), status))
    if status not in expected:
        errors.append(str(status))


def charged(server: StoreProcess) -> int:
    """How many requests of the first kind the store has counted."""
    total = 0
    for key in server.ask("KEYS", "*:l:*"):
        found = COUNTER.fullmatch(server.ask("GET", key) or b"")
        if found is not None:
            first, last, used = map(int, found.groups())
            total += used if last - first == STRICT_WINDOW else 0
    return total


async def accept(server: StoreProcess) -> None:
    """What ``POST /v1/store/accept-loss`` at the admin API does."""
    link = open_link(f"redis://{server.address}")
    try:
        await ErasRedis(link).accept_loss()
    finally:
        await link.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
