"""Calendar windows: the day, the ISO 8601 week or the month that an instant falls in, in a named time zone."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Period = Literal["day", "week", "month"]


def calendar_window(period: Period, zone: str, now: int) -> tuple[int, int]:
    """[start, end) of the window around ``now``, in microseconds since 1970. ``zone`` is an IANA name.

    Windows meet without gap or overlap, also where a clock change moves midnight: each ends where the next one starts.

    >>> calendar_window("day", "UTC", 86_400_000_000 + 5)
    (86400000000, 172800000000)
    """
    tz = ZoneInfo(zone)
    local = datetime.fromtimestamp(now // 1_000_000, tz).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    first = _first(period, local)
    # Where the clock is set back over midnight, the first midnight may still lie ahead of an instant of the same date.
    while _instant(first) > now:
        first = _first(period, first - timedelta(days=1))
    following = _following(period, first)
    while _instant(following) <= now:
        first, following = following, _following(period, following)
    return _instant(first), _instant(following)


def _first(period: Period, midnight: datetime) -> datetime:
    if period == "week":
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if period == "month" else midnight


def _following(period: Period, first: datetime) -> datetime:
    if period == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=7 if period == "week" else 1)


def _instant(local: datetime) -> int:
    return int(local.astimezone(UTC).timestamp()) * 1_000_000
