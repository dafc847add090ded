"""A process to kill: counters and admin records in one file, under load; what was answered is told on standard output."""

import asyncio
import os
import sys
import time
from itertools import count
from pathlib import Path

from gateway.message.parked import settle
from gateway.message.ports import Stepped
from gateway.quota.counters_sqlite import LIMITS_SCHEMA
from gateway.quota.limits_sqlite import open_limits
from gateway.records.port import Stored
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.store.file_sqlite import open_file
from policylang.embed import Charge, Standing, plan_model

SECRET = b"k" * 32
USERS = 200
AT_ONCE = 4
QUOTA = plan_model.Quota(20_000, "month", 0, "UTC")
RATE = plan_model.Rate(1, 3_600_000_000, 10_000)


def charges(user: int) -> list[Charge]:
    """A quota of which a block is 200, and a rate of which it is 1,000, which gives nothing back while a test runs."""
    name = b"%d" % user
    return [Charge("quota", b"q" + name, QUOTA, "deny"), Charge("rate", b"r" + name, RATE, "deny")]


def micros() -> int:
    """The time."""
    return time.time_ns() // 1_000


async def serve(path: Path) -> None:
    """Until killed."""
    file = open_file(path, (RECORDS, LIMITS_SCHEMA), lambda line: print(line, file=sys.stderr))
    limits = await open_limits(file, SECRET, micros())
    records = SqliteRecords(file, micros)

    async def spend(first: int) -> None:
        for turn in count():
            user = (first + turn * AT_ONCE) % USERS
            answer: Stepped = await settle(limits.step(charges(user), micros(), b"%d" % turn))
            if isinstance(answer, list) and all(isinstance(s, Standing) and s.admitted for s in answer):
                os.write(1, b"a %d\n" % user)
            await asyncio.sleep(0)

    async def administer() -> None:
        for number in count():
            written = await records.put("metadata", f"{os.getpid()}.{number}", b"{}", 0, 0)
            if isinstance(written, Stored):
                os.write(1, b"w %s %d\n" % (written.name.encode(), written.version))

    await asyncio.gather(administer(), *(spend(first) for first in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
