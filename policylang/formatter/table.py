"""Columns: where the cells of adjacent units begin.

Law of this file: it knows widths and gaps only, so what is aligned never depends on how the author had aligned it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a row as text. ``gap`` blanks at least stand before it; ``slack`` is how much wider than the narrowest
    it may be and still widen its column. Slots of one column but of unlike ``key`` are not aligned.
    """

    text: str
    gap: int
    slack: int
    key: str = ""


def starts(rows: Sequence[Sequence[Slot]], indent: int, columns: int | None = None) -> list[list[int]]:
    """The column at which each slot of each row begins; only the first ``columns`` slots are aligned, None: all.

    A row that stands out of a column widens no column behind it.

    >>> starts([[Slot("a", 1, 9), Slot("x", 1, 9)], [Slot("bcd", 1, 9), Slot("y", 1, 9)]], 0)
    [[0, 4], [0, 4]]
    """
    found = [[indent] for _ in rows]
    aligned = set(range(len(rows))) if columns != 0 else set()
    apart: set[int] = set()
    for column in range(1, max(len(row) for row in rows)):
        if column == columns:
            aligned.clear()
        having = [at for at, row in enumerate(rows) if len(row) > column]
        together = [at for at in having if at in aligned]
        aligned -= {at for at in together if rows[at][column].key != rows[together[0]][column].key}
        ends = {at: found[at][-1] + len(rows[at][column - 1].text) for at in having}
        widening = [at for at in together if at in aligned - apart] or [at for at in together if at in aligned]
        stop = _stop([(ends[at], rows[at][column - 1].slack, rows[at][column].gap) for at in widening])
        for at in having:
            least = ends[at] + rows[at][column].gap
            found[at].append(max(least, stop) if at in aligned else least)
            if least > stop:
                apart.add(at)
    return found


def _stop(ends: Sequence[tuple[int, int, int]]) -> int:
    """Where a column begins: behind the widest cell before it that does not stand out."""
    if not ends:
        return 0
    narrowest = min(end for end, _, _ in ends)
    return max(end + gap for end, slack, gap in ends if end - narrowest <= slack)


def padded(row: Sequence[Slot], begins: Sequence[int]) -> str:
    """A row as text, its first slot's indentation left out."""
    text = ""
    for slot, start in zip(row, begins, strict=True):
        text = text.ljust(start - begins[0]) + slot.text
    return text


def width(row: Sequence[Slot], begins: Sequence[int]) -> int:
    """The column behind the last slot."""
    return begins[-1] + len(row[-1].text)
