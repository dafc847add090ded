"""Remarks behind code: those of adjacent lines in one column, further lines of a remark below its first."""

from collections.abc import Iterator, Sequence

from policylang.formatter.printer import Line
from policylang.formatter.table import Slot, starts

GAP = 4
SLACK = 24


def text_of(lines: Sequence[Line]) -> str:
    """The text of a file."""
    written: list[str] = []
    for run in _runs(lines):
        rows = [(Slot(line.text, 0, SLACK), Slot("", GAP, 0)) for line in run]
        for line, (_, column) in zip(run, starts(rows, 0), strict=True):
            first, *further = line.trail or ("",)
            written.append(f"{line.text.ljust(column)}{first}" if first else line.text)
            written += [f"{'':{column}}{remark}" for remark in further]
    return "".join(f"{line}\n" for line in written)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Adjacent lines with remarks, equally indented; every other line by itself, and one that opens a block too."""
    run: list[Line] = []
    for line in lines:
        if run and not (_aligns(run[-1]) and _aligns(line) and _indent(line) == _indent(run[-1])):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _aligns(line: Line) -> bool:
    return bool(line.trail) and not line.text.endswith("{")


def _indent(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip())
