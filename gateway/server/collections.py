"""Full garbage collections: when they are made, what they look at, and how long they held the event loop.

Requests and the clients' connections leave no cycles with uvloop. So ``serve`` has each full pass look at what came since the
one before, and never again at what it found alive: half a million callers who are ready would cost a second each time.
Connections of the admin API do leave cycles. A pass finds them, but for those that were open when one came: these wait
for a pass over everything, which is made while nobody is being served and callers are few.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

OLDEST = 2

LOOK_SECONDS = 1.0
"""How often there is a full pass in a process that looks once. The collector counts what is new less what was freed: where each
request puts something new in the place of something old, it would come to hundreds of thousands before a pass."""

IDLE_AFTER = 600.0
"""Seconds after which a moment without a request is used for a collection."""
FEW = 20_000
"""Tokens, counters and records that may be objects, over which a pass takes some tenths of a second at the most."""


THRESHOLDS = (700, 5, 1)
"""New containers before a pass over the young, and passes before one over the next generation: a full pass looks at some
10,000 objects at the most, which takes a few milliseconds."""


@contextmanager
def looking_once() -> Iterator[None]:
    """While the block runs, in all of this process, what a full collection finds alive is looked at by no later one."""
    before = gc.get_threshold()
    gc.callbacks.append(_freeze)
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.callbacks.remove(_freeze)
        gc.set_threshold(*before)


def put_aside() -> None:
    """Look at everything once, and then at what comes."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # The collector waits until what came is a quarter of what the pass before found: that is nothing now.
    gc.collect()


def _freeze(phase: str, info: Mapping[str, int]) -> None:
    if phase == "stop" and info["generation"] == OLDEST:
        gc.freeze()


class Collections:
    """Full collections since ``watch`` was called: how many, and the longest, in seconds, and in seconds of the processor.

    Those over everything are counted apart, as ``longest_idle``: they are made while nobody is being served. ``known``: how many
    things of callers are in memory, as objects at the worst. ``elapsed``: seconds, any origin.
    """

    def __init__(self, known: Callable[[], int], elapsed: Callable[[], float] = time.monotonic) -> None:
        self.full = 0
        self.longest = 0.0
        self.longest_cpu = 0.0
        self.longest_idle = 0.0
        self._idle = False
        self._known = known
        self._elapsed = elapsed
        self._began = (0.0, 0.0)
        self._last = elapsed()

    def watch(self) -> None:
        """Be told by the collector from now on; ``leave`` ends it."""
        gc.callbacks.append(self._told)

    def leave(self) -> None:
        """Be told no more."""
        if self._told in gc.callbacks:
            gc.callbacks.remove(self._told)

    def look(self, in_flight: int) -> None:
        """Collect what came lately, where that is put aside, and everything if this is the moment for it."""
        if _freeze in gc.callbacks:
            gc.collect()
        if in_flight or self._elapsed() - self._last < IDLE_AFTER or self._known() > FEW:
            return
        self._idle = True
        try:
            put_aside()
        finally:
            self._idle = False
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
            self._began = time.perf_counter(), time.thread_time()
            return
        began, began_cpu = self._began
        self.full += 1
        took = time.perf_counter() - began
        if self._idle:
            self.longest_idle = max(self.longest_idle, took)
            return
        self.longest = max(self.longest, took)
        self.longest_cpu = max(self.longest_cpu, time.thread_time() - began_cpu)
