import pytest

from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax.builders.parts import Builder, Field, Paren, grouped
from policylang.syntax.words import Word

HERE = Span(3, 5, 9)


@pytest.fixture
def builder() -> Builder:
    made = Builder()
    made.file = 3
    return made


def test_words_nodes_and_parts_all_have_a_place(builder: Builder) -> None:
    word, node = Word("NAME", "ab", 1, 3), nodes.LetRef(HERE, "x")
    assert builder.place([word, node]) == Span(3, 1, 9)
    assert builder.place([node, Word("RPAR", ")", 20, 21)]) == Span(3, 5, 21)
    assert builder.place([Paren(node, Span(3, 4, 10))]) == Span(3, 4, 10)
    assert builder.field("f", [word, node], 7) == Field("f", 7, Span(3, 1, 9))


def test_names_are_picked_by_kind(builder: Builder) -> None:
    children = [Word("NAME", "a", 0, 1), Word("COMMA", ",", 1, 2), Word("PROPER", "B", 3, 4), nodes.LetRef(HERE, "c")]
    assert builder.names_in(children) == (nodes.Name(Span(3, 0, 1), "a"),)
    assert builder.names_in(children, "PROPER") == (nodes.Name(Span(3, 3, 4), "B"),)
    assert builder.member_name(Word("MEMBER", ".sub", 0, 4)) == "sub"


def test_fields_are_grouped_in_order_and_words_left_out() -> None:
    fields = [Word("NAME", "a", 0, 1), Field("x", 1, HERE), Field("y", 2, HERE), Field("x", 3, HERE)]
    assert grouped(fields) == {"x": (1, 3), "y": (2,)}
