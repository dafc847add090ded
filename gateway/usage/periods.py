"""Hours and days: where they begin, and how long their figures are kept. Both are of UTC; times are in microseconds."""

from dataclasses import dataclass
from typing import Literal

By = Literal["hour", "day"]

HOUR = 3_600 * 1_000_000
DAY = 24 * HOUR
LENGTH: dict[By, int] = {"hour": HOUR, "day": DAY}


def floor(by: By, time: int) -> int:
    """The beginning of the hour or day that has this instant.

    >>> floor("hour", 7_200_000_001)
    7200000000
    """
    return time - time % LENGTH[by]


def periods(by: By, start: int, end: int) -> range:
    """The beginnings of all periods that share an instant with [start, end).

    >>> [period // HOUR for period in periods("hour", HOUR + 1, 3 * HOUR)]
    [1, 2]
    """
    return range(floor(by, start), end, LENGTH[by])


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long figures are kept after their period has ended, in microseconds: those of hours, and those of days."""

    hours: int = 7 * DAY
    days: int = 400 * DAY

    def until(self, by: By, start: int) -> int:
        """When the figures of this period are forgotten."""
        return start + LENGTH[by] + (self.hours if by == "hour" else self.days)

    def oldest(self, by: By, now: int) -> int:
        """The beginning of the oldest period that is not forgotten."""
        return floor(by, now - (self.hours if by == "hour" else self.days))
