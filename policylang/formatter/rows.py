"""Units as rows of a table: which of their cells stand in its columns, and what their text is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, starmap

from policylang.formatter.doc import SLACK, Block, Cell, Unit, flat, flat_unit, heads, pieces
from policylang.formatter.printer import WIDTH
from policylang.formatter.table import Slot, starts, width
from policylang.formatter.token import Token

Gap = Callable[[Cell], int]


@dataclass(slots=True)
class Row:
    """A unit in a table. ``slots`` are its cells there, ``begins`` the columns at which they begin.

    A ``whole`` row is on one line. Of another the last slot is yet to be printed, and its clauses go to lines of their own.
    """

    unit: Unit
    slots: list[Slot]
    whole: bool
    begins: list[int]

    @property
    def too_wide(self) -> bool:
        """Whether the row is on one line and that is too long."""
        return self.whole and width(self.slots, self.begins) > WIDTH


def can_be_row(unit: Unit, indent: int) -> bool:
    """Whether a unit can stand in columns: nothing but its last cell, or its clauses, needs lines of its own."""
    if unit.table is None:
        return False
    if _ends_in_block(unit):
        text = flat(flat_unit(unit))
        return text is not None and indent + len(text) <= WIDTH
    cells = heads(unit)
    return all(flat(cell.doc) is not None for cell in cells[:-1]) and all(starmap(_join, pairwise(cells)))


def arranged(units: Sequence[Unit], indent: int) -> list[Row]:
    """Rows in their columns: as many columns as leave every block on its line.

    Of other rows those that would be too wide put their clauses on lines of their own.
    """
    gap = _gap_in_columns if len(units) > 1 else _gap_alone
    rows = [_row(unit, indent, gap) for unit in units]
    if _ends_in_block(units[0]):
        for columns in range(max(len(row.slots) for row in rows), -1, -1):
            _place(rows, indent, columns)
            if not any(row.too_wide for row in rows):
                break
        return rows
    _place(rows, indent, None)
    while any(row.too_wide for row in rows):
        for row in rows:
            if row.too_wide:
                row.slots = row.slots[: len(heads(row.unit))]
                row.whole = False
        _place(rows, indent, None)
    return rows


def _place(rows: Sequence[Row], indent: int, columns: int | None) -> None:
    """Find where the slots of all rows begin, with the first ``columns`` slots in columns; None: all of them."""
    found = starts([row.slots for row in rows], indent, columns)
    for row, begins in zip(rows, found, strict=True):
        row.begins = begins


def _gap_alone(cell: Cell) -> int:
    return cell.gap


def _gap_in_columns(cell: Cell) -> int:
    return cell.column_gap


def _row(unit: Unit, indent: int, gap: Gap) -> Row:
    text = flat(flat_unit(unit))
    whole = text is not None and indent + len(text) <= WIDTH
    return Row(unit, _slots(unit.cells if whole else heads(unit), gap), whole, [])


def _slots(cells: Sequence[Cell], gap: Gap) -> list[Slot]:
    slots: list[Slot] = []
    for cell in cells:
        if isinstance(cell.doc, Block):
            slots += _block_slots(cell.doc, gap(cell))
        else:
            slots.append(Slot(flat(cell.doc) or "", gap(cell), cell.slack))
    return slots


def _block_slots(block: Block, gap: int) -> list[Slot]:
    """A block on one line: a slot for each entry; those behind the first stand in one column if they begin with one word."""
    slots: list[Slot] = []
    for unit in block.units:
        text = flat(flat_unit(unit)) or ""
        before = "" if slots else f"{block.open.text} "
        word = unit.first.text if slots else ""
        slots.append(Slot(before + text, block.gap if slots else gap, SLACK, word))
    if not slots:
        return [Slot(block.open.text + block.close.text, gap, SLACK)]
    last = slots[-1]
    return [*slots[:-1], replace(last, text=f"{last.text} {block.close.text}")]


def _ends_in_block(unit: Unit) -> bool:
    return isinstance(unit.cells[-1].doc, Block)


def _join(left: Cell, right: Cell) -> bool:
    """Whether there is no remark between two cells."""
    *_, last = (piece for piece in pieces(left.doc) if isinstance(piece, Token))
    first = next(piece for piece in pieces(right.doc) if isinstance(piece, Token))
    return not last.trail and not first.lead
