"""Leases of the counters in a Redis store: the same keys, eras and numbers as ``limits_redis``."""

import asyncio
from functools import partial
from typing import Any

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage
from gateway.quota.counters_redis import counter_of, fields_of
from gateway.quota.lease import Taken
from gateway.quota.limits_redis import Settled
from gateway.store.eras_redis import ErasRedis
from gateway.store.link import RedisLink, StoreFault
from gateway.store.scripts import script_beside
from policylang.embed import Charge

TAKE = script_beside(__file__, "quota_window", "lease_take")
RETURN = script_beside(__file__, "lease_return")

ATTEMPTS = 3


class LeasesRedis:
    """``link``, ``eras`` and ``secret``: those of the ``LimitsRedis`` that counts what has no lease.

    ``failures`` counts takes without an answer by reason; ``lost`` the returns whose fate is unknown.
    """

    def __init__(self, link: RedisLink, eras: ErasRedis, secret: bytes = b"") -> None:
        self._link = link
        self._eras = eras
        self._secret = secret
        self._ahead = 0
        self._returning: set[asyncio.Future[Any]] = set()
        self.failures: dict[str, int] = {}
        self.lost = 0

    def take(self, charge: Charge, units: int, now: int) -> Taken | Outage | Parked[Taken | Outage]:
        """Charge several units in one script; see the port. A reply that was lost may have charged them: nobody spends them."""
        return self._ask(charge, units, now, ATTEMPTS)

    def give_back(self, charge: Charge, units: int, end: int) -> None:
        """See the port."""
        counter = counter_of(charge, self._link.namespace, self._secret)
        args = (b"%d" % units, b"%d" % end)
        reply = self._link.call(RETURN, counter.shard, (counter.key,), args)
        self._returning.add(reply)
        reply.add_done_callback(self._returned)

    async def close(self) -> None:
        """Wait until everything that was given back has its answer, or its fault, which the link sees to."""
        await asyncio.gather(*self._returning, return_exceptions=True)

    def _ask(self, charge: Charge, units: int, now: int, attempts: int) -> Parked[Taken | Outage]:
        counter = counter_of(charge, self._link.namespace, self._secret)
        kind, numbers = fields_of(charge, now + self._ahead)
        keys = (self._eras.key(counter.shard), counter.key)
        args = (self._eras.known(counter.shard), kind, b"%d" % units, *numbers)
        reply = self._link.call(TAKE, counter.shard, keys, args)
        return Parked(Settled(reply), partial(self._answered, reply, charge, units, now, attempts - 1))

    def _answered(
        self, reply: "asyncio.Future[Any]", charge: Charge, units: int, now: int, attempts: int
    ) -> Taken | Outage | Parked[Taken | Outage]:
        fault = reply.exception()
        if isinstance(fault, StoreFault):
            return self._failed(fault.reason)
        word, *rest = reply.result()
        if word == b"OK":
            at, granted, end = map(int, rest)
            self._ahead = at - now
            return Taken(granted, end, end - at)
        if not attempts or word == b"?":
            return self._failed("unknown" if word == b"?" else word.decode().lower())
        if word == b"SKEW":
            self._ahead = int(rest[0]) - now
            return self._ask(charge, units, now, attempts)
        shard = counter_of(charge, self._link.namespace, self._secret).shard
        return Parked(self._eras.renew(shard), partial(self._ask, charge, units, now, attempts))

    def _failed(self, reason: str) -> Outage:
        self.failures[reason] = self.failures.get(reason, 0) + 1
        return OUTAGE

    def _returned(self, reply: "asyncio.Future[Any]") -> None:
        self._returning.discard(reply)
        if reply.cancelled() or reply.exception() is not None:
            self.lost += 1
