"""One step: all the limits of a request are checked, then all are charged, or none is."""

from collections.abc import Sequence

from policylang.limits.quota import QuotaState, quota_idle, quota_step
from policylang.limits.rate import RateState, rate_idle, rate_step
from policylang.limits.standing import Standing
from policylang.plan.model import Quota, Rate

Amount = Rate | Quota
State = RateState | QuotaState


def step(
    amounts: Sequence[Amount], states: Sequence[State | None], now: int
) -> tuple[list[Standing], list[State | None] | None]:
    """The standing of each limit, and the new states: None when one refuses, and then nothing may be charged.

    ``states`` are aligned with ``amounts``. A state of the other kind (a limit that a reload turned from a rate into a
    quota) counts as none.
    """
    standings: list[Standing] = []
    after: list[State | None] = []
    admitted = True
    for amount, state in zip(amounts, states, strict=True):
        standing, new = ask(amount, state, now)
        admitted = admitted and standing.admitted
        standings.append(standing)
        after.append(new)
    return (standings, after) if admitted else (withheld(standings), None)


def ask(amount: Amount, state: State | None, now: int) -> tuple[Standing, State | None]:
    """One limit asked: its standing, and the state to keep if every limit of the step admits."""
    if isinstance(amount, Rate):
        return rate_step(state if isinstance(state, RateState) else None, amount, now)
    return quota_step(state if isinstance(state, QuotaState) else None, amount, now)


def withheld(standings: Sequence[Standing]) -> list[Standing]:
    """The standings of a step that is refused: what a limit would have let through is still there."""
    return [s._replace(remaining=s.remaining + 1) if s.admitted else s for s in standings]


def idle(state: State, now: int) -> bool:
    """Whether forgetting the state changes no answer at ``now`` or later."""
    return rate_idle(state, now) if isinstance(state, RateState) else quota_idle(state, now)
