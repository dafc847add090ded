"""One timer for many time-outs: a request arms none of its own."""

import asyncio
from collections.abc import Callable


class Sweeper:
    """Calls ``sweep(now)`` every ``seconds`` while that says there is something left to watch; ``wake`` starts it again."""

    __slots__ = ("_handle", "_loop", "_seconds", "_sweep")

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, sweep: Callable[[float], bool]) -> None:
        self._loop = loop
        self._seconds = seconds
        self._sweep = sweep
        self._handle: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        """There is something to watch."""
        if self._handle is None:
            self._handle = self._loop.call_later(self._seconds, self._run)

    def stop(self) -> None:
        """No more sweeps."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _run(self) -> None:
        # Armed again first: a sweep that raises must not end all later time-outs.
        self._handle = self._loop.call_later(self._seconds, self._run)
        if not self._sweep(self._loop.time()):
            self.stop()
