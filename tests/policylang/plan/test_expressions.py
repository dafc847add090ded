import json
from typing import Any

import pytest

from policylang.plan.expressions import condition, expression, reference, template_part
from policylang.plan.model import Condition, Expr
from policylang.plan.operators import MAX_DEPTH, OPERATORS, preorder
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import STRIDE, Pace, run
from tests.policylang.plan.test_operators import SAMPLES


def read(raw: object) -> Expr:
    return run(expression(raw, Pace()))


def as_json(expr: Expr) -> Any:
    return json.loads(json.dumps(expr))


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_is_read_and_counted(op: str) -> None:
    expr, _ = SAMPLES[op]
    pace = Pace()
    assert run(expression(as_json(expr), pace)) == expr
    assert pace.nodes == len(list(preorder(expr)))
    hash(expr)


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_minds_its_number_of_operands(op: str) -> None:
    raw = as_json(SAMPLES[op][0])
    if op not in ("and", "or"):
        with pytest.raises(PlanRefused, match="operands"):
            read([*raw, ["grants"]])
    if op != "grants":
        with pytest.raises(PlanRefused):
            read(raw[: 1 if op not in ("and", "or") else 2])


BAD: list[tuple[Any, str]] = [
    ([], ""),
    (None, ""),
    ({}, ""),
    ("claim", ""),
    ([["claim"]], ""),
    (["nand", ["grants"], ["grants"]], ""),
    (["claim", ""], "/1"),
    (["header", "X-Kind"], "/1"),
    (["ip", "server"], "/1"),
    (["lit", "float", 1.5], "/1"),
    (["lit", ["int"], 1], "/1"),
    (["lit", "int", True], "/2"),
    (["lit", "bool", 1], "/2"),
    (["lit", "int", 2**63], "/2"),
    (["lit", "set", ["b", "a"]], "/2"),
    (["lit", "nets", "10.0.0.0/8"], "/2"),
    (["cmp", "==", ["grants"], ["grants"]], "/1"),
    (["meets", "some", ["grants"], ["grants"]], "/1"),
    (["cmp", "eq", ["grants"], ["lit", "int", "1"]], "/3/2"),
    (["and", ["grants"], ["or", ["grants"], ["not", ["x"]]]], "/2/2/1"),
    (["present", ["lit", "int", 1]], "/1"),
    (["present", ["not", ["grants"]]], "/1"),
    (["older", ["claim", "t"], -1], "/2"),
    (["older", ["claim", "t"], 1.0], "/2"),
    (["glob", ["claim", "t"], None], "/2"),
    (["issuer", ""], "/1"),
    (["issuer", 1], "/1"),
]


@pytest.mark.parametrize(("raw", "where"), BAD)
def test_refusals_point_to_the_place(raw: object, where: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read(raw)
    assert refused.value.where == where


def nested(levels: int) -> Any:
    raw: Any = ["grants"]
    for _ in range(levels - 1):
        raw = ["not", raw]
    return raw


def test_depth_is_bounded() -> None:
    assert read(nested(MAX_DEPTH))[0] == "not"
    with pytest.raises(PlanRefused, match="deeper"):
        read(nested(MAX_DEPTH + 1))
    with pytest.raises(PlanRefused, match="deeper"):
        read(nested(5_000))


@pytest.mark.parametrize("leaf", [["claim", "a"], ["cmp", "eq", ["claim", "a"], ["claim", "b"]]])
def test_long_expressions_give_way(leaf: Any) -> None:
    pace = Pace()
    before, most = [0], STRIDE + 3  # the last operand of a stride may bring its own operands
    for _ in expression(["or", *[leaf] * (10 * STRIDE)], pace):
        assert pace.nodes - before[-1] <= most
        before.append(pace.nodes)
    assert len(before) > 9
    assert pace.nodes - before[-1] <= most


def test_references_and_template_parts() -> None:
    assert reference(["path", "tenant"]) == ("path", "tenant")
    assert template_part(["lit", "text", ""]) == ("lit", "text", "")
    assert template_part(["claim", "sub"]) == ("claim", "sub")
    for bad in (["lit", "int", 1], ["not", ["grants"]], [], "x"):
        with pytest.raises(PlanRefused):
            template_part(bad)
    with pytest.raises(PlanRefused):
        reference(["lit", "text", "a"])


def test_a_condition_has_a_place_for_each_node() -> None:
    good = {"at": [4, 5, 5], "binding": "token", "expr": ["cmp", "eq", ["claim", "a"], ["claim", "b"]]}
    assert run(condition(good, Pace())) == Condition(("cmp", "eq", ("claim", "a"), ("claim", "b")), (4, 5, 5), "token")
    for change, where in (
        ({"at": [4, 5]}, "/at"),
        ({"at": [4, 5, 5, 5]}, "/at"),
        ({"at": [4, 5, -1]}, "/at"),
        ({"binding": "load"}, "/binding"),
        ({"expr": ["cmp"]}, "/expr"),
        ({"more": 1}, ""),
    ):
        with pytest.raises(PlanRefused) as refused:
            run(condition({**good, **change}, Pace()))
        assert refused.value.where == where
    with pytest.raises(PlanRefused):
        run(condition(None, Pace()))
