import unicodedata

import pytest

from policylang.syntax.characters import FORBIDDEN, character_name


@pytest.mark.parametrize("text", ["plain\ttext\n", "café 日本 😀", "a\r\nb", "e\u0301", "\u00a0", "שלום"])
def test_what_can_be_seen_is_allowed(text: str) -> None:
    assert FORBIDDEN.search(text) is None


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x85", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2028", "\u2066", "\ufeff", "\ufe0f", "\u3164",
     "\ud800", "\ue000", "\uffff", "\U000e0041", "\U0010ffff", "\r"],
)  # fmt: skip
def test_what_cannot_is_forbidden(character: str) -> None:
    assert FORBIDDEN.search(f"a{character}b") is not None


def test_every_control_and_format_character_of_this_unicode_version_is_forbidden() -> None:
    for point in range(0x110000):
        character = chr(point)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} and character not in "\t\n\r":
            assert FORBIDDEN.match(character), hex(point)


def test_characters_are_named() -> None:
    assert character_name("\u200b") == "U+200B ZERO WIDTH SPACE"
    assert character_name("\x00") == "U+0000"
