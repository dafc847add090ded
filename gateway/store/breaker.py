"""The breaker: after some failures in a row nobody waits for a server any more, until a probe has found it well again.

Law of this file: a pure state machine. Time comes in as seconds of any clock that does not go back.
"""

from typing import Literal

State = Literal["closed", "open", "probing"]

THRESHOLD = 3
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0


class Breaker:
    """closed: calls go through; open: none does; probing: one trial is under way, and calls still do not."""

    __slots__ = ("_failures", "_pause", "_until", "opened", "state")

    def __init__(self) -> None:
        self.state: State = "closed"
        self.opened = 0
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until = 0.0

    def failed(self, now: float) -> None:
        """A call or the probe got no answer. Late failures of calls that were sent before it opened change nothing."""
        if self.state == "closed":
            self._failures += 1
            if self._failures >= THRESHOLD:
                self._open(now, FIRST_PAUSE)
        elif self.state == "probing":
            self._open(now, min(self._pause * 2, LONGEST_PAUSE))

    def succeeded(self) -> None:
        """The server answered. An answer to an earlier call does not close an open breaker: the probe does."""
        if self.state != "open":
            self.state = "closed"
            self._failures = 0

    def wait(self, now: float) -> float:
        """Seconds until a probe may be sent; 0 when it is time, and when none is needed."""
        return max(0.0, self._until - now) if self.state == "open" else 0.0

    def probe(self, now: float) -> bool:
        """Begin the one trial, if it is time for it."""
        if self.state != "open" or now < self._until:
            return False
        self.state = "probing"
        return True

    def _open(self, now: float, pause: float) -> None:
        if self.state == "closed":
            self.opened += 1
        self.state = "open"
        self._failures = 0
        self._pause = pause
        self._until = now + pause
