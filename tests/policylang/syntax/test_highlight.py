import subprocess
import sys

import pytest
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    _TokenType,
)

from policylang.syntax import highlight
from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.highlight import RulesLexer
from tests.policylang.syntax.reading import GOOD


def kind_of(text: str) -> _TokenType:
    first: _TokenType = next(kind for kind, value in RulesLexer().get_tokens(text) if value.strip())
    return first


@pytest.mark.parametrize("text", GOOD)
def test_good_rules_have_no_error_and_lose_no_character(text: str) -> None:
    found = list(RulesLexer(stripnl=False).get_tokens(text))
    assert "".join(value for _, value in found) == text
    assert [value for kind, value in found if kind is Error] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("allow", Keyword.Declaration),
        ("shadow deny", Keyword.Declaration),
        ("unless", Keyword),
        ("and", Operator.Word),
        ("slug", Keyword.Type),
        ("true", Keyword.Constant),
        ("claims", Name.Builtin),
        ("orders", Name),
        ("allowed", Name),
        ("sub:", Name.Label),
        (".sub", Name.Attribute),
        ("X-User", Name.Constant),
        ("15min", Number),
        ("1_000", Number.Integer),
        ("2026-01-01T00:00:00Z", Literal.Date),
        ("??", Operator),
        ("{", Punctuation),
        ('"a"', String.Double),
        ("# c", Comment.Single),
        ("%", Error),
        ("10x", Error),
    ],
)
def test_every_kind_of_word_has_its_colour(text: str, kind: _TokenType) -> None:
    assert kind_of(text) is kind


def test_strings_show_escapes_and_holes() -> None:
    found = [(kind, value) for kind, value in RulesLexer().get_tokens(r'"a\n{claims.x}\q"') if value.strip()]
    assert (String.Escape, r"\n") in found
    assert (String.Interpol, "{claims.x}") in found
    assert (Error, r"\q") in found


def test_a_string_ends_with_its_line() -> None:
    assert [kind for kind, value in RulesLexer().get_tokens('"a\nallow') if value == "allow"] == [Keyword.Declaration]


def test_it_knows_exactly_the_reserved_words() -> None:
    with exclusive_grammar() as grammar:
        reserved = set(grammar.scanner.keywords)
    assert {word for word in reserved if kind_of(word) is Name} == set()
    listed = {*highlight._ITEMS, *highlight._WORDS, *highlight._OPERATORS, *highlight._TYPES, *highlight._ROOTS}
    assert listed - reserved == set()


def test_pygments_finds_it_by_name_and_file() -> None:
    assert get_lexer_by_name("policylang").name == "policylang rules"
    assert get_lexer_for_filename("orders.rules").name == "policylang rules"


def test_it_does_not_bring_in_the_parser() -> None:
    code = "import sys, policylang.syntax.highlight; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
