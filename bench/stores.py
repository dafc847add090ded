"""Stores that are opened and filled to be measured: a file of SQLite, or a server's URL."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.quota.counters_sqlite import LIMITS_SCHEMA
from gateway.records.port import RecordStore, Stored
from gateway.records.records_redis import RedisRecords
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.server.clock import wall_clock
from gateway.store.file_sqlite import open_file
from gateway.store.link_redis import open_link
from gateway.usage.usage_sqlite import USAGE_SCHEMA

AT_ONCE = 2_000


@asynccontextmanager
async def opened(where: str) -> AsyncIterator[RecordStore]:
    """The records at a URL, or in a file, as a gateway has them there."""
    if "://" in where:
        link = open_link(where, timeout=10)
        try:
            yield RedisRecords(link)
        finally:
            await link.close()
    else:
        file = open_file(Path(where), (RECORDS, LIMITS_SCHEMA, USAGE_SCHEMA), print)
        try:
            yield SqliteRecords(file, wall_clock)
        finally:
            await file.close()


async def fill(where: str, count: int, record: Callable[[int], tuple[str, bytes]]) -> None:
    """Write metadata, many at a time. ``record``: name and value by number."""
    async with opened(where) as store:
        for first in range(0, count, AT_ONCE):
            answers = await asyncio.gather(
                *(
                    store.put("metadata", name, value, 0, None)
                    for name, value in map(record, range(first, min(first + AT_ONCE, count)))
                )
            )
            if not all(isinstance(answer, Stored) for answer in answers):
                sys.exit("the store gave out while it was filled")
