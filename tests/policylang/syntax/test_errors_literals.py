import pytest

from policylang.source.spans import Span
from policylang.syntax import errors_literals as errors
from tests.policylang.syntax.reading import codes, fixed

AT = Span(0, 3, 7)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("let x = 007", "let x = 7"),
        ("let x = 00", "let x = 0"),
        ("let x = 0_1", "let x = 1"),
        ('let x = "a{b"', r'let x = "a\{b"'),
        ('let x = "a}b"', r'let x = "a\}b"'),
        ("allow a on b for Get always", "allow a on b for GET always"),
    ],
)
def test_an_edit_mends_what_it_is_about(text: str, right: str) -> None:
    assert fixed(text) == right
    assert codes(right) == []


def test_what_cannot_be_guessed_has_no_edit() -> None:
    for complaint in (
        errors.number_too_big(AT),
        errors.duration_too_long(AT, "99999d"),
        errors.no_such_instant(AT, "2026-02-30T00:00:00Z"),
        errors.no_such_character(AT, "d800"),
        errors.no_reference(AT, "x"),
        errors.bad_header_name(AT),
    ):
        assert complaint.edits == ()
        assert complaint.span == AT


def test_a_character_that_is_none_is_named_by_number() -> None:
    assert errors.no_such_character(AT, "d800").title == "there is no character U+D800"


def test_what_stands_in_braces_is_shown_safely() -> None:
    assert errors.no_reference(AT, "a\x1bb").title == "`a\\u{1b}b` is not a reference"
