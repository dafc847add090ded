"""One key set, kept alive: the state machine of ``key_set`` with a fetcher, and the requests that wait for it.

Law of this file: one fetch in flight. Waiters are woken a few in each turn of the loop, because each goes on to check
a signature: a thousand at once would hold the loop for a tenth of a second.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass

from gateway.authn import key_set
from gateway.authn.epoch import Epoch
from gateway.authn.key_fetch import FetchFailed, KeyFetcher, KeyPlace
from gateway.authn.key_set import KeySetState, KeyTiming
from gateway.authn.key_text import published_key_set
from gateway.authn.keys import KeyRefused, KeySet
from gateway.message.ports import Clock

MAX_WAITERS = 4_096
WOKEN_PER_TURN = 16


@dataclass(slots=True)
class KeyCounters:
    """Totals over all key sets since the start, for the metrics."""

    fetches: int = 0
    fetch_failures: int = 0
    unknown_kids: int = 0
    changes: int = 0
    skipped_keys: int = 0


class KeyHolder:
    """The keys of one place, or fixed ones (``place`` None). ``reason`` says why the last fetch failed, "" if it did not."""

    __slots__ = (
        "__weakref__",
        "_clock",
        "_counters",
        "_epoch",
        "_fetcher",
        "_task",
        "_timing",
        "_waiters",
        "place",
        "reason",
        "state",
    )

    def __init__(
        self,
        place: KeyPlace | None,
        fetcher: KeyFetcher,
        clock: Clock,
        epoch: Epoch,
        counters: KeyCounters,
        timing: KeyTiming,
    ) -> None:
        self.place = place
        self.state = key_set.EMPTY
        self.reason = ""
        self._fetcher = fetcher
        self._clock = clock
        self._epoch = epoch
        self._counters = counters
        self._timing = timing
        self._task: asyncio.Task[None] | None = None
        self._waiters: deque[asyncio.Future[None]] = deque()

    def usable(self, now: int) -> KeySet | None:
        """The keys that may verify now."""
        return key_set.usable(self.state, now)

    def fix(self, keys: KeySet | None, reason: str) -> None:
        """Hold these keys from now on, or none and the reason; the same keys again change nothing."""
        held = self.state.keys
        self.reason = reason
        if (held.digest if held else None) == (keys.digest if keys else None):
            return
        self.state = key_set.fixed(keys) if keys is not None else key_set.EMPTY
        self._counters.changes += 1
        self._epoch.bump()

    def tick(self, now: int) -> None:
        """Begin a fetch that is due; let go of keys that are stale for too long."""
        if self.place is not None:
            self._enter(key_set.tick(self.state, now))

    def wait(self, now: int) -> Awaitable[None] | None:
        """For a request that finds no keys: what to await, or None where no fetch is to be had now."""
        self.tick(now)
        return self._join()

    def wait_for_unknown(self, now: int) -> Awaitable[None] | None:
        """For a token whose key id the set does not have: the same, at the price of one fetch in a cool-down."""
        if self.place is None:
            return None
        self._counters.unknown_kids += 1
        self._enter(key_set.unknown_kid(self.state, now, self._timing))
        return self._join()

    async def stop(self) -> None:
        """End the fetch in flight and release who waits for it."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._release()

    def _enter(self, state: KeySetState) -> None:
        if self.place is not None and state.fetching and not self.state.fetching:
            self._task = asyncio.get_running_loop().create_task(self._fetch(self.place))
            self._counters.fetches += 1
        if state.changes != self.state.changes:
            self._counters.changes += 1
            self._epoch.bump()
        self.state = state

    async def _fetch(self, place: KeyPlace) -> None:
        reason = "interrupted"
        try:
            answer = await self._fetcher.fetch(place)
            if isinstance(answer, FetchFailed):
                reason = answer.reason
            else:
                keys = published_key_set(answer.document)
                self._counters.skipped_keys += keys.skipped
                self._enter(key_set.fetched(self.state, keys, answer.max_age, self._clock(), self._timing))
                reason = ""
        except KeyRefused as refused:
            reason = refused.reason
        finally:
            self.reason = reason
            if reason:
                self._counters.fetch_failures += 1
                self._enter(key_set.failed(self.state, self._clock(), self._timing))
            self._release()

    def _join(self) -> Awaitable[None] | None:
        """A future of its own for each request: one that is cancelled takes nobody with it."""
        if not self.state.fetching or len(self._waiters) >= MAX_WAITERS:
            return None
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    def _release(self) -> None:
        waiting, self._waiters = self._waiters, deque()
        self._wake(waiting)

    def _wake(self, waiting: deque[asyncio.Future[None]]) -> None:
        for _ in range(min(WOKEN_PER_TURN, len(waiting))):
            waiter = waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
        if waiting:
            asyncio.get_running_loop().call_soon(self._wake, waiting)
