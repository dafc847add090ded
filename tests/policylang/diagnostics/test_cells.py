import pytest

from policylang.diagnostics.cells import printable, shown, width


def test_nothing_that_drives_a_terminal_or_hides_in_it_is_printed() -> None:
    assert printable("a\x1b[31mb\x07\u202e\u200b\x9b\n\td") == "a\ufffd[31mb\ufffd\ufffd\ufffd\ufffd\ufffd\td"


@pytest.mark.parametrize(
    ("text", "column", "printed"), [("\ta", 0, "    a"), ("a\tb", 0, "a   b"), ("\t", 3, " "), ("日\tb", 0, "日  b")]
)
def test_tabs_reach_the_next_multiple_of_four(text: str, column: int, printed: str) -> None:
    assert shown(text, column) == printed


@pytest.mark.parametrize(("text", "cells"), [("", 0), ("ab", 2), ("日本", 4), ("e\u0301", 1)])
def test_width_counts_cells(text: str, cells: int) -> None:
    assert width(text) == cells
