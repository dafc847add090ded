"""Rates, quotas and concurrencies as amounts: bounds that keep their arithmetic exact, and time zones that exist."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from policylang.check import errors_leases
from policylang.check import errors_policies as errors
from policylang.check.bounds import DAY, HOUR, MILLISECOND, SECOND, duration, number
from policylang.check.environment import Sink
from policylang.check.model import Concurrency, Quota, Rate
from policylang.check.nearest import nearest
from policylang.check.texts import constant
from policylang.syntax import nodes

MOST: Final = 10**9
LONGEST: Final = 366 * DAY
FURTHEST: Final = 36_500
"""Days of a full burst: added to a time, they stay below 2**53 microseconds, which a store's scripts count exactly."""
SLOTS: Final = 10_000
"""A store keeps each slot that is held, with its holder."""
LONGEST_HOLD: Final = 24 * HOUR
UTC: Final = "UTC"


def rate(node: nodes.Rate, sink: Sink) -> Rate:
    """A rate: counts and bursts from 1 to 10^9, periods from a millisecond to 366 days; never with a lease.

    A burst refills within 36,500 days.
    """
    if node.lease is not None:
        sink.add(errors_leases.rate_leased(node.lease.span))
    before = len(sink.found)
    made = Rate(
        count=number("a rate", node.count, 1, MOST, sink),
        per_micros=duration("a period", node.per, MILLISECOND, LONGEST, sink),
        burst=number("a burst", node.burst, 1, MOST, sink),
    )
    if len(sink.found) == before and made.burst * made.per_micros > FURTHEST * DAY * made.count:
        largest = FURTHEST * DAY * made.count // made.per_micros
        sink.add(errors.burst_too_deep(FURTHEST, largest, node.burst.span))
    return made


def quota(node: nodes.Quota, sink: Sink) -> Quota:
    """A quota; a calendar period without a zone is one of UTC."""
    if node.count is None:
        if node.lease is not None:
            sink.add(errors_leases.lease_unlimited(node.lease.span))
        return Quota(None, None, None)
    count = number("a quota", node.count, 1, MOST, sink)
    lease = 0 if node.lease is None else _lease(node.lease, count, sink)
    if isinstance(node.period, nodes.Duration):
        return Quota(count, duration("a window", node.period, MILLISECOND, LONGEST, sink), None, lease)
    return Quota(count, node.period, None if node.zone is None else _zone(node.zone, sink), lease)


def concurrency(node: nodes.Concurrency, sink: Sink) -> Concurrency:
    """A concurrency: from 1 to 10^4 slots, held for a second to a day at most."""
    return Concurrency(
        count=number("a concurrency", node.count, 1, SLOTS, sink),
        hold_micros=duration("a hold", node.hold, SECOND, LONGEST_HOLD, sink),
    )


def window(amount: Quota) -> tuple[str | int | None, str]:
    """What two quotas must share to be merged: the period, and for calendar periods the zone."""
    return amount.period, (amount.zone or UTC) if isinstance(amount.period, str) else ""


def _lease(node: nodes.Int, count: int, sink: Sink) -> int:
    if 2 <= node.value <= count // 2:
        return node.value
    sink.add(errors_leases.lease_bounds(node.value, count, node.span))
    return 0


def _zone(literal: nodes.Str, sink: Sink) -> str:
    zone = constant("a time zone", literal, sink)
    if not literal.holes and zone not in _zones():
        sink.add(errors.zone_unknown(zone, nearest(zone, _zones()), literal.span))
    return zone


@cache
def _zones() -> frozenset[str]:
    """Names of the IANA database. Those of the machine itself ("localtime") would mean something else elsewhere."""
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}
