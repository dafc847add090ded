"""Questions: what can be asked, and what is refused with what to ask instead."""

import pytest

from gateway.usage.periods import DAY, HOUR
from gateway.usage.port import LAST, PERIODS_AT_MOST, TOP_AT_MOST, TOP_PERIODS_AT_MOST, Query, QueryRefused


def test_periods_are_answered_whole() -> None:
    assert list(Query(HOUR + 5, 2 * HOUR + 5).periods) == [HOUR, 2 * HOUR]
    assert list(Query(HOUR, HOUR + 1, by="day").periods) == [0]


@pytest.mark.parametrize(
    ("start", "end", "more", "said"),
    [
        (5, 5, {}, "after the beginning"),
        (-1, 5, {}, "after the beginning"),
        (0, LAST + 1, {}, "9999"),
        (0, (PERIODS_AT_MOST + 1) * HOUR, {}, "801 hours: ask for at most 800, or ask by day"),
        (0, (PERIODS_AT_MOST + 1) * DAY, {"by": "day"}, "801 days: ask for at most 800"),
        (0, (TOP_PERIODS_AT_MOST + 1) * HOUR, {"top": 5}, "at most 100"),
        (0, HOUR, {"top": TOP_AT_MOST + 1}, "1 to 100"),
        (0, HOUR, {"top": -1}, "1 to 100"),
        (0, HOUR, {"top": 1, "identity": b""}, "without identity"),
        (0, HOUR, {"top": 1, "group": "route"}, "without identity and group"),
    ],
)
def test_what_cannot_be_answered(start: int, end: int, more: dict[str, object], said: str) -> None:
    with pytest.raises(QueryRefused, match=said):
        Query(start, end, **more)  # type: ignore[arg-type]  # a table of every member


def test_the_most_that_can_be_asked() -> None:
    assert len(Query(0, PERIODS_AT_MOST * HOUR).periods) == PERIODS_AT_MOST
    assert len(Query(0, TOP_PERIODS_AT_MOST * DAY, by="day", top=TOP_AT_MOST).periods) == TOP_PERIODS_AT_MOST
