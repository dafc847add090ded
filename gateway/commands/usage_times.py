"""The time that usage is asked for: options as instants, in microseconds since 1970."""

import re
from datetime import UTC, datetime

import click

from gateway.usage.periods import DAY, HOUR, LENGTH, By, floor
from gateway.usage.port import LAST

UNITS = {"h": HOUR, "d": DAY, "w": 7 * DAY}
HOURS_BY_ITSELF = 48 * HOUR
"""A time up to this long is shown by hour when nothing is said, a longer one by day."""


def span(since: str | None, until: str | None, last: str | None, by: By | None, now: int) -> tuple[int, int, By]:
    """(start, end, by). Without options the last 24 hours, the present one included. Raises click.UsageError."""
    if last is not None and (since is not None or until is not None):
        raise click.UsageError("give --last, or --from and --to")
    end = now + 1 if until is None else instant(until)
    if since is not None:
        start = instant(since)
        return start, end, by or _fitting(end - start)
    length = duration(last or "24h")
    chosen = by or _fitting(length)
    # The last 24 hours are 24 hours and not 25: the present one is begun, and the first would be.
    start = floor(chosen, max(end - 1 - length, 0)) + LENGTH[chosen]
    return min(start, floor(chosen, end - 1)), end, chosen


def duration(text: str) -> int:
    """A length of time such as ``24h``, ``7d`` or ``2w``. Raises click.UsageError."""
    match = re.fullmatch(r"([1-9][0-9]{0,5})([hdw])", text)
    if match is None:
        raise click.UsageError(f"{text!r} is no length of time: write 24h, 7d or 2w")
    return int(match[1]) * UNITS[match[2]]


def instant(text: str) -> int:
    """A day or a time in ISO 8601; UTC when no offset is given. Raises click.UsageError."""
    try:
        read = datetime.fromisoformat(text)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read
        micros = int((read - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"{text!r} is no time: write 2026-11-23 or 2026-11-23T15:00Z") from error
    if not 0 <= micros <= LAST:
        raise click.UsageError(f"{text!r} is not between the years 1970 and 9999")
    return micros


def _fitting(length: int) -> By:
    return "hour" if length <= HOURS_BY_ITSELF else "day"
