import pytest

from policylang.source.spans import Span
from policylang.syntax import errors_words as errors
from tests.policylang.syntax.reading import codes, fixed

AT = Span(0, 3, 7)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("allow readAll on b always", "allow read_all on b always"),
        ("let x = a&&b", "let x = a and b"),
        ("let x = a || b", "let x = a  or  b"),
        ("let x = !a", "let x =  not a"),
        ("metadata { userId: slug }", "metadata { user_id: slug }"),
        ("let x = claims.Sub", "let x = claims.sub"),
    ],
)
def test_an_edit_mends_what_it_is_about(text: str, right: str) -> None:
    assert fixed(text) == right
    assert codes(right) == []


def test_a_name_that_cannot_be_guessed_has_no_edit() -> None:
    assert errors.bad_name(AT, "___", None).edits == ()
    assert errors.bad_name(AT, "___", None).help == ()


def test_what_is_shown_is_visible() -> None:
    assert errors.stray_character(AT, "\u00a0").title == "`\\u{a0}` has no meaning here"
    assert errors.unknown_escape(AT, "\\\x07").title == "`\\\\u{7}` is not an escape"
    assert errors.hopeless(AT, 100).title == "reading stops here: 100 words or characters of this file mean nothing"
