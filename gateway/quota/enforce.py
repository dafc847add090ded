"""Limits, enforced: the verdict's charges are asked of the store in one step, and the standings become an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from gateway.message.parked import Parked, then
from gateway.message.ports import LimitStore, Outage
from gateway.message.refusal import Refusal
from gateway.quota.fields import limit_fields, retry_after
from policylang.embed import Charge, Standing


@dataclass(slots=True)
class Grant:
    """Admitted. ``fields`` are the RateLimit lines for the answer; ``outage`` tells that a limit went uncounted."""

    fields: bytes
    outage: bool


UNLIMITED = Grant(b"", False)
UNCOUNTED = Grant(b"", True)

Enforced = Grant | Refusal


def enforce(store: LimitStore, charges: Sequence[Charge], now: int) -> Enforced | Parked[Enforced]:
    """Charge every limit of a request, or none. An outage refuses unless every limit says ``on outage allow``."""
    if not charges:
        return UNLIMITED
    step = store.step(charges, now)
    if isinstance(step, Parked):
        return then(step, partial(_answer, charges))
    return _answer(charges, step)


def _answer(charges: Sequence[Charge], answer: list[Standing] | Outage) -> Enforced:
    if isinstance(answer, Outage):
        strict = [c.name for c in charges if c.on_outage == "deny"]
        return Refusal("limit_outage", f"limits {', '.join(strict)} cannot be counted") if strict else UNCOUNTED
    fields = limit_fields(charges, answer)
    for standing in answer:
        if not standing.admitted:
            break
    else:
        return Grant(fields, False)
    refusing = [c.name for c, s in zip(charges, answer, strict=True) if not s.admitted]
    headers = [("Retry-After", str(retry_after(answer)))]
    for line in fields.decode("ascii").splitlines():
        name, _, value = line.partition(": ")
        headers.append((name, value))
    return Refusal("limited", f"limit {', '.join(refusing)}", headers=headers)
