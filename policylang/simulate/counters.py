"""Counters in memory: the limits of one simulation, charged as every store charges them."""

from collections.abc import Sequence

from policylang.limits.step import State, step
from policylang.runtime.verdict import Charge


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
