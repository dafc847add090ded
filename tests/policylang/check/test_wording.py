import pytest

from policylang.check.wording import did_you_mean, names, quoted, some_names


def test_lists_of_names_read_as_prose() -> None:
    assert names([]) == "none"
    assert names(["a"]) == "`a`"
    assert names(["a", "b"]) == "`a` and `b`"
    assert names(["a", "b", "c"]) == "`a`, `b` and `c`"


def test_long_lists_are_cut_only_when_that_makes_them_shorter() -> None:
    assert some_names(list("abcdef")) == "`a`, `b`, `c`, `d`, `e` and `f`"
    assert some_names(list("abcdefg")) == "`a`, `b`, `c`, `d`, `e` and 2 more"


@pytest.mark.parametrize(
    ("text", "written"),
    [("a", '"a"'), ('"', '"\\""'), ("\\", '"\\\\"'), ("{x}", '"\\{x\\}"'), ("\n\t\x1b", '"\\n\\t\\u{1b}"')],
)
def test_quoted_texts_hold_nothing_that_a_terminal_obeys(text: str, written: str) -> None:
    assert quoted(text) == written
    assert quoted(text).isprintable()


def test_no_near_miss_gives_no_help() -> None:
    assert did_you_mean(None) == ()
    assert did_you_mean("orders") == ("did you mean `orders`?",)
