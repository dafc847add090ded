"""Rates: the generic cell rate algorithm (ITU-T I.371), exact.

The theoretical arrival time moves in steps of ``per_micros / count``, which is rarely whole. It is therefore kept in
units of 1/count microsecond: no rounding ever, so ``burst + floor(count * W / per_micros)`` holds for every window W.
"""

from typing import NamedTuple

from policylang.limits.standing import Standing
from policylang.plan.model import Rate


class RateState(NamedTuple):
    """``arrival``: the theoretical arrival time in units of 1/``scale`` microsecond since 1970."""

    arrival: int
    scale: int


def rate_step(state: RateState | None, rate: Rate, now: int) -> tuple[Standing, RateState | None]:
    """Ask for one admission at ``now`` (microseconds): the standing, and the state to keep if it is charged.

    A clock that goes back finds the arrival time further ahead, so it never adds allowance.

    >>> standing, state = rate_step(None, Rate(count=1, per_micros=1_000_000, burst=2), 0)
    >>> standing.admitted, standing.remaining
    (True, 1)
    """
    count, per = rate.count, rate.per_micros
    arrival = here = now * count
    if state is not None:
        known = state.arrival if state.scale == count else _rescaled(state, count)
        if known > here:
            arrival = known
    depth = rate.burst * per
    ahead = arrival + per - here
    if ahead > depth:
        return Standing(False, 0, -(-(arrival - here) // count), -((depth - ahead) // count)), state
    # tuple.__new__: these two are made for every request, and a NamedTuple's own constructor costs twice as much.
    standing = tuple.__new__(Standing, (True, (depth - ahead) // per, -(-ahead // count), 0))
    return standing, tuple.__new__(RateState, (arrival + per, count))


def rate_idle(state: RateState, now: int) -> bool:
    """Whether a state says nothing any more: forgetting it changes no answer at ``now`` or later."""
    return state.arrival <= now * state.scale


def _rescaled(state: RateState, count: int) -> int:
    """The arrival time in the units of a rate that has changed since; rounded up, towards fewer admissions."""
    return -(-state.arrival * count // state.scale)
