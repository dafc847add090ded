from typing import Any

import pytest

from policylang.plan.refused import PlanRefused
from policylang.plan.terms import TIME_MAX, capture_term, constant, fits, scalar, term

GOOD: list[tuple[list[Any], tuple[Any, ...]]] = [
    (["text", 0, 128], ("text", 0, 128)),
    (["int", -5, 5], ("int", -5, 5)),
    (["slug"], ("slug",)),
    (["enum", "a", "b"], ("enum", "a", "b")),
    (["set", ["cidr"]], ("set", ("cidr",))),
    (["set", ["enum", "a"]], ("set", ("enum", "a"))),
]
BAD: list[Any] = [
    [], None, "slug", [1], [["slug"]], ["slug", 1], ["text"], ["text", 1], ["text", 2, 1], ["text", -1, 1],
    ["text", 1, 2, 3], ["int", 0, 1.0], ["int", 0, 2**63], ["enum"], ["enum", "b", "a"], ["enum", 1], ["set"],
    ["set", ["int", 0, 1]], ["set", ["set", ["slug"]]], ["set", ["slug"], 1], ["ip"], ["float"],
]  # fmt: skip


@pytest.mark.parametrize(("raw", "read"), GOOD)
def test_types(raw: list[Any], read: tuple[Any, ...]) -> None:
    assert term(raw) == read


@pytest.mark.parametrize("raw", BAD)
def test_what_is_no_type(raw: object) -> None:
    with pytest.raises(PlanRefused):
        term(raw)


def test_where_an_item_type_is_wrong() -> None:
    with pytest.raises(PlanRefused) as refused:
        term(["set", ["bool"]])
    assert refused.value.where == "/1"


@pytest.mark.parametrize("raw", [["bool"], ["time"], ["cidr"], ["set", ["slug"]]])
def test_types_that_no_capture_has(raw: list[Any]) -> None:
    with pytest.raises(PlanRefused):
        capture_term(raw)


def test_scalar_keeps_to_its_kinds() -> None:
    assert scalar(["slug"], ("slug",)) == ("slug",)
    with pytest.raises(PlanRefused):
        scalar(["email"], ("slug",))


def test_constants_are_none_or_one_in_an_array() -> None:
    assert constant(None) is None
    assert constant(["a"]) == ("a",)
    assert constant([True]) == (True,)
    assert constant([["a", "b"]]) == (("a", "b"),)
    wrong: tuple[Any, ...] = ([], ["a", "b"], [None], [1.5], [2**63], [["b", "a"]], [{}], "a")
    for bad in wrong:
        with pytest.raises(PlanRefused):
            constant(bad)


@pytest.mark.parametrize(
    ("value", "kind", "yes"),
    [
        (5, ("int", 0, 5), True),
        (6, ("int", 0, 5), False),
        (True, ("int", 0, 5), False),
        (1, ("bool",), False),
        (True, ("bool",), True),
        (TIME_MAX, ("time",), True),
        (TIME_MAX + 1, ("time",), False),
        ("a", ("enum", "a"), True),
        ("b", ("enum", "a"), False),
        ("a", ("slug",), True),
        (1, ("slug",), False),
        (("a",), ("set", ("slug",)), True),
        ((1,), ("set", ("slug",)), False),
        ("a", ("set", ("slug",)), False),
        (("b",), ("set", ("enum", "a")), False),
    ],
)
def test_fits(value: object, kind: tuple[Any, ...], yes: bool) -> None:
    assert fits(value, kind) is yes
