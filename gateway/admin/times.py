"""Times at the admin API: RFC 3339 in UTC and whole seconds on the wire, microseconds since 1970 inside."""

from datetime import UTC, datetime

from gateway.admin.problems import refuse
from gateway.records.bounds import LAST_MICROS
from gateway.usage.json_answer import instant

MICROS = 1_000_000

__all__ = ["end_at", "instant", "micros_of", "time_at"]


def micros_of(text: str) -> int | None:
    """The microseconds of an instant of the document's form; None where the calendar has no such day or hour.

    >>> micros_of("2025-11-23T16:00:00Z"), micros_of("2025-02-30T00:00:00Z")
    (1763913600000000, None)
    """
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * MICROS


def time_at(pointer: str, text: str) -> int:
    """The same, since 1970; a day that is none is refused at ``pointer``."""
    micros = micros_of(text)
    if micros is None or micros < 0:
        refuse(pointer, "the calendar has no such time since 1970")
    return micros


def end_at(pointer: str, text: str, now: int) -> int:
    """The same, for the end of a record: after ``now``, and no later than a store can tell."""
    end = time_at(pointer, text)
    if end <= now:
        refuse(pointer, "this is in the past, by the store's time")
    if end > LAST_MICROS:
        refuse(pointer, f"no later than {instant(LAST_MICROS)} can be told; without it there is no end")
    return end
