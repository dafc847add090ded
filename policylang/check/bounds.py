"""Bounds of durations and numbers."""

from typing import Final

from policylang.check import errors_names as errors
from policylang.check.environment import Sink
from policylang.syntax import nodes

MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (MILLISECOND, "ms"))


def duration(what: str, given: nodes.Duration, low: int, high: int, sink: Sink) -> int:
    """The microseconds of a duration, complaining unless ``low <= micros <= high``; then the nearer bound."""
    if not low <= given.micros <= high:
        sink.add(errors.duration_bounds(what, given.text, written(low), written(high), given.span))
    return min(max(given.micros, low), high)


def number(what: str, given: nodes.Int, low: int, high: int, sink: Sink) -> int:
    """The value of a number, complaining unless ``low <= value <= high``; then the nearer bound."""
    if not low <= given.value <= high:
        sink.add(errors.number_bounds(what, given.value, low, high, given.span))
    return min(max(given.value, low), high)


def written(micros: int) -> str:
    """A duration as an author would write it, in the largest unit that is exact.

    >>> written(90 * 1_000_000)
    '90s'
    """
    if micros == 0:
        return "0s"
    return next((f"{micros // unit}{name}" for unit, name in _UNITS if micros % unit == 0), f"{micros / 1_000}ms")
