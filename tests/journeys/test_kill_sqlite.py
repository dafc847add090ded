"""A gateway process that is killed under load, again and again: what it had answered stands in the file."""

import asyncio
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from gateway.quota.ahead import block
from gateway.quota.counters_sqlite import LIMITS_SCHEMA, row_id, state_of
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.store.file_sqlite import open_file
from policylang.embed import QuotaState, RateState
from tests.journeys.killed_gateway import AT_ONCE, QUOTA, RATE, SECRET, USERS, micros

ROOT = Path(__file__).parents[2]
LINES = 6_000
KILLS = 3


def run_and_kill(path: Path) -> list[str]:
    """What a process told until it was killed, after so many lines; and what it had told by then, to the last byte."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.journeys.killed_gateway", str(path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:
        deadline = threading.Timer(20, child.kill)
        deadline.start()
        assert child.stdout is not None
        lines = [child.stdout.readline().decode() for _ in range(LINES)]
        child.kill()
        lines += child.stdout.read().decode().splitlines()
        deadline.cancel()
    assert child.returncode == -9
    return [line for line in lines if line]


def counters(path: Path) -> dict[str, tuple[int, ...]]:
    """By user: used of the quota, and of the rate: the arrival in microseconds."""

    async def read() -> dict[str, tuple[int, ...]]:
        file = open_file(path, (RECORDS, LIMITS_SCHEMA), lambda line: None)
        rows = await file.run(lambda cursor: cursor.execute("SELECT id, kind, a, b, c FROM counters").fetchall())
        await file.close()
        states = {row: state_of(*rest) for row, *rest in rows}
        found: dict[str, tuple[int, ...]] = {}
        for user in range(USERS):
            quota = states.get(row_id(b"q%d" % user, SECRET))
            rate = states.get(row_id(b"r%d" % user, SECRET))
            used = quota.used if isinstance(quota, QuotaState) else 0
            found[str(user)] = (used, rate.arrival if isinstance(rate, RateState) else 0)
        return found

    return asyncio.run(read())


async def missing(path: Path, written: dict[str, int]) -> list[str]:
    file = open_file(path, (RECORDS, LIMITS_SCHEMA), lambda line: None)
    records = SqliteRecords(file, micros)
    gone = []
    for name, version in written.items():
        found = await records.get("metadata", name)
        if getattr(found, "version", None) != version:
            gone.append(name)
    await file.close()
    return gone


def test_killed_three_times(tmp_path: Path) -> None:
    """Never below what was answered, at most a block above it and what was under way; no admin write is lost."""
    path = tmp_path / "state.db"
    written: dict[str, int] = {}
    start = micros()
    before = {str(user): (0, 0) for user in range(USERS)}
    for _ in range(KILLS):
        told = [line.split() for line in run_and_kill(path)]
        admitted = Counter(words[1] for words in told if words[0] == "a")
        written |= {words[1]: int(words[2]) for words in told if words[0] == "w"}
        after, now = counters(path), micros()
        assert admitted.total() > LINES // 2
        for user, (used, arrival) in after.items():
            known = admitted[user]
            quota_before, rate_before = before[user]
            assert quota_before + known <= used <= quota_before + known + block(QUOTA) + AT_ONCE
            if known:
                assert arrival >= max(rate_before, start) + known * RATE.per_micros
            most = known + block(RATE) + AT_ONCE
            assert arrival <= max(rate_before, now) + most * RATE.per_micros
        before = {user: (used, arrival) for user, (used, arrival) in after.items()}
    assert len(written) > KILLS
    assert asyncio.run(missing(path, written)) == []
