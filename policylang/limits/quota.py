"""Quotas: so many requests in each window, calendar-aligned or opened by the first use."""

from typing import NamedTuple

from policylang.limits.standing import Standing
from policylang.limits.window import calendar_window
from policylang.plan.model import Quota


class QuotaState(NamedTuple):
    """``used`` requests in the window [start, end), in microseconds since 1970."""

    start: int
    end: int
    used: int


def quota_step(state: QuotaState | None, quota: Quota, now: int) -> tuple[Standing, QuotaState | None]:
    """Ask for one admission at ``now``: the standing, and the state to keep if it is charged.

    A clock that goes back stays in the later window it had reached, so it never adds allowance. A count that a reload
    lowered below what is used refuses until the window ends. An unlimited quota (``count`` None) is never asked.
    """
    count = quota.count
    if count is None:
        msg = "an unlimited quota is not charged"
        raise ValueError(msg)
    if state is not None and now < state.end:
        start, end, used = state
    else:
        start, end = _window(quota, now)
        used = 0
    left = end - now
    if used >= count:
        return Standing(False, 0, left, left), state
    # tuple.__new__: these two are made for every request, and a NamedTuple's own constructor costs twice as much.
    standing = tuple.__new__(Standing, (True, count - used - 1, left, 0))
    return standing, tuple.__new__(QuotaState, (start, end, used + 1))


def quota_idle(state: QuotaState, now: int) -> bool:
    """Whether the window is over, so that forgetting the state changes no answer at ``now`` or later."""
    return state.end <= now


def _window(quota: Quota, now: int) -> tuple[int, int]:
    if quota.window is None or quota.window == "anchored":
        return now, now + quota.micros
    return calendar_window(quota.window, quota.zone, now)
