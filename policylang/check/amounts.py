"""Rates and quotas as amounts: bounds that keep their arithmetic exact, and time zones that exist."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from policylang.check import errors_policies as errors
from policylang.check.bounds import DAY, MILLISECOND, duration, number
from policylang.check.environment import Sink
from policylang.check.model import Quota, Rate
from policylang.check.nearest import nearest
from policylang.check.texts import constant
from policylang.syntax import nodes

MOST: Final = 10**9
LONGEST: Final = 366 * DAY
UTC: Final = "UTC"


def rate(node: nodes.Rate, sink: Sink) -> Rate:
    """A rate: counts and bursts from 1 to 10^9, periods from a millisecond to 366 days."""
    return Rate(
        count=number("a rate", node.count, 1, MOST, sink),
        per_micros=duration("a period", node.per, MILLISECOND, LONGEST, sink),
        burst=number("a burst", node.burst, 1, MOST, sink),
    )


def quota(node: nodes.Quota, sink: Sink) -> Quota:
    """A quota; a calendar period without a zone is one of UTC."""
    if node.count is None:
        return Quota(None, None, None)
    count = number("a quota", node.count, 1, MOST, sink)
    if isinstance(node.period, nodes.Duration):
        return Quota(count, duration("a window", node.period, MILLISECOND, LONGEST, sink), None)
    return Quota(count, node.period, None if node.zone is None else _zone(node.zone, sink))


def window(amount: Quota) -> tuple[str | int | None, str]:
    """What two quotas must share to be merged: the period, and for calendar periods the zone."""
    return amount.period, (amount.zone or UTC) if isinstance(amount.period, str) else ""


def _zone(literal: nodes.Str, sink: Sink) -> str:
    zone = constant("a time zone", literal, sink)
    if not literal.holes and zone not in _zones():
        sink.add(errors.zone_unknown(zone, nearest(zone, _zones()), literal.span))
    return zone


@cache
def _zones() -> frozenset[str]:
    """Names of the IANA database. Those of the machine itself ("localtime") would mean something else elsewhere."""
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}
