import pytest

from policylang.source.spans import Span
from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.lexemes import COMPLAINTS_CAP, Lexed, lex


def lexed(text: str) -> Lexed:
    with exclusive_grammar() as grammar:
        return lex(text, 4, grammar.scanner)


def kinds(text: str) -> list[str]:
    return [word.type for word in lexed(text).words]


def complaints(text: str) -> list[tuple[str, str]]:
    return [(c.code, text[c.span.start : c.span.end]) for c in lexed(text).complaints]


def test_good_text_is_words_and_comments() -> None:
    found = lexed("allow a # why  \n  # alone\n")
    assert [word.value for word in found.words] == ["allow", "a"]
    assert [(c.text, c.own_line, c.span) for c in found.comments] == [
        ("# why", False, Span(4, 8, 13)),
        ("# alone", True, Span(4, 18, 25)),
    ]
    assert found.complaints == []
    assert not found.hopeless


@pytest.mark.parametrize("text", ["", "\n\n", " \t\r\n", "# only a comment"])
def test_text_without_words(text: str) -> None:
    assert kinds(text) == []
    assert complaints(text) == []


def test_another_word_stands_in_for_a_malformed_one() -> None:
    assert kinds("a && 'b' ; 5m") == ["NAME", "AND", "STRING", "DURATION"]
    assert complaints("a && 'b' ; 5m") == [("R123", "&&"), ("R119", "'b'"), ("R116", ";"), ("R122", "5m")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("sub : text", ("R125", ":")), ("Sub: text", ("R121", "Sub")), ("X-Y: text", ("R121", "X-Y"))],
)
def test_a_colon_makes_a_key_of_what_stands_before_it(text: str, complaint: tuple[str, str]) -> None:
    assert kinds(text) == ["KEY", "TEXT"]
    assert complaints(text) == [complaint]


def test_invisible_characters_are_complained_of_once_a_run_and_read_as_blanks() -> None:
    text = "allow\u200b\u200b a # \u202e\n"
    assert kinds(text) == ["ALLOW", "NAME"]
    assert complaints(text) == [("R115", "\u200b"), ("R115", "\u202e")]
    assert lexed(text).complaints[0].title == "the invisible character U+200B ZERO WIDTH SPACE is not allowed here"


def test_invisible_characters_in_strings_are_complained_of_too() -> None:
    assert complaints('"adm\u200bin"') == [("R115", "\u200b")]


def test_a_lone_carriage_return_hides_text_and_is_refused() -> None:
    assert complaints("a\rb") == [("R115", "\r")]
    assert complaints("a\r\nb") == []


def test_shadow_needs_its_other_half() -> None:
    assert complaints("shadow\ndeny") == [("R126", "shadow")]
    assert complaints("shadow deny") == []
    assert complaints("shadow: .shadow shadows") == []


@pytest.mark.parametrize("text", ["%" * 10_000, "\x00 " * 10_000, "'x' " * 10_000])
def test_what_is_no_rules_file_is_given_up(text: str) -> None:
    found = lexed(text)
    assert found.hopeless
    assert len(found.complaints) == COMPLAINTS_CAP + 1
    assert found.complaints[-1].code == "R127"


def test_ninety_nine_slips_are_no_reason_to_give_up() -> None:
    found = lexed("% " * (COMPLAINTS_CAP - 1))
    assert not found.hopeless
    assert len(found.complaints) == COMPLAINTS_CAP - 1
