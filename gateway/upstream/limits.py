"""The limits of the upstream side, with defaults for a gateway in front of a few services."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Per target: ``connections`` at once and ``waiting`` requests that may wait for one; times in seconds.

    ``upload_share``: of the connections, those that may carry bodies which are still on their way, at least one.

    ``idle_seconds`` is how long an unused connection is kept: below the keep-alive time of the usual servers. ``sweep_seconds``
    is the precision of all time-outs but the one for connecting: they strike late by up to two sweeps, never early.
    ``aside_seconds`` doubles with each failure to connect, up to ``aside_most_seconds``.
    """

    connections: int = 512
    waiting: int = 1024
    idle_seconds: float = 15.0
    sweep_seconds: float = 0.1
    aside_seconds: float = 0.5
    aside_most_seconds: float = 30.0
    head_bytes: int = 32 * 1024
    head_fields: int = 128
    upload_share: float = 0.75

    @property
    def uploads(self) -> int:
        """How many bodies may be on their way to one target."""
        return max(1, int(self.connections * self.upload_share))
