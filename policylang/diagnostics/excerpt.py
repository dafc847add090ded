"""The source line with marks under it: tabs, wide characters and very long lines included."""

from dataclasses import dataclass

from policylang.diagnostics.cells import shown, width
from policylang.source.text import SourceText

WIDTH = 140
CUT = "…"
_MARGIN = 24


@dataclass(frozen=True, slots=True)
class Mark:
    """What to underline: code points ``start`` to ``end`` of one line (0-based), the sign to use, and the words on it."""

    start: int
    end: int
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One source line as printed, and below it one row for each mark as (blanks, signs, words)."""

    line: str
    rows: tuple[tuple[str, str, str], ...]


def excerpt(source: SourceText, number: int, marks: tuple[Mark, ...]) -> Excerpt:
    """Line ``number`` of a file with its marks; a line wider than 140 cells is cut to a window around the first one."""
    line = source.line(number)
    first, last = _window(line, marks[0])
    lead = CUT if first else ""
    tail = CUT if last < len(line) else ""
    body = shown(line[first:last], len(lead))
    rows = tuple(_row(line, mark, first, last, len(lead)) for mark in marks)
    return Excerpt(f"{lead}{body}{tail}".rstrip(), rows)


def _row(line: str, mark: Mark, first: int, last: int, lead: int) -> tuple[str, str, str]:
    start, end = (min(max(offset, first), last) for offset in (mark.start, mark.end))
    before = shown(line[first:start], lead)
    at = lead + width(before)
    under = width(shown(line[start:end], at))
    return " " * at, mark.sign * max(1, under), mark.text


def _window(line: str, mark: Mark) -> tuple[int, int]:
    """The range of code points to print, so that the mark's beginning is in it; its cost does not grow with the line."""
    if len(line) <= WIDTH and width(shown(line)) <= WIDTH:
        return 0, len(line)
    first = max(0, min(mark.start, len(line)) - _MARGIN)
    if first <= _MARGIN:
        first = 0
    last, cells = first, 0
    while last < len(line) and cells < WIDTH - 2 and last - first < WIDTH * 2:
        cells += width(shown(line[last], cells))
        last += 1
    return first, last
