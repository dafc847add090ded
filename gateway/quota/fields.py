"""The ``RateLimit-Policy`` and ``RateLimit`` fields (draft-ietf-httpapi-ratelimit-headers-10), as header lines.

Policies' limits are called "rate" and "quota", whichever policy they come from: which one a caller has may follow from
facts that stay behind the gateway. A limit that stands on its own shows the name its author gave it.
"""

from collections.abc import Sequence
from functools import lru_cache

from policylang.embed import Charge, Standing, plan_model

SECOND = 1_000_000
CALENDAR_SECONDS = {"day": 86_400, "week": 604_800, "month": 2_592_000}


def limit_fields(charges: Sequence[Charge], standings: Sequence[Standing]) -> bytes:
    """Both fields as a block of header lines; empty where nothing is limited. ``w`` and ``t`` are in whole seconds."""
    if not charges:
        return b""
    levels = []
    for charge, standing in zip(charges, standings, strict=True):
        seconds = -(-standing.reset_micros // SECOND)
        levels.append(f'"{shown(charge.name)}";r={standing.remaining};t={seconds}')
    policies = _policies(tuple([(charge.name, charge.amount) for charge in charges]))
    return f"RateLimit-Policy: {policies}\r\nRateLimit: {', '.join(levels)}\r\n".encode("ascii")


def retry_after(standings: Sequence[Standing]) -> int:
    """Seconds until every limit that refuses would let the request through: the longest wait, rounded up."""
    return max(-(-s.wait_micros // SECOND) for s in standings if not s.admitted)


@lru_cache(maxsize=4096)
def shown(name: str) -> str:
    """What the client sees of a limit's name.

    >>> shown("policy:gold:rate"), shown("tenant_share")
    ('rate', 'tenant_share')
    """
    return name.rsplit(":", 1)[-1]


@lru_cache(maxsize=4096)
def _policies(charged: tuple[tuple[str, plan_model.Rate | plan_model.Quota], ...]) -> str:
    """What the limits are does not change from request to request."""
    return ", ".join(_policy(name, amount) for name, amount in charged)


def _policy(name: str, amount: plan_model.Rate | plan_model.Quota) -> str:
    if isinstance(amount, plan_model.Rate):
        window = -(-amount.burst * amount.per_micros // (amount.count * SECOND))
        return f'"{shown(name)}";q={amount.burst};w={max(1, window)}'
    seconds = CALENDAR_SECONDS.get(amount.window or "", amount.micros // SECOND)
    return f'"{shown(name)}";q={amount.count};w={max(1, seconds)}'
