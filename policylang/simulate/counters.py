"""Counters in memory: the limits of one simulation, charged as every store charges them.

A simulated request is over when its decision is there: what it held of a concurrency is given back at once.
"""

from collections.abc import Sequence

from policylang.limits.concurrency import ConcurrencyState, released
from policylang.limits.quota import quota_step
from policylang.limits.rate import RateState
from policylang.limits.step import State, step
from policylang.plan.model import Concurrency, Rate
from policylang.runtime.decision import ChargeRecord
from policylang.runtime.verdict import Charge
from policylang.simulate.record import amount_of

REQUEST = b"request"
"""Whoever asks, in whose name a slot is held for as long as the step takes."""


class Counters:
    """What has been used, by counter key, for as long as the simulation lives."""

    def __init__(self) -> None:
        self._states: dict[bytes, State] = {}

    def charge(self, charges: Sequence[Charge], now: int) -> list[Charge]:
        """Make all the charges and return none, or make none and return those that refuse."""
        states = [self._states.get(charge.key) for charge in charges]
        standings, after = step([charge.amount for charge in charges], states, now, REQUEST)
        if after is None:
            return [charge for charge, standing in zip(charges, standings, strict=True) if not standing.admitted]
        for charge, state in zip(charges, after, strict=True):
            kept = released(state, REQUEST) if isinstance(state, ConcurrencyState) else state
            if kept is not None:
                self._states[charge.key] = kept
            else:
                self._states.pop(charge.key, None)
        return []

    def put(self, record: ChargeRecord, used: int, now: int) -> None:
        """Let a counter stand as if ``used`` requests had been admitted at ``now``, and none before.

        Those of a concurrency go on until their deadline.
        """
        amount = amount_of(record)
        if isinstance(amount, Rate):
            state: State | None = RateState(now * amount.count + used * amount.per_micros, amount.count)
        elif isinstance(amount, Concurrency):
            deadline = now + amount.hold_micros
            state = ConcurrencyState(tuple((deadline, b"used%08d" % number) for number in range(used)))
        else:
            _, first = quota_step(None, amount, now)
            state = None if first is None else first._replace(used=used)
        if state is not None:
            self._states[bytes.fromhex(record.key)] = state

    def left(self, record: ChargeRecord, now: int) -> int:
        """How many requests a counter would let through at ``now``."""
        (standing,), _ = step([amount_of(record)], [self._states.get(bytes.fromhex(record.key))], now, REQUEST)
        return standing.remaining + 1 if standing.admitted else 0
