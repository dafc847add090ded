"""The proof finds what a formatter could do wrong; a formatter that errs writes nothing."""

import pytest

from policylang.formatter import format as spine
from policylang.formatter.format import format_tree
from policylang.formatter.proof import FormatterBroken, laid_out, prove, same_tree
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

TEXT = "language 1\n# one\nsetting a url    # two\nlet b = claims.x == 1\n"


def proved(text: str) -> None:
    parsed = parse(tree_of({"a.rules": TEXT}))
    prove(parsed.rule_set.files[0], parsed.trivia.comments[0], text)


def test_the_text_itself_is_proved() -> None:
    proved(TEXT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT.replace("let b =", "let b"), "would break it"),
        (TEXT.replace("== 1", "== 2"), "would change what it says"),
        (TEXT.replace("let b = claims.x == 1\n", ""), "would change what it says"),
        (TEXT.replace("url", "text"), "would change what it says"),
        (TEXT.replace("# one\n", ""), "a comment"),
        (TEXT.replace("# one", "# two").replace("    # two", "    # one"), "a comment"),
        (TEXT.replace("setting a", "setting  a"), "does not settle"),
        (TEXT + "\n", "does not settle"),
    ],
)
def test_what_is_not_the_same_is_found(text: str, reason: str) -> None:
    with pytest.raises(FormatterBroken, match=reason) as caught:
        proved(text)
    assert caught.value.path == "a.rules"


def test_trees_are_compared_without_their_places() -> None:
    left, right = (
        parse(tree_of({"a.rules": text})).rule_set.files[0]
        for text in ('language 1\nlet a = "x" in claims.b', 'language 1\n\nlet  a = "\\u{78}" in claims.b')
    )
    assert left != right
    assert same_tree(left, right)


def test_a_formatter_that_errs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spine, "laid_out", lambda text, file: laid_out(text, file).replace("# one", "# won"))
    with pytest.raises(FormatterBroken, match=r"internal error: formatting a\.rules .*nothing was written"):
        format_tree(tree_of({"a.rules": TEXT}))
