"""Usage as a table with a chart in it, as wide as the terminal is and in the characters that it has."""

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table

from gateway.commands.usage_bars import ASCII_HEIGHTS, HEIGHTS, ascii_bar, bar, sparkline
from gateway.commands.usage_view import Line, View, denied

TREND = 24
BAR = 16
NAME = 40
AROUND = 3
"""Characters between two columns."""

Text = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class _Column:
    """``need``: what is shown first when not all has room; the last cell is the total's."""

    title: str
    need: int
    justify: Literal["left", "right"]
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(len, (self.title, *self.cells))) + AROUND


def to_table(view: View, width: int, encoding: str) -> str:
    """A view that has lines, for a terminal of so many characters in a line, and of this encoding.

    Columns that have no room are left out, the least needed first; no figure is ever cut.
    """
    plain = not encoding.lower().startswith("utf")
    columns = _fitting([_names(view, plain), _charts(view, plain), *_numbers(view)], width)
    told = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        told.add_column(column.title, justify=column.justify, no_wrap=True)
    rows = list(zip(*(column.cells for column in columns), strict=True))
    for row in rows[:-1]:
        told.add_row(*row)
    told.add_section()
    told.add_row(*rows[-1])
    out = StringIO()
    console = Console(file=out, width=10_000, highlight=False, markup=False, color_system=None, legacy_windows=False)
    console.print(view.title)
    console.print(told)
    for note in notes(view.total):
        console.print(note)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def notes(total: dict[str, Any]) -> list[str]:
    """What the columns leave out, where there is something: reasons of denials, and what went wrong."""
    said = []
    if total["denied"]:
        reasons = sorted(total["denied"].items(), key=lambda reason: (-reason[1], reason[0]))
        said.append("denied: " + ", ".join(f"{kind} {count:,}" for kind, count in reasons))
    if total["abandoned"]:
        said.append(f"left before there was a decision: {total['abandoned']:,}")
    if total["uncounted"]:
        said.append(f"let through while a limit could not be counted: {total['uncounted']:,}")
    return said


def bytes_text(count: int) -> str:
    """A number of bytes for people.

    >>> bytes_text(999), bytes_text(1_500), bytes_text(2_345_678_901)
    ('999 B', '1.5 kB', '2.3 GB')
    """
    if count < 1_000:
        return f"{count} B"
    power = min(len(str(count)) - 1, 15) // 3
    return f"{count / 1_000**power:.1f} {('kB', 'MB', 'GB', 'TB', 'PB')[power - 1]}"


def time_text(micros: int) -> str:
    """A duration for people.

    >>> time_text(870), time_text(1_240), time_text(12_400_000)
    ('0.9 ms', '1.2 ms', '12.4 s')
    """
    return f"{micros / 1_000:.1f} ms" if micros < 1_000_000 else f"{micros / 1_000_000:.1f} s"


def _fitting(columns: list[_Column], width: int) -> list[_Column]:
    """As many columns as there is room for, by need; the first two by need are always there."""
    room = width
    chosen: list[_Column] = []
    for column in sorted(columns, key=lambda column: column.need):
        if column.width > room and column.need > 1:
            break
        room -= column.width
        chosen.append(column)
    return [column for column in columns if column in chosen]


def _names(view: View, plain: bool) -> _Column:
    return _Column(view.heading, 0, "left", (*(_safe(line.title, plain) for line in view.lines), "total"))


def _charts(view: View, plain: bool) -> _Column:
    most = max(int(line.figures["requests"]) for line in view.lines)
    if view.heading in {"policy", "route"}:
        heights = ASCII_HEIGHTS if plain else HEIGHTS
        return _Column("trend", 5, "left", (*(sparkline(line.trend, TREND, heights) for line in view.lines), ""))
    draw = ascii_bar if plain else bar
    return _Column("", 5, "left", (*(draw(_requests(line), most, BAR) for line in view.lines), ""))


def _numbers(view: View) -> list[_Column]:
    every = [*(line.figures for line in view.lines), view.total]
    return [_Column(title, need, "right", tuple(text(figures) for figures in every)) for title, need, text in COLUMNS]


def _requests(line: Line) -> int:
    return int(line.figures["requests"])


def _safe(title: str, plain: bool) -> str:
    """Names are from the rules; still, nothing that a terminal takes for a command is printed."""
    printable = "".join(character if character.isprintable() else "?" for character in title)
    short = printable if len(printable) <= NAME else f"{printable[: NAME - 3]}..."
    return short.encode("ascii", "replace").decode() if plain else short


def _number(name: str) -> Text:
    return lambda figures: f"{figures[name]:,}"


def _size(name: str) -> Text:
    return lambda figures: bytes_text(int(figures[name]))


def _latency(name: str) -> Text:
    return lambda figures: "-" if figures["latency_us"] is None else time_text(int(figures["latency_us"][name]))


COLUMNS: tuple[tuple[str, int, Text], ...] = (
    ("requests", 1, _number("requests")),
    ("admitted", 2, _number("admitted")),
    ("denied", 3, lambda figures: f"{denied(figures):,}"),
    ("limited", 4, _number("limited")),
    ("upstream errors", 8, _number("upstream_errors")),
    ("bytes in", 11, _size("bytes_in")),
    ("bytes out", 9, _size("bytes_out")),
    ("p50", 6, _latency("p50")),
    ("p90", 10, _latency("p90")),
    ("p99", 7, _latency("p99")),
)
