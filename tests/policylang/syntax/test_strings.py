import pytest

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax.strings import decode


def decoded(source: str) -> tuple[str, list[Diagnostic]]:
    found: list[Diagnostic] = []
    return decode(source, Span(0, 10, 10 + len(source)), found.append).text, found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('""', ""),
        ('"plain"', "plain"),
        (r'"a\"b\\c"', 'a"b\\c'),
        (r'"\n\t"', "\n\t"),
        (r'"\{x\}"', "{x}"),
        (r'"\u{e9}\u{1F600}\u{0}"', "é😀\x00"),
        ('"日本"', "日本"),
    ],
)
def test_escapes_are_resolved(source: str, text: str) -> None:
    assert decoded(source) == (text, [])


@pytest.mark.parametrize("digits", ["d800", "dfff", "110000", "ffffff"])
def test_numbers_of_no_character_are_complained_of(digits: str) -> None:
    text, found = decoded(f'"a\\u{{{digits}}}b"')
    assert text == "a?b"
    assert [(d.code, d.span) for d in found] == [("R134", Span(0, 12, 12 + len(digits) + 4))]


def test_every_character_knows_its_place_and_whether_it_was_escaped() -> None:
    found: list[Diagnostic] = []
    result = decode(r'"a\{\u{e9}b"', Span(3, 100, 112), found.append)
    assert found == []
    assert result.text == "a{éb"
    assert result.offsets == (101, 102, 104, 110, 111)
    assert result.escaped == {1, 2}
