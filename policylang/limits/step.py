"""One step: all the limits of a request are checked, then all are charged, or none is."""

from collections.abc import Sequence

from policylang.limits.concurrency import ConcurrencyState, concurrency_idle, concurrency_step
from policylang.limits.quota import QuotaState, quota_idle, quota_step
from policylang.limits.rate import RateState, rate_idle, rate_step
from policylang.limits.standing import Standing
from policylang.plan.model import Amount, Quota, Rate

State = RateState | QuotaState | ConcurrencyState


def step(
    amounts: Sequence[Amount], states: Sequence[State | None], now: int, holder: bytes = b""
) -> tuple[list[Standing], list[State | None] | None]:
    """The standing of each limit, and the new states: None when one refuses, and then nothing may be charged.

    ``states`` are aligned with ``amounts``. A state of the other kind (a limit that a reload turned from a rate into a
    quota) counts as none. ``holder`` names the request, and is needed where one of the limits is a concurrency.
    """
    standings: list[Standing] = []
    after: list[State | None] = []
    admitted = True
    for amount, state in zip(amounts, states, strict=True):
        standing, new = ask(amount, state, now, holder)
        admitted = admitted and standing.admitted
        standings.append(standing)
        after.append(new)
    return (standings, after) if admitted else (withheld(standings), None)


def ask(amount: Amount, state: State | None, now: int, holder: bytes = b"") -> tuple[Standing, State | None]:
    """One limit asked: its standing, and the state to keep if every limit of the step admits."""
    if isinstance(amount, Rate):
        return rate_step(state if isinstance(state, RateState) else None, amount, now)
    if isinstance(amount, Quota):
        return quota_step(state if isinstance(state, QuotaState) else None, amount, now)
    return concurrency_step(state if isinstance(state, ConcurrencyState) else None, amount, now, holder)


def withheld(standings: Sequence[Standing]) -> list[Standing]:
    """The standings of a step that is refused: what a limit would have let through is still there."""
    return [s._replace(remaining=s.remaining + 1) if s.admitted else s for s in standings]


def idle(state: State, now: int) -> bool:
    """Whether forgetting the state changes no answer at ``now`` or later."""
    if isinstance(state, RateState):
        return rate_idle(state, now)
    return quota_idle(state, now) if isinstance(state, QuotaState) else concurrency_idle(state, now)
