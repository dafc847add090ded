"""The scanner splits as Lark's basic lexer does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedCharacters

from policylang.syntax.grammar import exclusive_grammar, grammar_text
from policylang.syntax.words import Scanner, Word
from tests.policylang.syntax.reading import GOOD
from tests.strategies.profile import examples

BASIC = Lark(grammar_text(), parser="lalr", lexer="basic", start="file")
PIECES = st.sampled_from(
    [*GOOD[0].split(), " ", "\n", "  ", "# c\n", '"a{claims.x}"', "shadow deny", "shadow\tallow", "shadowdeny", "5min", "5m",
     "1_0", "a:", ".b", "A-B", "a-b", "==", "=", "??", "..", "2026-01-01T00:00:00Z", "2026-01-01", '"\\u{e9}"', "_", "\x00"]
)  # fmt: skip


def scanner() -> Scanner:
    with exclusive_grammar() as grammar:
        return grammar.scanner


def ours(text: str) -> tuple[list[tuple[str, str, int, int]], bool]:
    words = list(scanner().words(text, 0, []))
    end = words.pop()
    return [(word.type, word.value, word.start, word.end) for word in words], end.type == "_END"


def larks(text: str) -> tuple[list[tuple[str, str, int | None, int | None]], bool]:
    found = []
    try:
        reader = BASIC.parse_interactive(text)
        for token in reader.lexer_thread.lex(reader.parser_state):  # type: ignore[no-untyped-call]
            found.append((token.type, str(token), token.start_pos, token.end_pos))  # noqa: PERF401 (kept up to the error)
    except UnexpectedCharacters:
        return found, False
    return found, True


@pytest.mark.parametrize("text", GOOD)
def test_good_files_split_alike(text: str) -> None:
    assert ours(text) == larks(text)


@given(st.lists(PIECES, max_size=12).map("".join))
@examples(300)
def test_anything_splits_alike(text: str) -> None:
    assert ours(text) == larks(text)


@given(st.lists(PIECES, max_size=12).map(" ".join))
@examples(300)
def test_anything_apart_splits_alike(text: str) -> None:
    assert ours(text) == larks(text)


def test_comments_are_kept_aside() -> None:
    comments: list[Word] = []
    words = list(scanner().words("a # one\n#two", 0, comments))
    assert [word.value for word in words] == ["a", ""]
    assert [(word.value, word.start) for word in comments] == [("# one", 2), ("#two", 8)]


def test_where_no_word_begins_the_last_one_says_so() -> None:
    words = list(scanner().words("allow %", 0, []))
    assert [(word.type, word.start) for word in words] == [("ALLOW", 0), ("_NONE", 6)]


def test_reading_can_begin_anywhere() -> None:
    assert [word.value for word in scanner().words("allow % deny", 7, [])] == ["deny", ""]


def test_keywords_are_reserved_and_longer_names_are_not() -> None:
    kinds = [word.type for word in scanner().words("on once on: .on on_ ONE", 0, [])]
    assert kinds == ["ON", "NAME", "KEY", "MEMBER", "NAME", "PROPER", "_END"]


def test_a_word_shows_itself() -> None:
    assert repr(Word("NAME", "a", 1, 2)) == "Word('NAME', 'a', 1, 2)"
