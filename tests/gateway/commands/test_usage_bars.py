"""Bars and sparklines: as long as they have to be, and never nothing for something."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.commands.usage_bars import ASCII_HEIGHTS, EIGHTHS, HEIGHTS, ascii_bar, bar, sparkline

counts = st.integers(0, 10**12)
widths = st.integers(1, 60)


@given(counts, counts, widths)
def test_bars_fit_and_show_what_there_is(value: int, more: int, width: int) -> None:
    for drawn in (bar(value, value + more, width), ascii_bar(value, value + more, width)):
        assert len(drawn) <= width
        assert (drawn == "") == (value == 0)
    if value:
        assert bar(value, value, width) == "█" * width
        assert ascii_bar(value, value, width) == "#" * width
        assert set(bar(value, value + more, width)) <= set(EIGHTHS)


@given(st.lists(counts, max_size=100), widths)
def test_sparklines_fit_and_keep_the_highest(values: list[int], width: int) -> None:
    for heights in (HEIGHTS, ASCII_HEIGHTS):
        drawn = sparkline(values, width, heights)
        assert len(drawn) == min(len(values), width)
        assert (heights[-1] in drawn) == any(values)
        if len(values) <= width:
            assert [character == heights[0] for character in drawn] == [value == 0 for value in values]


def test_ascii_is_ascii() -> None:
    assert ASCII_HEIGHTS.isascii()
    assert ascii_bar(3, 7, 20).isascii()
