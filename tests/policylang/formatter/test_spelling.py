"""Spelling: literals stay as written but for escapes, and those of route patterns stay too."""

import pytest

from policylang.formatter.spelling import spelled
from policylang.formatter.token import Token
from policylang.syntax.words import Word


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (r'"\u{0A}\u{9}"', r'"\n\t"'),
        (r'"\u{22}\u{5c}\u{7B}\u{7d}"', r'"\"\\\{\}"'),
        (r'"\u{41}\u{20}\u{7e}"', '"A ~"'),
        (r'"\u{00E9}\u{1F600}"', r'"\u{e9}\u{1f600}"'),
        (r'"\u{0}\u{7f}"', r'"\u{0}\u{7f}"'),
        (r'"\\u{41}"', r'"\\u{41}"'),
        (r'"\\\u{41}"', r'"\\A"'),
        (r'"\n\{x\}"', r'"\n\{x\}"'),
        ('"é"', '"é"'),
    ],
)
def test_escapes_take_their_shortest_form(written: str, wanted: str) -> None:
    assert spelled([], Word("STRING", written, 0, 0)) == wanted


@pytest.mark.parametrize("word", ["MATCH", "HOST"])
def test_patterns_stay_byte_for_byte(word: str) -> None:
    before = [Token(word, word.lower()), Token("STRING", '"/a"'), Token("COMMA", ",")]
    assert spelled(before, Word("STRING", r'"/\u{41}"', 0, 0)) == r'"/\u{41}"'


def test_other_strings_of_a_route_do_not() -> None:
    before = [Token("STRIP", "strip"), Token("PREFIX", "prefix")]
    assert spelled(before, Word("STRING", r'"/\u{41}"', 0, 0)) == '"/A"'


@pytest.mark.parametrize(("kind", "text"), [("NUMBER", "1_000"), ("DURATION", "60s"), ("DURATION", "1min")])
def test_numbers_and_durations_stay(kind: str, text: str) -> None:
    assert spelled([], Word(kind, text, 0, 0)) == text


def test_a_shadow_has_one_blank() -> None:
    assert spelled([], Word("SHADOW_DENY", "shadow \t deny", 0, 0)) == "shadow deny"
