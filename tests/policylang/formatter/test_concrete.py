"""The concrete tree: every word, every comment on the word it belongs to."""

from policylang.formatter.token import Branch, Remark, Token, tokens
from tests.policylang.formatter.styled import concrete_of


def token_of(text: str, word: str) -> Token:
    """The first token of a file that is spelled so."""
    file = concrete_of(text)
    return next(token for item in file.items for token in tokens(item) if token.text == word)


def test_nothing_of_an_item_is_left_out() -> None:
    text = 'language 1\nallow a on r, s for GET when any of ["x", "y"] in claims.t and (b or not c) until 2027-01-01T00:00:00Z'
    file = concrete_of(text)
    assert [token.text for token in tokens(file.header)] == ["language", "1"]
    assert "".join(token.text for item in file.items for token in tokens(item)) == text[11:].replace(" ", "")


def test_items_are_told_apart_where_they_share_a_line() -> None:
    file = concrete_of("language 1\nsetting a url secret b")
    assert [item.rule for item in file.items] == ["setting", "secret"]


def test_empty_parts_are_no_branches() -> None:
    file = concrete_of("language 1\nlet a = claims.b in []\npolicy p { quota 1 per day }")
    pending: list[Branch | Token] = list(file.items)
    while pending:
        part = pending.pop()
        if isinstance(part, Branch):
            assert part.children
            pending += part.children


def test_a_remark_belongs_to_the_word_before_it_on_its_line() -> None:
    assert token_of("language 1\nsetting a # why\n url", "a").trail == ("# why",)


def test_remarks_on_lines_of_their_own_belong_to_the_word_behind_them() -> None:
    text = "language 1\n# one\n\n# two\n\nsetting a url"
    token = token_of(text, "setting")
    assert token.lead == (Remark("# one", blank=False), Remark("# two", blank=True))
    assert token.blank


def test_lines_below_a_remark_in_its_column_belong_to_it() -> None:
    assert token_of("language 1\nsetting a url  # one\n               # more\nsecret b", "url").trail == (
        "# one",
        "# more",
    )


def test_lines_below_a_remark_in_another_column_do_not() -> None:
    text = "language 1\nsetting a url  # one\n              # more\nsecret b"
    assert token_of(text, "url").trail == ("# one",)
    assert token_of(text, "secret").lead == (Remark("# more", blank=False),)


def test_a_blank_line_ends_a_remark() -> None:
    assert token_of("language 1\nsetting a url  # one\n\n               # more\nsecret b", "url").trail == ("# one",)


def test_remarks_behind_everything_belong_to_the_end() -> None:
    file = concrete_of("language 1\nsecret b\n\n# end")
    assert file.end.lead == (Remark("# end", blank=True),)


def test_blanks_at_the_end_of_lines_are_not_blank_lines() -> None:
    token = token_of("language 1  \r\n  \t\r\nsetting a url", "setting")
    assert token.blank
    assert not token_of("language 1  \r\nsetting a url", "setting").blank
    assert token_of("language 1\nsetting\na url", "a").begins_line
    assert not token_of("language 1\nsetting a url", "a").begins_line
