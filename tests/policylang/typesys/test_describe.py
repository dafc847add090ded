import pytest

from policylang.typesys.describe import describe
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Ip, SetOf, Slug, Text, Time, Type


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Text(), "text"),
        (Text(0, 4096), "text(0..4096)"),
        (Text(1, 128), "text(1..128)"),
        (Int(-5, 5), "int -5..5"),
        (Enum(("a", "b c")), 'one of "a", "b c"'),
        (SetOf(Enum(("a",))), 'set of one of "a"'),
        (SetOf(Text(1, 9)), "set of text(1..9)"),
        (Slug(), "slug"),
        (Email(), "email"),
        (Bool(), "bool"),
        (Time(), "time"),
        (Cidr(), "cidr"),
        (Ip(), "ip"),
    ],
)
def test_terms_are_described_as_they_are_written(term: Type, words: str) -> None:
    assert describe(term) == words
