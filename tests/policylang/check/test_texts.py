import pytest

from policylang.check.environment import Sink
from policylang.check.texts import constant, printable
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes

HOLE = ((0, nodes.Ref(NOWHERE, "claims", "sub")),)


def test_a_constant_may_say_anything_but_holds_no_reference() -> None:
    sink = Sink()
    assert constant("a value", nodes.Str(NOWHERE, "\x00"), sink) == "\x00"
    assert sink.found == []
    assert constant("a value", nodes.Str(NOWHERE, "x", HOLE), sink) == "x"
    assert [d.code for d in sink.found] == ["R257"]


@pytest.mark.parametrize(
    ("literal", "codes"),
    [
        (nodes.Str(NOWHERE, ""), ["R260"]),
        (nodes.Str(NOWHERE, "a\tb"), ["R261"]),
        (nodes.Str(NOWHERE, "\u202e"), ["R261"]),
        (nodes.Str(NOWHERE, "", HOLE), ["R257"]),
    ],
)
def test_printable_texts_complain_once(literal: nodes.Str, codes: list[str]) -> None:
    sink = Sink()
    assert printable("a grant", literal, sink) is None
    assert [d.code for d in sink.found] == codes


def test_printable_texts_may_have_blanks_and_letters_of_any_script() -> None:
    assert printable("a grant", nodes.Str(NOWHERE, "größe 1"), Sink()) == "größe 1"
