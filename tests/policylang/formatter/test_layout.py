"""Blank lines, remarks between items, and what ends a table."""

from tests.policylang.formatter.styled import styled, styled_items


def test_blank_lines_are_kept_but_only_one() -> None:
    assert styled("\n\nlanguage 1\n\n\n\nsecret a\nsecret b\n\n\n") == "language 1\n\nsecret a\nsecret b\n"


def test_blank_lines_at_the_ends_of_a_block_go() -> None:
    assert styled_items("route a {\n\n\ntrust b\n\n\ntags c\n\n}") == "route a {\n  trust b\n\n  tags c\n}\n"


def test_a_blank_line_ends_a_table() -> None:
    assert styled_items("setting a url\nsetting bcd url\n\nsetting efghi url\n") == (
        "setting a   url\nsetting bcd url\n\nsetting efghi url\n"
    )


def test_a_remark_does_not() -> None:
    assert styled_items("setting a url\n# why\nsetting bcd url\n") == "setting a   url\n# why\nsetting bcd url\n"


def test_a_blank_line_before_a_remark_does() -> None:
    text = "setting a url\n\n# why\nsetting bcd url\n"
    assert styled_items(text) == text


def test_items_of_another_kind_end_a_table() -> None:
    assert styled_items("policy abc { rate 1 per 1s burst 1 } secret x policy a { quota unlimited }") == (
        "policy abc { rate 1 per 1s burst 1 }\nsecret x\npolicy a { quota unlimited }\n"
    )


def test_remarks_stay_where_they_were() -> None:
    text = """# before

# language
language 1    # behind
# an item
route a {    # opened
  # a field
  trust b,    # one
    # between
    c    # two

  # last

  # very last
}    # closed

# the end
"""
    assert styled(text) == text


def test_a_remark_of_several_lines_behind_code_stays_one() -> None:
    assert (
        styled_items("secret a  # one\n          # two\nsecret bcd\n")
        == "secret a    # one\n            # two\nsecret bcd\n"
    )


def test_a_block_is_split_where_its_author_split_it() -> None:
    one_line = "policy a { rate 1 per 1s burst 1   quota unlimited }\n"
    assert styled_items("policy a { rate 1 per 1s burst 1\nquota unlimited\n}") == one_line
    assert styled_items("policy a {\nrate 1 per 1s burst 1 quota unlimited }") == (
        "policy a {\n  rate   1 per 1s burst 1\n  quota  unlimited\n}\n"
    )


def test_lines_end_with_a_line_feed() -> None:
    assert styled("language 1\r\nsecret a # x\r\n") == "language 1\nsecret a    # x\n"


def test_a_file_without_items() -> None:
    assert styled("language   1") == "language 1\n"
    assert styled("language 1\n\n\n# nothing yet") == "language 1\n\n# nothing yet\n"
