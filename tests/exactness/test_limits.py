"""Four gateways, one store, 10,000 concurrent steps against a limit of 1,000: exactly 1,000 pass.

Never more, also when a gateway is killed in the middle, or when answers are late or lost. Then there may be fewer: a step
whose answer did not arrive may have been charged, and is not admitted; the tests print how many.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from tests.exactness.worker import LIMIT
from tests.servers.process import StoreProcess
from tests.servers.proxy import proxy
from tests.servers.valkey import Cluster

GATEWAYS = 4
STEPS = 2_500
WIDTH = 64
SECONDS = 60

PATIENT = 10.0
"""Where nothing is late on purpose, a busy machine is no outage."""
IMPATIENT = 0.25

names = count(1)


@dataclass(slots=True)
class Worker:
    """A process of ``tests.exactness.worker`` and what it wrote."""

    process: asyncio.subprocess.Process
    admitted: int = 0
    killed: bool = False
    counts: dict[str, Any] = field(default_factory=dict)

    async def ready(self) -> None:
        assert self.process.stdout is not None
        assert await self.process.stdout.readexactly(1) == b"r"

    async def read(self, kill_at: int | None) -> None:
        """Count admissions until its end; SIGKILL once there are ``kill_at``."""
        assert self.process.stdout is not None
        rest = b""
        while data := await self.process.stdout.read(4096):
            rest += data
            self.admitted = rest.count(b"+")
            if kill_at is not None and not self.killed and self.admitted >= kill_at:
                self.process.kill()
                self.killed = True
        await self.process.wait()
        if not self.killed:
            self.counts = json.loads(rest.split(b"\n")[1])
            assert self.counts["admitted"] == self.admitted


async def run(url: str, kind: str, kill_at: int | None = None, patience: float = PATIENT) -> list[Worker]:
    """Four workers at once; the last one may be killed. ``patience``: how long they wait for an answer, in seconds."""
    name = f"exact{next(names)}"
    arguments = ("-m", "tests.exactness.worker", url, name, kind, str(STEPS), str(WIDTH), str(patience))
    pipe = asyncio.subprocess.PIPE
    workers = [
        Worker(await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe))
        for _ in range(GATEWAYS)
    ]
    try:
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*(worker.ready() for worker in workers))
            for worker in workers:
                assert worker.process.stdin is not None
                worker.process.stdin.write(b"go\n")
            last = len(workers) - 1
            await asyncio.gather(*(w.read(kill_at if i == last else None) for i, w in enumerate(workers)))
    finally:
        for worker in workers:
            if worker.process.returncode is None:
                worker.process.kill()
                await worker.process.wait()
    return workers


def told(capsys: pytest.CaptureFixture[str], what: str, workers: list[Worker], why: str) -> int:
    """Print the figures; the number that was admitted."""
    admitted = sum(worker.admitted for worker in workers)
    outages = sum(worker.counts.get("outage", 0) for worker in workers)
    with capsys.disabled():
        print(
            f"\n{what}: {admitted} of {LIMIT} admitted, {outages} without an answer; shortfall {LIMIT - admitted}{why}"
        )
    return admitted


@pytest.mark.parametrize("kind", ["identity", "shards"])
async def test_exactly_the_limit(store_url: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    workers = await run(store_url, kind)
    assert told(capsys, f"{store_url.split(':', maxsplit=1)[0]}, {kind}", workers, "") == LIMIT


@pytest.mark.parametrize("kind", ["identity", "shards"])
async def test_a_gateway_is_killed_midway(store_url: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    workers = await run(store_url, kind, kill_at=100)
    assert workers[-1].killed
    why = f" (at most {WIDTH}: what the killed gateway had under way)"
    admitted = told(capsys, f"{store_url.split(':', maxsplit=1)[0]}, {kind}, one killed", workers, why)
    unanswered = sum(worker.counts.get("outage", 0) for worker in workers)
    assert LIMIT - WIDTH - unanswered <= admitted <= LIMIT


@pytest.mark.parametrize("kind", ["identity", "shards"])
async def test_answers_are_late_or_lost(
    valkey_server: StoreProcess, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Every seventh chunk of answers comes after the gateways' patience of 250 ms is over, and every eleventh never.
    def fate(number: int) -> float | None:
        return None if number % 11 == 10 else 0.4 if number % 7 == 6 else 0.002

    async with proxy(valkey_server.port) as between:
        between.fate = lambda number: 0.0 if number < 4 * GATEWAYS else fate(number)
        workers = await run(f"redis://127.0.0.1:{between.port}", kind, patience=IMPATIENT)
    unanswered = sum(worker.counts["outage"] for worker in workers)
    why = " (at most as many as had no answer: charged, and not admitted)"
    admitted = told(capsys, f"redis, {kind}, late and lost answers", workers, why)
    assert LIMIT - unanswered <= admitted <= LIMIT
    assert between.lost > 0


async def test_answers_of_a_cluster_are_late_or_lost(
    valkey_cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    # The cluster's nodes are reached directly, so one of them is stopped for longer than the gateways wait, again and again.
    victim = valkey_cluster.masters[0]

    async def trouble() -> None:
        while True:
            await asyncio.sleep(0.3)
            victim.pause()
            await asyncio.sleep(0.35)
            victim.resume()

    task = asyncio.create_task(trouble())
    try:
        workers = await run(valkey_cluster.url, "shards", patience=IMPATIENT)
    finally:
        task.cancel()
        victim.resume()
    unanswered = sum(worker.counts["outage"] for worker in workers)
    why = " (at most as many as had no answer)"
    admitted = told(capsys, "cluster, shards, a node stopped now and then", workers, why)
    assert LIMIT - unanswered <= admitted <= LIMIT
