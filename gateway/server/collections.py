"""How long full garbage collections held the event loop: the operator's answer to a latency that nothing else explains."""

import gc
import time
from collections.abc import Mapping

OLDEST = 2


class Collections:
    """Full collections since ``watch`` was called: how many, and the longest, in seconds."""

    def __init__(self) -> None:
        self.full = 0
        self.longest = 0.0
        self._began = 0.0

    def watch(self) -> None:
        """Be told by the collector from now on; ``leave`` ends it."""
        gc.callbacks.append(self._told)

    def leave(self) -> None:
        """Be told no more."""
        if self._told in gc.callbacks:
            gc.callbacks.remove(self._told)

    def _told(self, phase: str, info: Mapping[str, int]) -> None:
        if info["generation"] != OLDEST:
            return
        if phase == "start":
            self._began = time.perf_counter()
            return
        self.full += 1
        self.longest = max(self.longest, time.perf_counter() - self._began)
