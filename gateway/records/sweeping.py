"""Records that have ended leave the store: every gateway drops a few at a time, and none has to."""

import asyncio

from gateway.message.ports import Outage
from gateway.records.in_time import in_time
from gateway.records.port import RecordStore

AT_ONCE = 1_000
PAUSE_SECONDS = 1.0
SHORT_PAUSE_SECONDS = 0.05
ANSWER_SECONDS = 5.0


async def sweeping(store: RecordStore) -> None:
    """The task to run beside the requests, until cancelled."""
    while True:  # noqa: ASYNC110 -- what has ended tells nobody: it has to be looked for
        await asyncio.sleep(await sweep_once(store))


async def sweep_once(store: RecordStore) -> float:
    """Drop some; the seconds to wait until the next time: few while many are over. An outage is waited out."""
    swept = await in_time(store.sweep(AT_ONCE), ANSWER_SECONDS)
    # A Redis store shares the number among shards and kinds, most of which have less than their share.
    return PAUSE_SECONDS if isinstance(swept, Outage) or swept < AT_ONCE // 8 else SHORT_PAUSE_SECONDS
