"""The time that is asked for: whole hours and days, and clear words for what is no time."""

import click
import pytest

from gateway.commands.usage_times import duration, instant, span
from gateway.usage.periods import DAY, HOUR
from gateway.usage.port import Query
from tests.gateway.commands.usage_answers import START

NOW = START + 15 * HOUR + 20 * 60_000_000


def test_the_last_24_hours_are_24_and_the_present_one_is_among_them() -> None:
    start, end, by = span(None, None, None, None, NOW)
    periods = Query(start, end, by).periods
    assert by == "hour"
    assert (len(periods), periods[-1], periods[0]) == (24, START + 15 * HOUR, START - 8 * HOUR)


@pytest.mark.parametrize(
    ("last", "by", "wanted"), [("48h", "hour", 48), ("3d", "day", 3), ("2w", "day", 14), ("1h", "hour", 1)]
)
def test_a_length_of_time_is_so_many_periods(last: str, by: str, wanted: int) -> None:
    start, end, chosen = span(None, None, last, None, NOW)
    assert chosen == by
    assert len(Query(start, end, chosen).periods) == wanted


def test_less_than_a_day_by_day_is_today() -> None:
    start, end, by = span(None, None, "5h", "day", NOW)
    assert list(Query(start, end, by).periods) == [START]


def test_on_the_hour() -> None:
    start, end, by = span(None, None, "2h", None, START)
    assert list(Query(start, end, by).periods) == [START - HOUR, START]


def test_from_and_to_are_taken_as_they_are() -> None:
    assert span("2025-11-25", "2025-11-26", None, None, NOW) == (START, START + DAY, "hour")
    assert span("2025-11-20", "2025-11-26T12:00", None, None, NOW)[2] == "day"
    assert span("2025-11-25", None, None, "hour", NOW) == (START, NOW + 1, "hour")


def test_until_a_time_the_last_day_before_it() -> None:
    start, end, _ = span(None, "2025-11-25T00:00Z", None, None, NOW)
    assert (start, end) == (START - DAY, START)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2025-11-25", START),
        ("2025-11-25T01:00", START + HOUR),
        ("2025-11-25T01:00Z", START + HOUR),
        ("2025-11-25T01:00+02:00", START - HOUR),
        ("2025-11-25 01:00:00.9", START + HOUR),
    ],
)
def test_instants(text: str, micros: int) -> None:
    assert instant(text) == micros


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "1969-12-31", "0001-01-01T00:00+14:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(click.UsageError):
        instant(text)


@pytest.mark.parametrize("text", ["", "24", "h", "0h", "-1d", "1.5h", "1m", "9999999h"])
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(click.UsageError, match="24h, 7d or 2w"):
        duration(text)


def test_one_way_of_saying_when() -> None:
    with pytest.raises(click.UsageError, match="--last, or --from"):
        span("2025-11-25", None, "24h", None, NOW)


def test_a_length_that_reaches_before_all_time() -> None:
    start, end, by = span(None, None, "999999w", None, NOW)
    assert 0 <= start < end
    assert by == "day"
