"""The pools of all targets, and the turn among the targets of one route."""

import asyncio
import ssl
from collections.abc import Callable

from gateway.upstream.limits import PoolLimits
from gateway.upstream.outbox import Outbox
from gateway.upstream.pool_http import Pool
from gateway.upstream.sweeper import Sweeper
from gateway.upstream.target import read_target

GROUPS_KEPT = 1024


class Upstreams:
    """All lines (ports.Targets). ``tls``: the context for https targets; by default the system's trust store, verified."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        date: Callable[[], bytes],
        limits: PoolLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._loop = loop
        self._date = date
        self._limits = PoolLimits() if limits is None else limits
        self._tls = verified_tls() if tls is None else tls
        self._outbox = Outbox(loop)
        self._pools: dict[str, Pool] = {}
        self._turns: dict[tuple[str, ...], int] = {}
        self._closed = False
        self._sweeper = Sweeper(loop, self._limits.sweep_seconds, self._sweep)

    def choose(self, targets: tuple[str, ...], avoid: frozenset[str] = frozenset()) -> tuple[str, Pool]:
        """Round robin; a target that could not be reached lately comes after those that could, in the order of their return.

        Raises ValueError for a target that is no base URL; when all are to be avoided, none is.
        """
        if len(targets) == 1:
            target = targets[0]
            return target, self._pools.get(target) or self._learn(target)
        if len(self._turns) > GROUPS_KEPT:
            self._turns.clear()
        turn = self._turns[targets] = (self._turns.get(targets, -1) + 1) % len(targets)
        now = self._loop.time()
        best: tuple[float, str, Pool] | None = None
        for target in targets[turn:] + targets[:turn]:
            if target in avoid and len(avoid) < len(targets):
                continue
            pool = self._pools.get(target) or self._learn(target)
            until = pool.aside_until
            if until <= now:
                return target, pool
            if best is None or until < best[0]:
                best = (until, target, pool)
        if best is None:
            raise ValueError("an order names at least one target")
        return best[1], best[2]

    @property
    def in_use(self) -> bool:
        """Whether any connection is open or wanted."""
        return any(pool.in_use for pool in self._pools.values())

    def close(self) -> None:
        """Close what is idle, and the rest as it becomes so. For good."""
        self._closed = True
        for pool in self._pools.values():
            pool.close()
        if not self.in_use:
            self._sweeper.stop()

    def abort(self) -> None:
        """Close everything now. For good."""
        self._closed = True
        self._sweeper.stop()
        for pool in self._pools.values():
            pool.abort()

    def _learn(self, url: str) -> Pool:
        target = read_target(url)
        tls = self._tls if target.tls else None
        pool = self._pools[url] = Pool(
            target, self._loop, self._limits, tls, self._date, self._sweeper.wake, self._outbox
        )
        if self._closed:
            pool.close()
        return pool

    def _sweep(self, now: float) -> bool:
        busy = False
        for url, pool in tuple(self._pools.items()):
            if pool.in_use:
                pool.sweep(now)
                busy = True
            elif pool.forgettable(now):
                # Targets of plans that were replaced are not kept; one that comes back starts afresh.
                del self._pools[url]
        return busy


def verified_tls() -> ssl.SSLContext:
    """The system's trust store, names and certificates verified, HTTP/1.1 alone offered."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
