"""Units to lines: tables of adjacent units, blocks, remarks, blank lines."""

from collections.abc import Iterator, Sequence

from policylang.formatter.concrete import Concrete
from policylang.formatter.doc import INDENT, Block, Cell, Unit, heads
from policylang.formatter.phrases import run
from policylang.formatter.printer import Line, Printer, add_remarks
from policylang.formatter.rows import Row, arranged, can_be_row
from policylang.formatter.table import padded
from policylang.formatter.token import Token, first_token, last_token
from policylang.formatter.units import item_unit


def lines_of(file: Concrete) -> list[Line]:
    """The lines of a file."""
    header = Unit(first_token(file.header), last_token(file.header), (Cell(run(file.header.children)),))
    return _lines((header, *(item_unit(item) for item in file.items)), file.end, 0)


def _lines(units: Sequence[Unit], closing: Token, indent: int) -> list[Line]:
    """The lines of units, and of the remarks between the last of them and what closes them."""
    lines: list[Line] = []
    for group in _groups(units, indent):
        for unit, printed in _printed(group, indent):
            add_remarks(lines, unit.first.lead, indent)
            if unit.first.blank and lines:
                lines.append(Line(""))
            lines += printed
    add_remarks(lines, closing.lead, indent)
    return lines


def _inside(block: Block, indent: int) -> list[Line]:
    return _lines(block.units, block.close, indent)


def _groups(units: Sequence[Unit], indent: int) -> Iterator[list[Unit]]:
    """Units in runs that may stand in columns: of one table, each able to be a row, no blank line between."""
    group: list[Unit] = []
    for unit in units:
        row = can_be_row(unit, indent)
        apart = unit.first.blank or any(remark.blank for remark in unit.first.lead)
        if group and (apart or not row or unit.table != group[-1].table):
            yield group
            group = []
        if row:
            group.append(unit)
        else:
            yield [unit]
    if group:
        yield group


def _printed(group: Sequence[Unit], indent: int) -> Iterator[tuple[Unit, list[Line]]]:
    """Each unit of a run with its lines."""
    if len(group) == 1 and not can_be_row(group[0], indent):
        yield group[0], _alone(group[0], indent)
        return
    for row in arranged(group, indent):
        text = " " * indent + padded(row.slots, row.begins)
        yield row.unit, [Line(text, row.unit.last.trail)] if row.whole else _over_lines(row, indent)


def _over_lines(row: Row, indent: int) -> list[Line]:
    """A row that is not on one line: its last slot is printed where it begins, clauses on lines of their own."""
    text = padded(row.slots[:-1], row.begins[:-1]).ljust(row.begins[-1] - indent)
    printer = Printer(_inside, row.unit.first, " " * indent + text)
    printer.doc(heads(row.unit)[-1].doc, indent + INDENT)
    return _with_clauses(printer, row.unit, indent)


def _alone(unit: Unit, indent: int) -> list[Line]:
    """A unit that stands in no table."""
    printer = Printer(_inside, unit.first, " " * indent)
    for number, cell in enumerate(heads(unit)):
        printer.doc((" " * cell.gap, cell.doc) if number else cell.doc, indent + INDENT)
    return _with_clauses(printer, unit, indent)


def _with_clauses(printer: Printer, unit: Unit, indent: int) -> list[Line]:
    for cell in unit.cells:
        if cell.clause:
            printer.new_line(indent + INDENT)
            printer.doc(cell.doc, indent + INDENT)
    return printer.finish()
