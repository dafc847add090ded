"""Counters in a Redis store that several gateways share: one script, one round trip where the counters are together.

A cluster has one shard for all limits of one identity. Limits in several shards are reserved one after the other, the
narrowest first, and given back when a broader one refuses: what is lost on the way errs towards fewer admissions.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from typing import Any

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.quota.counters_redis import Counter, counter_of, fields_of, refund_of, standing_of
from gateway.store.eras_redis import ErasRedis
from gateway.store.link import Done, RedisLink, StoreFault
from gateway.store.scripts import script_beside
from policylang.embed import Charge, Standing, plan_model, withheld

STEP = script_beside(__file__, "quota_window", "limits_step")
REFUND = script_beside(__file__, "limits_refund")
RELEASE = script_beside(__file__, "limits_release")


class LimitsRedis:
    """A LimitStore. ``secret`` keys the digests that counters are named by; all gateways of a store have the same.

    ``outages`` counts steps without an answer by reason, ``shortfalls`` the refunds whose fate is unknown.
    """

    def __init__(self, link: RedisLink, eras: ErasRedis, secret: bytes = b"") -> None:
        self._link = link
        self._eras = eras
        self._secret = secret
        self.ahead = 0
        self.outages: dict[str, int] = {}
        self.shortfalls = 0

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped | Parked[Stepped]:
        """Check all charges, then make them all or none; see the port."""
        return Stepping(self, charges, now, holder).ask()

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """Give back what ``holder`` holds; see the port."""
        held = [charge for charge in charges if isinstance(charge.amount, plan_model.Concurrency)]
        for shard, members in self.together([self.counter(charge) for charge in held]):
            self._link.call(RELEASE, shard, [c.key for c in members], (holder,)).add_done_callback(self._settled)

    def counter(self, charge: Charge) -> Counter:
        """Where a charge is counted."""
        return counter_of(charge, self._link.namespace, self._secret)

    def together(self, counters: Sequence[Counter]) -> list[tuple[int, list[Counter]]]:
        """The counters by what one script can reach, narrowest first, each with the shard that it is sent to."""
        if not counters:
            return []
        if not self._link.clustered:
            return [(counters[0].shard, list(counters))]
        shards: dict[int, list[Counter]] = {}
        for counter in counters:
            shards.setdefault(counter.shard, []).append(counter)
        return sorted(shards.items(), key=lambda item: (max(c.breadth for c in item[1]), item[0]))

    def send(self, charges: Sequence[tuple[Charge, Counter]], now: int, holder: bytes) -> "asyncio.Future[Any]":
        """Ask for charges that one script can reach."""
        shards = list(dict.fromkeys(counter.shard for _, counter in charges))
        args = [b"%d" % len(shards), *(self._eras.known(shard) for shard in shards), holder]
        keys = [self._eras.key(shard) for shard in shards]
        for charge, counter in charges:
            kind, numbers = fields_of(charge, now + self.ahead)
            strict = b"1" if charge.on_outage == "deny" else b"0"
            args += (kind, b"%d" % (shards.index(counter.shard) + 1), strict, *numbers)
            keys.append(counter.key)
        return self._link.call(STEP, shards[0], keys, args)

    def refund(self, shard: int, taken: "Sequence[Taken]", holder: bytes) -> None:
        """Take back what was reserved in a shard. Nobody waits for it."""
        args = [holder]
        for charge, _, before, now in taken:
            args += refund_of(charge, before, now)
        self._link.call(REFUND, shard, [counter.key for _, counter, _, _ in taken], args).add_done_callback(
            self._settled
        )

    def renew(self, charges: Sequence[tuple[Charge, Counter]]) -> "asyncio.Future[Any]":
        """Learn the eras of these charges' shards anew."""
        return asyncio.gather(*(self._eras.renew(shard) for shard in {counter.shard for _, counter in charges}))

    def failed(self, reason: str) -> None:
        """Count an outage."""
        self.outages[reason] = self.outages.get(reason, 0) + 1

    def _settled(self, reply: "asyncio.Future[Any]") -> None:
        if reply.cancelled() or reply.exception() is not None:
            self.shortfalls += 1


Taken = tuple[Charge, Counter, bytes, int]
"""What was charged: the charge, its counter, the state before, the store's time."""


class Settled:
    """Awaits a reply without raising what it holds: whoever goes on looks at it."""

    __slots__ = ("_reply",)

    def __init__(self, reply: "asyncio.Future[Any]") -> None:
        self._reply = reply

    def __await__(self) -> Generator[Any, None, None]:
        try:
            yield from self._reply.__await__()
        except StoreFault:
            return


class Stepping:
    """One step on its way: part after part, each in one script."""

    def __init__(self, limits: LimitsRedis, charges: Sequence[Charge], now: int, holder: bytes) -> None:
        self._limits = limits
        self._charges = charges
        self._now = now
        self._holder = holder
        counters = [limits.counter(charge) for charge in charges]
        owned = dict(zip((id(c) for c in counters), charges, strict=True))
        self._parts = [
            (shard, [(owned[id(counter)], counter) for counter in members])
            for shard, members in limits.together(counters)
        ]
        self._order = [id(charge) for charge in charges]
        self._at = 0
        self._again = 2
        self._taken: list[tuple[int, list[Taken]]] = []
        self._answers: dict[int, Standing | Outage] = {}
        self._reply: asyncio.Future[Any] | None = None

    def ask(self) -> Stepped | Parked[Stepped]:
        """Send the part that is next."""
        self._reply = self._limits.send(self._parts[self._at][1], self._now, self._holder)
        return self._wait(self._reply, self._answered)

    def _wait(
        self, reply: "asyncio.Future[Any]", go: Callable[[], Stepped | Parked[Stepped]]
    ) -> Stepped | Parked[Stepped]:
        return go() if reply.done() else Parked(Settled(reply), go)

    def _answered(self) -> Stepped | Parked[Stepped]:
        reply = self._reply
        if reply is None or reply.cancelled():
            return self._unknown("cancelled", "perhaps")
        fault = reply.exception()
        if isinstance(fault, StoreFault):
            return self._unknown(fault.reason, fault.done)
        word, *rest = reply.result()
        if word in {b"LOST", b"SKEW"}:
            self._again -= 1
            if self._again < 0:
                return self._unknown("lost" if word == b"LOST" else "clock", "not")
            if word == b"SKEW":
                self._limits.ahead = int(rest[0]) - self._now
                return self.ask()
            return self._wait(self._limits.renew(self._parts[self._at][1]), self.ask)
        return self._counted(word == b"OK", int(rest[0]), rest[1:])

    def _counted(self, charged: bool, now: int, befores: Sequence[bytes]) -> Stepped | Parked[Stepped]:
        self._limits.ahead = now - self._now
        shard, members = self._parts[self._at]
        taken: list[Taken] = []
        for (charge, counter), before in zip(members, befores, strict=True):
            answer = standing_of(charge, before, now)
            self._answers[id(charge)] = answer
            if isinstance(answer, Outage):
                self._limits.failed("unknown")
            elif charged:
                taken.append((charge, counter, before, now))
        if not charged:
            return self._refused()
        if taken:
            self._taken.append((shard, taken))
        return self._next()

    def _next(self) -> Stepped | Parked[Stepped]:
        self._at += 1
        return self.ask() if self._at < len(self._parts) else [self._answers[key] for key in self._order]

    def _unknown(self, reason: str, done: Done) -> Stepped | Parked[Stepped]:
        """This part cannot be known. The step goes on without it where all its limits allow that."""
        self._limits.failed(reason)
        _, members = self._parts[self._at]
        if done == "perhaps" and len(self._parts) > 1:
            self._limits.release([charge for charge, _ in members], self._holder)
        for charge, _ in members:
            self._answers[id(charge)] = OUTAGE
        if any(charge.on_outage == "deny" for charge, _ in members):
            return self._refused()
        return self._next() if len(self._parts) > 1 else OUTAGE

    def _refused(self) -> Stepped:
        """Nothing is charged: what was reserved goes back, and what was not asked for is not known to refuse."""
        for shard, taken in self._taken:
            self._limits.refund(shard, taken, self._holder)
        if all(isinstance(answer, Outage) for answer in self._answers.values()):
            return OUTAGE
        return [self._withheld(self._answers.get(key, OUTAGE)) for key in self._order]

    def _withheld(self, answer: Standing | Outage) -> Standing | Outage:
        return answer if isinstance(answer, Outage) else withheld([answer])[0]
