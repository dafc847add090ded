"""What is kept behind the gateway, as the gateway knows it: cached records, access keys and revocations that follow a feed."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from gateway.authn.epoch import Epoch
from gateway.keys.access_keys import StoredAccessKeys
from gateway.keys.revocation_list import RevocationList
from gateway.keys.secrets import master_of
from gateway.keys.service import KeyService
from gateway.message.ports import Clock, Outage
from gateway.records.cache import RecordCache
from gateway.records.feed import Feed
from gateway.records.port import RecordStore
from gateway.records.sweeping import sweeping
from gateway.settings import Settings

SECOND = 1_000_000
USUAL_BYTES = 1_024
"""Room for a cached record: what it takes with a few facts, about twice over."""

TIDIED_AT_ONCE = 100
TIDY_SECONDS = 10.0


def elapsed() -> int:
    """Microseconds on this machine's clock that never goes back, from any beginning."""
    return time.monotonic_ns() // 1_000


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """Facts of one store, followed by one feed. ``chores`` keep them; they are to run for as long as requests are served."""

    cache: RecordCache
    keys: StoredAccessKeys
    revocations: RevocationList
    feed: Feed

    def chores(self, records: RecordStore, service: KeyService) -> tuple[Coroutine[Any, Any, None], ...]:
        """Follow changes, keep the list of revocations, and let go of what is over."""
        return self.feed.follow(), self.revocations.keep(), sweeping(records), _tidy(service)


def shared_facts(
    records: RecordStore,
    epochs: Epoch,
    identity_key: bytes,
    clock: Clock,
    tell: Callable[[str], None],
    settings: Settings,
) -> SharedFacts:
    """Facts of the store that ``records`` is. Revocations that were confirmed are relied on for as long as the settings say
    while the store does not answer; access keys are not."""
    kept, stale = settings.store.cached_records, settings.revocations_stale_seconds * SECOND
    cache = RecordCache(records, elapsed, kept, kept * USUAL_BYTES)
    keys = StoredAccessKeys(cache, master_of(identity_key), epochs)
    revocations = RevocationList(records, epochs, elapsed, settings.revocations_at_most, stale)
    # The cache is told first: who looks again then finds the new version.
    feed = Feed(records, (cache, keys, revocations), clock, elapsed, tell)
    for follower in (cache, keys, revocations):
        follower.follow_by(feed)
    return SharedFacts(cache, keys, revocations, feed)


async def _tidy(service: KeyService) -> None:
    """Metadata of keys that are no more: what is left where a gateway ended between two writes."""
    after = ""
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        found = await service.tidy(after, TIDIED_AT_ONCE)
        if not isinstance(found, Outage):
            after = found
