from typing import Any

import pytest

from policylang.plan import leaves
from policylang.plan.refused import PlanRefused

LEAVES: list[tuple[leaves.Leaf, list[Any], list[Any]]] = [
    (leaves.text, ["", "é"], [None, 1, b"a", ["a"]]),
    (leaves.name, ["a"], ["", None, 1]),
    (leaves.boolean, [True, False], [0, 1, "true", None]),
    (leaves.integer(), [0, -(2**63), 2**63 - 1], [True, 1.0, "1", None, 2**63, -(2**63) - 1]),
    (leaves.integer(1, 3), [1, 3], [0, 4, False]),
    (leaves.choice(("a", "b")), ["a"], ["c", None, 1, ["a"], {}]),
    (leaves.nullable(leaves.name), [None, "a"], ["", 0]),
    (leaves.token, ["X-User", "a.b~"], ["", "a b", "a\n", "é", "a:b", None]),
    (leaves.lower_token, ["x-user"], ["X-User", "", "x\n"]),
    (leaves.identifier, ["a", "A_1-b", "_"], ["", "1a", "-a", "a b", "a\n", "é", "a.b", None]),
    (leaves.matching("[ab]+", "a or b"), ["ab"], ["", "abc", "ab\n", 1]),
]


@pytest.mark.parametrize(("leaf", "good", "bad"), LEAVES)
def test_scalars(leaf: leaves.Leaf, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert leaf(value) == value
        assert type(leaf(value)) is type(value)
    for value in bad:
        with pytest.raises(PlanRefused):
            leaf(value)


def test_many_says_which_item() -> None:
    assert leaves.many(leaves.name)([]) == ()
    assert leaves.many(leaves.name)(["a", "b"]) == ("a", "b")
    with pytest.raises(PlanRefused) as refused:
        leaves.many(leaves.name)(["a", ""])
    assert refused.value.where == "/1"
    with pytest.raises(PlanRefused):
        leaves.many(leaves.name)("ab")


def test_indices_may_repeat_and_ascending_ones_may_not() -> None:
    assert leaves.indices([3, 0, 3]) == (3, 0, 3)
    assert leaves.ascending([0, 2, 5]) == (0, 2, 5)
    assert leaves.ascending([]) == ()
    for bad in ([0, 0], [2, 1], [-1], [True], [1.0], None, "0"):
        with pytest.raises(PlanRefused):
            leaves.ascending(bad)


def test_sorted_texts() -> None:
    assert leaves.sorted_texts(["A", "a", "é"]) == ("A", "a", "é")
    for bad in (["b", "a"], ["a", "a"], [1], ["a", None], "ab", {"a": 1}):
        with pytest.raises(PlanRefused):
            leaves.sorted_texts(bad)


def test_containers_are_lists_and_dicts_alone() -> None:
    assert leaves.array([1]) == [1]
    assert leaves.members({"a": 1}) == {"a": 1}
    for no_array in ((1,), "a", None, {"a": 1}):
        with pytest.raises(PlanRefused):
            leaves.array(no_array)
    no_objects: tuple[object, ...] = ([], "a", None)
    for no_object in no_objects:
        with pytest.raises(PlanRefused):
            leaves.members(no_object)


def test_sorted_names() -> None:
    assert leaves.sorted_names(["a", "b"]) == ("a", "b")
    for bad in (["b", "a"], ["a", "b c"], ["a", "a"], "a"):
        with pytest.raises(PlanRefused):
            leaves.sorted_names(bad)
