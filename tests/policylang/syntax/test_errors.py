import pytest

from policylang.source.spans import Span
from policylang.syntax import errors
from tests.policylang.syntax.reading import codes, fixed

AT = Span(0, 3, 7)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("alow a on b always", "allow a on b always"),
        ("allow a on b alwasy", "allow a on b always"),
        ("route r { upstraem setting.u }", "route r { upstream setting.u }"),
    ],
)
def test_a_misspelled_keyword_is_mended_by_its_edit(text: str, right: str) -> None:
    assert fixed(text) == right
    assert codes(right) == []


def test_a_word_without_a_near_one_has_no_edit() -> None:
    complaint = errors.unknown_item(AT, "zebra", None)
    assert complaint.edits == ()
    assert complaint.help


def test_an_unfinished_item_shows_where_it_was_opened_if_anywhere() -> None:
    opened = Span(0, 1, 2)
    assert [label.span for label in errors.unfinished(AT, "route", "`}`", opened).labels] == [AT, opened]
    assert [label.span for label in errors.unfinished(AT, "route", "a name", None).labels] == [AT]


def test_words_of_the_author_are_cut_and_made_visible() -> None:
    assert errors.unexpected(AT, "\u202e", "on", "a name").labels[0].text == "found `\\u{202e}`"
    assert len(errors.unknown_item(AT, "x" * 500, None).title) < 80
    assert len(errors.unknown_language(AT, "9" * 500).title) < 80
