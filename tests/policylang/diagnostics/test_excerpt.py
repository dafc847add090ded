from hypothesis import given
from hypothesis import strategies as st

from policylang.diagnostics.cells import width
from policylang.diagnostics.excerpt import WIDTH, Mark, excerpt
from policylang.source.text import SourceText


def test_marks_stand_below_what_they_mean_behind_tabs_and_wide_characters() -> None:
    part = excerpt(SourceText("a", "\tdeny 日本 x"), 1, (Mark(6, 8, "^", "wide"), Mark(9, 10, "-", "")))
    assert part.line == "    deny 日本 x"
    assert part.rows == ((" " * 9, "^^^^", "wide"), (" " * 14, "-", ""))


def test_an_empty_mark_and_one_behind_the_line_still_show() -> None:
    part = excerpt(SourceText("a", "ab"), 1, (Mark(2, 2, "^", ""),))
    assert part.rows == (("  ", "^", ""),)


def test_a_long_line_is_cut_around_the_first_mark() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    part = excerpt(SourceText("a", line), 1, (Mark(500, 504, "^", ""),))
    assert part.line.startswith("…xxx")
    assert part.line.endswith("yyy…")
    blanks, signs, _ = part.rows[0]
    assert part.line[len(blanks) : len(blanks) + len(signs)] == "HERE"


def test_a_mark_outside_the_window_is_drawn_at_its_edge() -> None:
    part = excerpt(SourceText("a", "x" * 1000), 1, (Mark(0, 1, "^", ""), Mark(900, 905, "-", "far")))
    assert len(part.rows[1][0]) <= WIDTH


def test_characters_without_width_do_not_make_a_line_endless() -> None:
    part = excerpt(SourceText("a", "e" + "\u0301" * 10_000), 1, (Mark(0, 1, "^", ""),))
    assert len(part.line) <= WIDTH * 2 + 2


@given(
    st.text(alphabet=st.characters(exclude_characters="\n"), max_size=300),
    st.integers(0, 300),
    st.integers(0, 300),
)
def test_every_line_is_printable_and_narrow_and_its_mark_within_it(line: str, start: int, length: int) -> None:
    part = excerpt(SourceText("a", line), 1, (Mark(start, start + length, "^", ""),))
    assert part.line.isprintable()
    assert width(part.line) <= WIDTH + 4
    blanks, signs, _ = part.rows[0]
    assert signs
    assert len(blanks) <= WIDTH + 4
