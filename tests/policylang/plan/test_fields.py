from dataclasses import dataclass
from typing import Any, Literal

import pytest

from policylang.plan.fields import Readers, or_null, stepping
from policylang.plan.leaves import integer, name, refuse
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import STRIDE, Pace, run


@dataclass(frozen=True)
class Inner:
    number: int
    yes: bool


@dataclass(frozen=True)
class Outer:
    kind: Literal["a", "b"]
    label: str | None
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    one: Inner
    maybe: Inner | None
    many: tuple[Inner, ...]
    grid: tuple[tuple[Inner, ...], ...]


GOOD: dict[str, Any] = {
    "kind": "a", "label": None, "names": ["x"], "rows": [["a"], []], "one": {"number": 1, "yes": True}, "maybe": None,
    "many": [{"number": 2, "yes": False}], "grid": [[{"number": 3, "yes": True}], []],
}  # fmt: skip


def no_nines(inner: Inner) -> None:
    if inner.number == 9:
        raise refuse("a nine")


READ = Readers({(Inner, "number"): integer(0, 9)}, {}, {Inner: no_nines}).of(Outer)


def read(raw: object) -> Any:
    return run(READ(raw, Pace()))


def test_a_dataclass_is_read_from_its_annotations() -> None:
    assert read(GOOD) == Outer(
        "a", None, ("x",), (("a",), ()), Inner(1, True), None, (Inner(2, False),), ((Inner(3, True),), ())
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "c"}, "/kind"),
        ({"label": 1}, "/label"),
        ({"names": ["x", 1]}, "/names/1"),
        ({"rows": [["a"], [1]]}, "/rows/1/0"),
        ({"one": None}, "/one"),
        ({"one": {"number": 1}}, "/one"),
        ({"one": {"number": 1, "yes": True, "more": 1}}, "/one"),
        ({"maybe": {"number": True, "yes": True}}, "/maybe/number"),
        ({"many": [{"number": 2, "yes": False}, {"number": 10, "yes": False}]}, "/many/1/number"),
        ({"many": [{"number": 9, "yes": False}]}, "/many/0"),
        ({"grid": [[], [{"number": 1, "yes": 0}]]}, "/grid/1/0/yes"),
        ({"grid": {}}, "/grid"),
    ],
)
def test_refusals_point_to_the_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read({**GOOD, **change})
    assert refused.value.where == where


def test_members_are_all_there_and_no_others() -> None:
    with pytest.raises(PlanRefused, match="without the member grid"):
        read({name: value for name, value in GOOD.items() if name != "grid"})
    with pytest.raises(PlanRefused, match="not known"):
        read({**GOOD, "x": 1})
    with pytest.raises(PlanRefused, match="not an object"):
        read([])


def test_it_gives_way() -> None:
    steps = READ({**GOOD, "many": [{"number": 1, "yes": True}] * (3 * STRIDE)}, Pace())
    assert sum(1 for _ in steps) == 3


def test_leaves_and_nothing_are_readers_too() -> None:
    assert run(stepping(name)("a", Pace())) == "a"
    assert run(or_null(stepping(name))(None, Pace())) is None
    with pytest.raises(PlanRefused):
        run(or_null(stepping(name))("", Pace()))
