"""Counters in memory: the limits of one simulation, charged as every store charges them."""

from collections.abc import Sequence

from policylang.limits.quota import quota_step
from policylang.limits.rate import RateState
from policylang.limits.step import State, step
from policylang.plan.model import Rate
from policylang.runtime.decision import ChargeRecord
from policylang.runtime.verdict import Charge
from policylang.simulate.record import amount_of


class Counters:
    """What has been used, by counter key, for as long as the simulation lives."""

    def __init__(self) -> None:
        self._states: dict[bytes, State] = {}

    def charge(self, charges: Sequence[Charge], now: int) -> list[Charge]:
        """Make all the charges and return none, or make none and return those that refuse."""
        states = [self._states.get(charge.key) for charge in charges]
        standings, after = step([charge.amount for charge in charges], states, now)
        if after is None:
            return [charge for charge, standing in zip(charges, standings, strict=True) if not standing.admitted]
        for charge, state in zip(charges, after, strict=True):
            if state is not None:
                self._states[charge.key] = state
        return []

    def put(self, record: ChargeRecord, used: int, now: int) -> None:
        """Let a counter stand as if ``used`` requests had been admitted at ``now``, and none before."""
        amount = amount_of(record)
        if isinstance(amount, Rate):
            state: State | None = RateState(now * amount.count + used * amount.per_micros, amount.count)
        else:
            _, first = quota_step(None, amount, now)
            state = None if first is None else first._replace(used=used)
        if state is not None:
            self._states[bytes.fromhex(record.key)] = state

    def left(self, record: ChargeRecord, now: int) -> int:
        """How many requests a counter would let through at ``now``."""
        (standing,), _ = step([amount_of(record)], [self._states.get(bytes.fromhex(record.key))], now)
        return standing.remaining + 1 if standing.admitted else 0
