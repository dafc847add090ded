import pytest

from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Ip, SetOf, Slug, Text, Time, Type, kind_of


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Text(), Text(1, 5), True),
        (Int(0, 1), Int(5, 9), True),
        (Enum(("a",)), Enum(("b",)), True),
        (Text(), Slug(), False),
        (Slug(), Enum(("a",)), False),
        (Text(), Email(), False),
        (Int(0, 1), Time(), False),
        (Bool(), Enum(("true", "false")), False),
        (Cidr(), Ip(), False),
        (SetOf(Text()), SetOf(Text(1, 5)), True),
        (SetOf(Text()), SetOf(Slug()), False),
        (SetOf(Text()), Text(), False),
    ],
)
def test_ranges_and_values_do_not_make_another_kind(one: Type, other: Type, same: bool) -> None:
    assert (kind_of(one) == kind_of(other)) is same
