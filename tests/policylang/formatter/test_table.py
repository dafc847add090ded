"""Columns from widths alone."""

from policylang.formatter.table import Slot, padded, starts, width


def row(*texts: str, slack: int = 24, gap: int = 1, keys: tuple[str, ...] = ()) -> list[Slot]:
    return [Slot(text, gap, slack, keys[at] if keys else "") for at, text in enumerate(texts)]


def lines(*rows: list[Slot], columns: int | None = None) -> list[str]:
    return [padded(slots, begins) for slots, begins in zip(rows, starts(rows, 0, columns), strict=True)]


def test_cells_of_a_column_begin_together() -> None:
    assert lines(row("a", "bb", "c"), row("aaa", "b", "c")) == ["a   bb c", "aaa b  c"]


def test_rows_may_be_short() -> None:
    assert lines(row("a"), row("aaa", "b"), row("aa", "bbb", "c")) == ["a", "aaa b", "aa  bbb c"]


def test_a_last_cell_widens_nothing() -> None:
    assert lines(row("a", "b"), row("a very long one")) == ["a b", "a very long one"]


def test_what_is_much_wider_stands_out() -> None:
    assert lines(row("a", "b", slack=2), row("aa", "b", slack=2), row("aaaa", "b", slack=2)) == [
        "a  b",
        "aa b",
        "aaaa b",
    ]


def test_a_row_that_stood_out_widens_no_later_column() -> None:
    assert lines(row("a", "b", "c", slack=2), row("aaaaa", "b", "c", slack=2)) == ["a b c", "aaaaa b c"]


def test_it_falls_into_a_column_that_is_far_enough() -> None:
    assert lines(row("a", "bbbbbbb", "c", slack=2), row("aaaaa", "b", "c", slack=2)) == ["a bbbbbbb c", "aaaaa b   c"]


def test_cells_of_unlike_keys_are_not_aligned_nor_what_follows() -> None:
    first, other = row("a", "x 1", "y", keys=("", "x", "y")), row("aaa", "z", "y", keys=("", "z", "y"))
    third = row("aa", "x 10", "y", keys=("", "x", "y"))
    assert lines(first, other, third) == ["a  x 1  y", "aaa z y", "aa x 10 y"]


def test_only_the_first_columns_if_asked() -> None:
    rows = (row("a", "b", "c"), row("aa", "bb", "c"))
    assert lines(*rows, columns=2) == ["a  b c", "aa bb c"]
    assert lines(*rows, columns=0) == ["a b c", "aa bb c"]


def test_the_width_counts_the_indentation() -> None:
    slots = row("a", "bb")
    assert width(slots, starts([slots], 4)[0]) == 8
