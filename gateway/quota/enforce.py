"""Limits, enforced: the verdict's charges are asked of the store in one step, and the standings become an answer.

What a request may hold of a concurrency stands in its record from before the step, so that it is given back whatever
happens to the request; it leaves the record only where the step is known to have charged nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from gateway.message.parked import Parked, then
from gateway.message.ports import LimitStore, Outage, Stepped
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.quota.fields import limit_fields, retry_after
from gateway.quota.holding import sheltered
from policylang.embed import Charge, Standing, plan_model


@dataclass(slots=True)
class Grant:
    """Admitted. ``fields`` are the RateLimit lines for the answer; ``outage`` tells that a limit went uncounted."""

    fields: bytes
    outage: bool


UNLIMITED = Grant(b"", False)
UNCOUNTED = Grant(b"", True)

Enforced = Grant | Refusal


def enforce(store: LimitStore, charges: Sequence[Charge], now: int, record: Record) -> Enforced | Parked[Enforced]:
    """Charge every limit of a request, or none. A limit that cannot be known refuses unless it says ``on outage allow``.

    Slots of concurrency limits are taken in the name of the record's request, and noted in it.
    """
    if not charges:
        return UNLIMITED
    held = tuple([charge for charge in charges if type(charge[2]) is plan_model.Concurrency])
    record.held = held
    step = store.step(charges, now, record.request_id.encode())
    if isinstance(step, Parked):
        return then(sheltered(step, record) if held else step, partial(_answer, charges, record))
    return _answer(charges, record, step)


def _answer(charges: Sequence[Charge], record: Record, answer: Stepped) -> Enforced:
    if isinstance(answer, Outage):
        # Whether a slot was taken is not known: it stays in the record, and is given back at the end.
        return _unknown(charges) or UNCOUNTED
    standings: list[Standing] = []
    for standing in answer:
        if isinstance(standing, Outage):
            return _partly(charges, record, answer)
        standings.append(standing)
    return _known(charges, record, standings, False)


def _partly(charges: Sequence[Charge], record: Record, answer: Sequence[Standing | Outage]) -> Enforced:
    """Some limits are known and some are not: what is known refuses first, for it would refuse in any case."""
    known = [(c, s) for c, s in zip(charges, answer, strict=True) if not isinstance(s, Outage)]
    counted, standings = [c for c, _ in known], [s for _, s in known]
    record.held = tuple(charge for charge in record.held if charge in counted)
    enforced = _known(counted, record, standings, True)
    if isinstance(enforced, Refusal):
        return enforced
    refusal = _unknown([c for c, s in zip(charges, answer, strict=True) if isinstance(s, Outage)])
    if refusal is not None:
        record.held = ()
    return refusal or enforced


def _unknown(charges: Sequence[Charge]) -> Refusal | None:
    """The refusal by limits that cannot be counted; None where all of them let requests through."""
    strict = [c.name for c in charges if c.on_outage == "deny"]
    return Refusal("limit_outage", f"limits {', '.join(strict)} cannot be counted") if strict else None


def _known(charges: Sequence[Charge], record: Record, standings: list[Standing], outage: bool) -> Enforced:
    fields = limit_fields(charges, standings)
    for standing in standings:
        if not standing.admitted:
            break
    else:
        return Grant(fields, outage)
    record.held = ()
    refusing = [c.name for c, s in zip(charges, standings, strict=True) if not s.admitted]
    headers = [("Retry-After", str(retry_after(standings)))]
    for line in fields.decode("ascii").splitlines():
        name, _, value = line.partition(": ")
        headers.append((name, value))
    return Refusal("limited", f"limit {', '.join(refusing)}", headers=headers)
