"""The admin API's answer as something to show: rows with titles, and series over the periods for charts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from gateway.usage.json_answer import instant
from gateway.usage.periods import By, periods
from gateway.usage.port import OTHER_NAME

SERIES_AT_MOST = 6
COUNTS = ("requests", "admitted", "limited", "abandoned", "upstream_errors", "uncounted", "bytes_in", "bytes_out")
QUANTILES = ("p50", "p90", "p99")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of figures, as the API has them. ``title``: a period, a policy, a route or an identity."""

    title: str
    figures: dict[str, Any]
    trend: tuple[int, ...] = ()
    """Requests in each period; only of groups."""


@dataclass(frozen=True, slots=True)
class View:
    """``heading`` names what the lines are. ``series``: name and count for each of ``times``; empty with top."""

    title: str
    heading: str
    by: By
    lines: tuple[Line, ...]
    total: dict[str, Any]
    times: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


def view(answer: dict[str, Any]) -> View:
    """The view of an answer. Raises click.ClickException for what is no answer of the admin API."""
    try:
        return _view(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise click.ClickException("the answer is not usage as the admin API gives it: is this its address?") from error


def _view(answer: dict[str, Any]) -> View:
    by: By = "day" if answer["by"] == "day" else "hour"
    starts = [instant(start) for start in periods(by, _micros(answer["from"]), _micros(answer["to"]))]
    times = tuple(_short(start, by) for start in starts)
    group = "identity" if "top" in answer else str(answer["group"])
    lines: tuple[Line, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    if group == "none":
        by_start = {row["start"]: _checked(row) for row in answer["rows"]}
        lines = tuple(Line(_short(start, by), by_start[start]) for start in starts if start in by_start)
        series = _kinds([by_start.get(start) for start in starts])
    else:
        requests: dict[str, dict[str, int]] = {}
        for row in answer["rows"]:
            requests.setdefault(row[group], {})[row["start"]] = int(row["requests"])
        lines = tuple(
            Line(
                _name(row[group]), _checked(row), tuple(requests.get(row[group], {}).get(start, 0) for start in starts)
            )
            for row in answer["groups"]
        )
        series = () if group == "identity" else _largest(lines)
    whose = f" of {answer['identity']}" if "identity" in answer else ""
    title = f"Usage{whose}, {_short(starts[0], by)} to {_short(answer['to'], by)} UTC, by {by}"
    heading = by if group == "none" else group
    return View(title, heading, by, lines, _checked(answer["total"]), times, series)


def _checked(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures whose every member is there and a number. Raises KeyError, TypeError or ValueError."""
    latency = figures["latency_us"]
    return {
        **{name: int(figures[name]) for name in COUNTS},
        "denied": {str(kind): int(count) for kind, count in figures["denied"].items()},
        "latency_us": None if latency is None else {name: int(latency[name]) for name in QUANTILES},
    }


def _kinds(rows: list[dict[str, Any] | None]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What became of requests, in each period."""
    return (
        ("admitted", tuple(0 if row is None else int(row["admitted"]) for row in rows)),
        ("limited", tuple(0 if row is None else int(row["limited"]) for row in rows)),
        ("denied", tuple(0 if row is None else denied(row) for row in rows)),
    )


def _largest(lines: tuple[Line, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The groups with most requests, and the sum of the others."""
    named = [line for line in lines if line.title != OTHER_NAME][:SERIES_AT_MOST]
    rest = [line.trend for line in lines if line not in named]
    summed = [(OTHER_NAME, tuple(map(sum, zip(*rest, strict=True))))] if rest else []
    return (*((line.title, line.trend) for line in named), *summed)


def denied(figures: dict[str, Any]) -> int:
    """Requests denied, for whatever reason."""
    return sum(int(count) for count in figures["denied"].values())


def _name(name: str) -> str:
    return name or "(none)"


def _micros(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def _short(start: str, by: By) -> str:
    """A period's beginning for people: 2026-11-23 15:00, or the day alone."""
    return start[:10] if by == "day" else f"{start[:10]} {start[11:16]}"
