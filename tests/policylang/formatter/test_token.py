"""Tokens and branches: their ends, their order, and that two tokens alike are two."""

from policylang.formatter.token import Branch, Token, first_token, last_token, tokens

A, B, C = Token("NAME", "a"), Token("NAME", "a"), Token("COMMA", ",")
TREE = Branch("outer", (Branch("inner", (A,)), C, Branch("inner", (Branch("deep", (B,)),))))


def test_tokens_come_in_order() -> None:
    assert list(tokens(TREE)) == [A, C, B]
    assert list(tokens(A)) == [A]


def test_the_ends_of_a_part() -> None:
    assert first_token(TREE) is A
    assert last_token(TREE) is B
    assert first_token(C) is last_token(C) is C


def test_equal_words_are_different_tokens() -> None:
    assert A != B
