"""Full garbage collections: when they are made, and how long they held the event loop.

Requests and the clients' connections leave no cycles with uvloop, so ``serve`` switches automatic full collections off:
over half a million tokens one takes a fifth of a second. Connections of the admin API do leave some; they are collected when
nobody is being served, and once a day whatever happens.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Mapping

OLDEST = 2

LOOK_SECONDS = 1.0
IDLE_AFTER = 600.0
"""Seconds after which a moment without a request is used for a collection."""
ANYHOW_AFTER = 86_400.0
"""Seconds after which no such moment is waited for any more."""


class Collections:
    """Full collections since ``watch`` was called: how many, and the longest, in seconds. ``elapsed``: seconds, any origin."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.full = 0
        self.longest = 0.0
        self._elapsed = elapsed
        self._began = 0.0
        self._last = elapsed()

    def watch(self) -> None:
        """Be told by the collector from now on; ``leave`` ends it."""
        gc.callbacks.append(self._told)

    def leave(self) -> None:
        """Be told no more."""
        if self._told in gc.callbacks:
            gc.callbacks.remove(self._told)

    def look(self, in_flight: int) -> None:
        """Collect if this is the moment for it."""
        waited = self._elapsed() - self._last
        if waited >= (ANYHOW_AFTER if in_flight else IDLE_AFTER):
            gc.collect()
            self._last = self._elapsed()

    async def keep(self, in_flight: Callable[[], int]) -> None:
        """The chore that looks for such moments, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(in_flight())

    def _told(self, phase: str, info: Mapping[str, int]) -> None:
        if info["generation"] != OLDEST:
            return
        if phase == "start":
            self._began = time.perf_counter()
            return
        self.full += 1
        self.longest = max(self.longest, time.perf_counter() - self._began)
