import pytest

from policylang.linter.lists import without_item
from policylang.linter.subject import Subject
from policylang.source.spans import Span
from policylang.source.tree import tree_of
from policylang.syntax.nodes import RuleSet
from policylang.syntax.trivia import Trivia
from tests.strategies.checked import module


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[x, b]", "[b]"),
        ("[a, x]", "[a]"),
        ("[a ,x , b]", "[a , b]"),
        ("[a,\n x]", None),
        ("[x # why\n, b]", None),
        ("[x]", None),
    ],
)
def test_an_entry_goes_with_one_comma(text: str, left: str | None) -> None:
    seen = Subject(module(), RuleSet(()), tree_of({"a.rules": text}), Trivia(()))
    at = text.index("x")
    cut = without_item(Span(0, at, at + 1), seen)
    assert (None if cut is None else text[: cut.start] + text[cut.end :]) == left
