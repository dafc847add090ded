"""Joins, lengths and equality of types: laws over all pairs, and the corners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check.expr_types import comparable, join, lengths, may_equal, only_value, same_family
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Ip, Scalar, SetOf, Slug, Text, Time, Type

WORDS = ("", "a", "b-1", "ab", "x@y.z", "Z", "a" * 70)

texts = st.one_of(
    st.builds(lambda low, more: Text(low, low + more), st.integers(0, 3), st.integers(0, 80)),
    st.just(Slug()),
    st.just(Email()),
    st.sets(st.sampled_from(WORDS), min_size=1).map(lambda values: Enum(tuple(sorted(values)))),
)
integers = st.builds(lambda low, more: Int(low, low + more), st.integers(-5, 5), st.integers(0, 5))
scalars: st.SearchStrategy[Scalar] = st.one_of(texts, integers, st.sampled_from((Bool(), Time(), Cidr())))
types: st.SearchStrategy[Type] = st.one_of(scalars, scalars.map(SetOf), st.just(Ip()))
VALUES: tuple[str | int | bool, ...] = (*WORDS, *range(-10, 11), True, False)


def has(term: Type, value: str | int | bool) -> bool:
    return not isinstance(fit(term, value), Misfit)


@given(scalars, scalars)
def test_a_join_has_the_values_of_both(left: Scalar, right: Scalar) -> None:
    if same_family(left, right):
        joined = join(left, right)
        assert same_family(joined, left)
        assert all(has(joined, value) for value in VALUES if has(left, value) or has(right, value))


@given(scalars, scalars)
def test_values_that_both_have_may_be_equal(left: Scalar, right: Scalar) -> None:
    if comparable(left, right) and any(has(left, value) and has(right, value) for value in VALUES):
        assert may_equal(left, right)
        assert may_equal(right, left)


@given(types, types)
def test_comparing_is_symmetrical(left: Type, right: Type) -> None:
    assert comparable(left, right) == comparable(right, left)
    assert same_family(left, right) == same_family(right, left)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Slug(), Email(), False),
        (Enum(("a",)), Enum(("b",)), False),
        (Enum(("a", "b")), Slug(), True),
        (Enum(("A",)), Slug(), False),
        (Slug(), Enum(("A",)), False),
        (Text(1, 3), Text(4, 9), False),
        (Text(1, 3), Text(3, 9), True),
        (Int(0, 5), Int(6, 9), False),
        (Int(0, 6), Int(6, 9), True),
        (Bool(), Bool(), True),
        (SetOf(Enum(("a",))), SetOf(Enum(("b",))), True),  # both may be empty
    ],
)
def test_what_types_say_of_equality(left: Type, right: Type, expected: bool) -> None:
    assert may_equal(left, right) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (Text(), Slug(), True),
        (Text(), Int(0, 1), False),
        (Time(), Time(), False),
        (Cidr(), Cidr(), False),
        (Ip(), Ip(), False),
        (SetOf(Text()), SetOf(Slug()), True),
        (SetOf(Cidr()), SetOf(Cidr()), False),
        (SetOf(Text()), Text(), False),
        (Bool(), Bool(), True),
        (Bool(), Int(0, 1), False),
    ],
)
def test_what_compares(left: Type, right: Type, expected: bool) -> None:
    assert comparable(left, right) is expected


def test_joins() -> None:
    assert join(Enum(("b",)), Enum(("a",))) == Enum(("a", "b"))
    assert join(Int(0, 5), Int(-3, 2)) == Int(-3, 5)
    assert join(Slug(), Enum(("", "x" * 99))) == Text(0, 99)
    assert join(SetOf(Text(1, 2)), SetOf(Text(5, 9))) == SetOf(Text(1, 9))
    assert join(Ip(), Ip()) == Ip()
    assert same_family(Time(), Time())
    assert not same_family(Time(), Int(0, 1))


def test_lengths_and_only_values() -> None:
    assert lengths(Enum(("a", "abc"))) == (1, 3)
    assert lengths(Enum(())) == (0, 0)
    assert lengths(Cidr())[1] == len("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")
    assert only_value(Int(3, 3)) == 3
    assert only_value(Enum(("a",))) == "a"
    assert only_value(Enum(("a", "b"))) is None
    assert only_value(Bool()) is None
