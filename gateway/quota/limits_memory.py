"""Counters in this process's memory: for trying out, for tests, and for a single gateway that may forget at a restart.

Two generations: an entry that is used moves to the young one; what stays in the old one is examined a few at a time and
dropped once it says nothing. So memory follows the number of identities that are active, and no turn of the loop scans.
"""

from collections.abc import Sequence

from policylang.embed import Charge, ConcurrencyState, Standing, State, ask, idle, released, withheld

TURN_MICROS = 60_000_000
SWEEP = 2_000

GRACE_MICROS = 30_000_000
"""How long a counter is kept after it says nothing any more: by so much the clock may go back and find it there."""


class MemoryLimits:
    """A LimitStore. Exact for one process: a step runs within one turn of the event loop."""

    def __init__(self) -> None:
        self._young: dict[bytes, State] = {}
        self._old: dict[bytes, State] = {}
        self._turned = 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing]:
        """Check all charges, then make them all or none; see the port."""
        young, old = self._young, self._old
        standings: list[Standing] = []
        after: list[tuple[bytes, State]] = []
        admitted = True
        for _, key, amount, _ in charges:
            standing, state = ask(amount, young.get(key) or old.get(key), now, holder)
            standings.append(standing)
            if not standing.admitted:
                admitted = False
            elif state is not None:
                after.append((key, state))
        if not admitted:
            return withheld(standings)
        for key, state in after:
            if key in old:
                del old[key]
            young[key] = state
        return standings

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """Give back the slots of a holder; see the port."""
        for _, key, _, _ in charges:
            generation = self._young if key in self._young else self._old
            state = generation.get(key)
            if isinstance(state, ConcurrencyState):
                left = released(state, holder)
                if left is None:
                    del generation[key]
                else:
                    generation[key] = left

    def sweep(self, now: int) -> None:
        """Drop a bounded number of counters that say nothing any more. Call it about once a second."""
        old = self._old
        for _ in range(min(SWEEP, len(old))):
            key, state = old.popitem()
            if not idle(state, now - GRACE_MICROS):
                self._young[key] = state
        if not old and now - self._turned >= TURN_MICROS:
            self._old, self._young = self._young, {}
            self._turned = now
