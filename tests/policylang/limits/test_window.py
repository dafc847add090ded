"""Calendar windows against a plain search over local dates, clock changes included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.limits.window import Period, calendar_window

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Cairo",
]


def micros(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("period", "zone", "now", "start", "end"),
    [
        ("day", "Europe/Berlin", "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("day", "Europe/Berlin", "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
        ("week", "UTC", "2026-01-01T00:00:00+00:00", "2025-12-29T00:00:00+00:00", "2026-01-05T00:00:00+00:00"),
        ("month", "UTC", "2024-02-29T23:59:59+00:00", "2024-02-01T00:00:00+00:00", "2024-03-01T00:00:00+00:00"),
        ("month", "UTC", "2026-12-31T23:59:59+00:00", "2026-12-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00"),
        # midnight does not exist on this date: the day starts at one o'clock
        (
            "day",
            "America/Sao_Paulo",
            "2018-11-04T05:00:00-02:00",
            "2018-11-04T01:00:00-02:00",
            "2018-11-05T00:00:00-02:00",
        ),
    ],
)
def test_windows(period: Period, zone: str, now: str, start: str, end: str) -> None:
    assert calendar_window(period, zone, micros(now)) == (micros(start), micros(end))


@given(st.sampled_from(["day", "week", "month"]), st.sampled_from(ZONES), st.integers(0, 4_000_000_000))
def test_windows_hold_their_instant_and_meet(period: Period, zone: str, seconds: int) -> None:
    now = seconds * 1_000_000
    start, end = calendar_window(period, zone, now)
    assert start <= now < end
    assert calendar_window(period, zone, end)[0] == end
    assert calendar_window(period, zone, end - 1) == (start, end)
    assert calendar_window(period, zone, start) == (start, end)


@given(st.sampled_from(ZONES), st.integers(0, 4_000_000_000))
def test_a_month_starts_on_its_first_day(zone: str, seconds: int) -> None:
    start, _ = calendar_window("month", zone, seconds * 1_000_000)
    assert datetime.fromtimestamp(start // 1_000_000, ZoneInfo(zone)).day == 1


@pytest.mark.parametrize(
    ("period", "zone", "now", "start", "end"),
    [
        # at 23:30 the clock went on to 00:30, and left midnight out: until one o'clock it is still the week before
        (
            "week",
            "America/Toronto",
            "1919-03-31T00:45:00-04:00",
            "1919-03-24T00:00:00-05:00",
            "1919-03-31T01:00:00-04:00",
        ),
        # at 00:01 the clock went back to 23:01: the new day, or the new month, had begun and has not ended
        (
            "day",
            "America/St_Johns",
            "2010-11-06T23:30:00-03:30",
            "2010-11-07T00:00:00-02:30",
            "2010-11-08T00:00:00-03:30",
        ),
        (
            "month",
            "America/St_Johns",
            "2009-10-31T23:30:00-03:30",
            "2009-11-01T00:00:00-02:30",
            "2009-12-01T00:00:00-03:30",
        ),
        # and the second midnight of that date opens no second window
        (
            "day",
            "America/St_Johns",
            "2010-11-07T00:00:30-03:30",
            "2010-11-07T00:00:00-02:30",
            "2010-11-08T00:00:00-03:30",
        ),
    ],
)
def test_a_clock_change_over_midnight(period: Period, zone: str, now: str, start: str, end: str) -> None:
    assert calendar_window(period, zone, micros(now)) == (micros(start), micros(end))
