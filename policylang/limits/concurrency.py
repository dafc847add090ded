"""Concurrency: so many requests at once. A request holds a slot until it is released, or until its deadline.

The deadline is there for what is never released: a gateway that was killed. A request that runs past it has lost its
slot, and goes on uncounted.
"""

from bisect import insort
from typing import Final, NamedTuple

from policylang.limits.standing import Standing
from policylang.plan.model import Concurrency

RETRY_MICROS: Final = 1_000_000
"""When to try again: slots come free when other requests end, which nobody knows ahead."""


class ConcurrencyState(NamedTuple):
    """The slots that are held, as (deadline in microseconds since 1970, holder), ascending."""

    held: tuple[tuple[int, bytes], ...]


def concurrency_step(
    state: ConcurrencyState | None, limit: Concurrency, now: int, holder: bytes
) -> tuple[Standing, ConcurrencyState | None]:
    """Ask for a slot at ``now`` in the name of ``holder``: the standing, and the state to keep if it is charged.

    A holder has one slot: asking again renews it. A count that a reload lowered below what is held refuses until enough
    is given back. ``reset_micros`` is 0, ``wait_micros`` a second, or less where a deadline is nearer.

    Raises:
        ValueError: the holder is empty; without a name nothing could be told apart or given back.

    >>> standing, state = concurrency_step(None, Concurrency(count=2, hold_micros=60_000_000), 0, b"one")
    >>> standing.admitted, standing.remaining, state.held
    (True, 1, ((60000000, b'one'),))
    """
    if not holder:
        msg = "a slot is held in a name"
        raise ValueError(msg)
    held = [] if state is None else [slot for slot in state.held if slot[0] > now and slot[1] != holder]
    free = limit.count - len(held)
    if free <= 0:
        return Standing(False, 0, 0, min(RETRY_MICROS, held[0][0] - now)), state
    insort(held, (now + limit.hold_micros, holder))
    return Standing(True, free - 1, 0, 0), ConcurrencyState(tuple(held))


def released(state: ConcurrencyState, holder: bytes) -> ConcurrencyState | None:
    """What is held after ``holder`` gave its slot back; None when that is nothing. Giving back twice changes nothing."""
    held = tuple(slot for slot in state.held if slot[1] != holder)
    return ConcurrencyState(held) if held else None


def concurrency_idle(state: ConcurrencyState, now: int) -> bool:
    """Whether every deadline is over, so that forgetting the state changes no answer at ``now`` or later."""
    return all(deadline <= now for deadline, _ in state.held)
