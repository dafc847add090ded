"""What is shown: lines and series of an answer, and refusal of what is none."""

from typing import Any

import click
import pytest

from gateway.commands.usage_view import SERIES_AT_MOST, denied, view
from gateway.usage.port import OTHER_NAME
from tests.gateway.commands.usage_answers import by_hour, by_identity, by_route, nothing


def test_hours_without_requests_are_in_the_chart_and_not_in_the_table() -> None:
    shown = view(by_hour())
    assert shown.title == "Usage, 2025-11-25 00:00 to 2025-11-25 04:00 UTC, by hour"
    assert [line.title for line in shown.lines] == ["2025-11-25 00:00", "2025-11-25 02:00", "2025-11-25 03:00"]
    assert shown.times == ("2025-11-25 00:00", "2025-11-25 01:00", "2025-11-25 02:00", "2025-11-25 03:00")
    assert shown.series == (("admitted", (85, 0, 385, 1)), ("limited", (10, 0, 10, 0)), ("denied", (5, 0, 5, 0)))


def test_groups_have_a_trend_and_none_is_a_name() -> None:
    shown = view(by_route(2))
    assert [(line.title, line.trend) for line in shown.lines] == [
        ("route0", (200, 201, 202)),
        ("route1", (100, 101, 102)),
        ("(none)", (7, 0, 0)),
    ]
    assert shown.heading == "route"
    assert shown.times[0] == "2025-11-25"


def test_more_groups_than_colours_are_summed() -> None:
    shown = view(by_route(9))
    assert len(shown.series) == SERIES_AT_MOST + 1
    assert shown.series[-1][0] == OTHER_NAME
    total = sum(sum(values) for _, values in shown.series)
    assert total == shown.total["requests"]


def test_the_top_have_no_series() -> None:
    shown = view(by_identity())
    assert (shown.heading, shown.series) == ("identity", ())
    assert [line.title for line in shown.lines] == ["aa" * 16, "bb" * 16]


def test_whose_it_is() -> None:
    assert view({**by_hour(), "identity": "aa" * 16}).title.startswith(f"Usage of {'aa' * 16}, ")


def test_nothing() -> None:
    assert view(nothing()).lines == ()


def test_denials_are_summed() -> None:
    assert denied({"denied": {"a": 1, "b": 2}}) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"rows": None},
        {"rows": [{"start": 5}]},
        {"from": "x"},
        {"from": 7},
        {"total": 5},
        {"group": "route"},
        {"to": "2025"},
    ],
)
def test_what_is_no_answer(change: dict[str, Any]) -> None:
    with pytest.raises(click.ClickException, match="admin API"):
        view({**by_hour(), **change})
