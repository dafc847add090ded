"""The ``RateLimit-Policy`` and ``RateLimit`` fields (draft-ietf-httpapi-ratelimit-headers-10), as header lines.

Policies' limits are called "rate" and "quota", whichever policy they come from: which one a caller has may follow from
facts that stay behind the gateway, and so is a policy's "concurrency". A limit that stands on its own shows the name its
author gave it. A concurrency counts in another of the draft's units, and has no window; its ``t`` is 0.
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
    names, _, amounts, _ = zip(*charges, strict=True)
    levels: list[int] = []
    for _, remaining, reset, _ in standings:
        levels += (remaining, -(-reset // SECOND))
    return _template(names, amounts) % tuple(levels)


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


_Amounts = tuple[plan_model.Amount, ...]

_TEMPLATES_KEPT = 4096
_templates: dict[tuple[str, ...], tuple[_Amounts, bytes]] = {}


def _template(names: tuple[str, ...], amounts: _Amounts) -> bytes:
    """Both lines with places for what changes from request to request; kept by name, as long as the amounts are the same.

    Not by amount: a plan's amounts are the same objects each time, which an equality sees at once and a hash does not.
    """
    kept = _templates.get(names)
    if kept is not None and kept[0] == amounts:
        return kept[1]
    policies = ", ".join(_policy(name, amount) for name, amount in zip(names, amounts, strict=True))
    levels = ", ".join(f'"{shown(name)}";r=%d;t=%d' for name in names)
    text = f"RateLimit-Policy: {policies.replace('%', '%%')}\r\nRateLimit: {levels}\r\n".encode("ascii")
    if len(_templates) >= _TEMPLATES_KEPT:
        _templates.clear()
    _templates[names] = (amounts, text)
    return text


def _policy(name: str, amount: plan_model.Amount) -> str:
    if isinstance(amount, plan_model.Concurrency):
        return f'"{shown(name)}";q={amount.count};qu="concurrent-requests"'
    if isinstance(amount, plan_model.Rate):
        window = -(-amount.burst * amount.per_micros // (amount.count * SECOND))
        return f'"{shown(name)}";q={amount.burst};w={max(1, window)}'
    seconds = CALENDAR_SECONDS.get(amount.window or "", amount.micros // SECOND)
    return f'"{shown(name)}";q={amount.count};w={max(1, seconds)}'
