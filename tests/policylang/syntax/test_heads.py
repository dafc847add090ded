import pytest

from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.heads import HEAD_TYPES, HEAD_WORDS, ITEM_NAMES, is_head, is_headers
from policylang.syntax.words import Word


def words(text: str) -> list[Word]:
    with exclusive_grammar() as grammar:
        return list(grammar.scanner.words(text, 0, []))[:-1]


@pytest.mark.parametrize(
    "text",
    ["setting a", "secret a", "issuer a {", "keyring a {", "metadata {", "let a", "policy a {", "select policy", "route a",
     "allow a", "deny a", "shadow allow a", "shadow deny a", "request headers", "response headers", "identity token",
     "limit a", 'test "a"', "route limit {", "issuer", "policy"],
)  # fmt: skip
def test_items_begin_with_their_word(text: str) -> None:
    assert is_head(words(text), 0)


@pytest.mark.parametrize(
    "text",
    ["issuer is a", "metadata.roles", "metadata down", "policy.grants", "policy on a", "route {", "setting.a", "secret.a",
     'request GET "/"', "identity by", "identity {", "claims {", "when", "name"],
)  # fmt: skip
def test_the_same_words_inside_an_item_begin_none(text: str) -> None:
    assert not is_head(words(text), 0)


def test_a_headers_block_is_told_from_a_tests_request() -> None:
    assert is_headers(words("request headers"), 0)
    assert not is_headers(words("request GET"), 0)
    assert not is_headers(words("response headers"), 0)
    assert not is_headers(words("request"), 0)


def test_every_head_has_a_name_and_a_word() -> None:
    assert ITEM_NAMES.keys() == HEAD_TYPES
    assert {word.upper() for word in HEAD_WORDS if word != "shadow"} == {
        kind for kind in HEAD_TYPES if not kind.startswith("SHADOW")
    }
