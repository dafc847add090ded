import pytest

from policylang.check.declared_types import declared
from policylang.check.environment import Sink
from policylang.check.model import Metadata
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, SetOf, Slug, Text, Time, Type
from tests.policylang.check.rule_sets import sound, told


def type_of(term: str) -> Type:
    metadata = sound(f"metadata {{ fresh within 30s  x: {term} optional }}\n").metadata
    assert isinstance(metadata, Metadata)
    return metadata.fields[0].type


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ("text", Text()),
        ("text(0..65536)", Text(0, 65536)),
        ("slug", Slug()),
        ("bool", Bool()),
        ("time", Time()),
        ("email", Email()),
        ("cidr", Cidr()),
        ("int -5..5", Int(-5, 5)),
        ("int -9223372036854775808..9223372036854775807", Int(-(2**63), 2**63 - 1)),
        ('one of "b", "a"', Enum(("a", "b"))),
        ("set of text(1..9)", SetOf(Text(1, 9))),
        ('set of one of "b", "a"', SetOf(Enum(("a", "b")))),
    ],
)
def test_terms(term: str, meant: Type) -> None:
    assert type_of(term) == meant


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("text(9..1)", "R400"),
        ("int 5..-5", "R400"),
        ("text(0..65537)", "R401"),
        ("set of bool", "R403"),
        ("set of time", "R403"),
        ("set of int 0..1", "R403"),
        ('one of "a", "b", "a"', "R254"),
        ('one of "a", ""', "R260"),
        ('one of "a", "\\n"', "R261"),
        ('one of "a", "{claims.sub}"', "R257"),
    ],
)
def test_malformed_terms_are_told_once(term: str, code: str) -> None:
    assert told(f"metadata {{ fresh within 30s  x: {term} optional }}\n") == [code]


def test_a_malformed_term_is_repaired_to_one_of_its_kind() -> None:
    sink = Sink()
    assert declared(nodes.TypeTerm(NOWHERE, "int", 9, 1), sink) == Int(1, 9)
    assert declared(nodes.TypeTerm(NOWHERE, "int", 0, 2**70), sink) == Int(0, 2**63 - 1)
    item = nodes.TypeTerm(NOWHERE, "int", 0, 1)
    assert declared(nodes.TypeTerm(NOWHERE, "set", item=item), sink) == SetOf(Text())
