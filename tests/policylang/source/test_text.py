import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.source.text import SourceText


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("", 0, (1, 1)),
        ("ab\ncd", 0, (1, 1)),
        ("ab\ncd", 2, (1, 3)),
        ("ab\ncd", 3, (2, 1)),
        ("ab\ncd", 5, (2, 3)),
        ("ab\ncd", 99, (2, 3)),
        ("ab\ncd", -4, (1, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("日本\nb", 1, (1, 2)),
        ("a\n", 2, (2, 1)),
    ],
)
def test_an_offset_has_a_line_and_a_column_in_code_points(text: str, offset: int, position: tuple[int, int]) -> None:
    assert SourceText("a.rules", text).position(offset) == position


def test_lines_come_without_their_endings() -> None:
    source = SourceText("a.rules", "one\r\ntwo\nthree\r")
    assert [source.line(number) for number in (1, 2, 3)] == ["one", "two", "three\r"]
    assert source.line_count == 3


def test_a_final_newline_leaves_an_empty_last_line() -> None:
    assert SourceText("a.rules", "one\n").line(2) == ""


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_line_outside_the_text(number: int) -> None:
    source = SourceText("a.rules", "one\ntwo")
    with pytest.raises(IndexError):
        source.line(number)
    with pytest.raises(IndexError):
        source.line_start(number)


@given(st.text(alphabet="ab\n\r日", max_size=40), st.integers(0, 40))
def test_a_position_leads_back_to_its_offset(text: str, offset: int) -> None:
    source = SourceText("a.rules", text)
    line, column = source.position(offset)
    assert source.line_start(line) + column - 1 == min(offset, len(text))
