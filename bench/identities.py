"""Identities with metadata: a store is filled with many, and a gateway's cache with all of them; resident memory for each.

``python -m bench.identities [identities] [store URL]``. Without a URL the store is a file of SQLite in a temporary folder.
The cache is filled and measured in a process of its own, which has seen nothing of the filling.
"""

import asyncio
import gc
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stores import AT_ONCE, fill, opened
from gateway.message.parked import Parked, settle
from gateway.policy.metadata_records import RecordMetadata
from gateway.records.cache import RecordCache
from gateway.records.feed import Feed
from gateway.server.clock import wall_clock
from policylang.embed import plan_model

IDENTITIES = 1_000_000
WAITING = 200
"""Looks under way while the cache is filled: each is a handful of objects for the collector."""
LOOKS = 200_000
NAMES = 10_000
FRESH_MICROS = 30_000_000

FIELDS = (
    plan_model.Claim("blocked", ("bool",), ("blocked",), False, (False,), None, None, False),
    plan_model.Claim("roles", ("set", ("slug",)), ("roles",), False, ((),), None, None, False),
    plan_model.Claim("tier", ("int", 0, 9), ("tier",), False, (0,), None, None, False),
)


def identity(n: int) -> bytes:
    """The virtual identity of number ``n``."""
    return hashlib.blake2b(b"%d" % n, digest_size=16).digest()


def facts(n: int) -> bytes:
    """Metadata as applications have it."""
    return json.dumps({"roles": [f"team-{n % 500}", "editor"], "tier": n % 10}).encode()


def steady() -> int:
    """Microseconds on a clock that does not jump."""
    return time.monotonic_ns() // 1000


async def measure(where: str, count: int) -> None:
    """Bring all identities into a cache; print what each takes, and what a look costs then."""
    async with opened(where) as store:
        cache = RecordCache(store, steady, count * 2, 1 << 40)
        feed = Feed(store, [cache], wall_clock, steady, print)
        cache.follow_by(feed)
        following = asyncio.create_task(feed.follow())
        while not feed.live:  # noqa: ASYNC110 -- the feed tells nobody but its listeners
            await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()
        with collections() as pauses:
            before, begun = resident(), time.monotonic()
            for first in range(0, count, AT_ONCE):
                looks = [
                    cache.look("metadata", identity(n).hex(), wall_clock())
                    for n in range(first, min(first + AT_ONCE, count))
                ]
                await asyncio.gather(*(settle(look) for look in looks))
            took, grown = time.monotonic() - begun, resident() - before
        if len(cache) != count:
            sys.exit(f"{len(cache)} of {count} identities are in the cache")
        print(f"cached    {count:>9,} identities in {took:.1f} s, {count / took:,.0f} a second")
        print(f"resident  {grown / count:>9,.0f} bytes for each cached identity; accounted {cache.bytes / count:,.0f}")
        print(f"collector {max(pauses, default=0) * 1000:>9.1f} ms the longest of {len(pauses)} passes while filling")
        await hits(cache, feed, count)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def hits(cache: RecordCache, feed: Feed, count: int) -> None:
    """What a cached identity's facts cost a request: at its first look, and when they were decoded before."""
    view = RecordMetadata(cache).view(FIELDS, FRESH_MICROS)
    names = [identity(n * 7919 % count) for n in range(min(count, NAMES))]
    now = wall_clock()
    for words in ("decoded", "known"):
        spent = looked = 0
        while looked < LOOKS:
            # The feed has its turns: a loop that is held makes it cold.
            await asyncio.sleep(0.001)
            if not feed.live:
                continue
            batch = names[looked % len(names) :][:2_000]
            begun = time.perf_counter_ns()
            found = [view.fields(name, now) for name in batch]
            spent += time.perf_counter_ns() - begun
            looked += len(batch)
            if any(isinstance(one, Parked) for one in found):
                sys.exit("a cached identity was asked for again")
            if words == "decoded" and looked >= len(names):
                break
        print(f"{words:<9} {spent / looked:>9,.0f} ns for an identity's facts")


def resident() -> int:
    """Bytes of this process in memory."""
    with Path("/proc/self/statm").open(encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096


@contextmanager
def collections() -> Iterator[list[float]]:
    """Seconds of CPU that each full collection took inside the block: what else runs on the machine is not its affair."""
    pauses: list[float] = []
    begun = 0.0

    def noted(phase: str, info: dict[str, int]) -> None:
        nonlocal begun
        if phase == "start":
            begun = time.thread_time()
        elif info["generation"] == 2:
            pauses.append(time.thread_time() - begun)

    gc.callbacks.append(noted)
    try:
        yield pauses
    finally:
        gc.callbacks.remove(noted)


def main() -> int:
    """Fill, then measure in another process."""
    given = sys.argv[1:]
    if given[:1] == ["measure"]:
        asyncio.run(measure(given[2], int(given[1])))
        return 0
    count = int(given[0]) if given else IDENTITIES
    with tempfile.TemporaryDirectory(prefix="policylang-bench-") as folder:
        where = given[1] if len(given) > 1 else str(Path(folder) / "gateway.db")
        begun = time.monotonic()
        asyncio.run(fill(where, count, lambda n: (identity(n).hex(), facts(n))))
        took = time.monotonic() - begun
        print(f"written   {count:>9,} identities in {took:.1f} s, {count / took:,.0f} a second", flush=True)
        command = [sys.executable, "-m", "bench.identities", "measure", str(count), where]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
