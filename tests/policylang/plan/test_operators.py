import re

import pytest

from policylang.plan import model
from policylang.plan.operators import LITERALS, OPERATORS, REFERENCES, depth, extent, operands, preorder

REF, LIT = ("claim", "sub"), ("lit", "text", "a")

SAMPLES = {
    "lit": (LIT, ()),
    "claim": (REF, ()),
    "meta": (("meta", "roles"), ()),
    "path": (("path", "tenant"), ()),
    "header": (("header", "x-kind"), ()),
    "ip": (("ip", "client"), ()),
    "grants": (("grants",), ()),
    "not": (("not", REF), (REF,)),
    "and": (("and", REF, LIT, REF), (REF, LIT, REF)),
    "or": (("or", REF, LIT), (REF, LIT)),
    "cmp": (("cmp", "eq", REF, LIT), (REF, LIT)),
    "in": (("in", LIT, REF), (LIT, REF)),
    "innet": (("innet", ("ip", "peer"), REF), (("ip", "peer"), REF)),
    "meets": (("meets", "any", REF, LIT), (REF, LIT)),
    "present": (("present", REF), (REF,)),
    "older": (("older", REF, 5), (REF,)),
    "starts": (("starts", REF, "a"), (REF,)),
    "ends": (("ends", REF, "a"), (REF,)),
    "glob": (("glob", REF, "a*"), (REF,)),
    "issuer": (("issuer", None), ()),
    "else": (("else", REF, LIT), (REF, LIT)),
    "add": (("add", REF, LIT), (REF, LIT)),
    "sub": (("sub", REF, LIT), (REF, LIT)),
}


@pytest.mark.parametrize("op", OPERATORS)
def test_operands_are_the_expressions_and_nothing_else(op: str) -> None:
    expr, inner = SAMPLES[op]
    assert operands(expr) == inner
    first, end = extent(op)
    assert expr[first:end] == inner


def test_the_table_is_that_of_the_model() -> None:
    """The operators in the docstring of ``plan.model`` are the operators of the table."""
    doc = model.__doc__ or ""
    rows = re.findall(r"^([a-z][a-z, ]*?)  ", doc.split("Operators, with their operands:")[1], re.MULTILINE)
    assert {op for row in rows for op in row.split(", ")} - {"op"} == set(OPERATORS)


def test_kinds_of_literals_and_references_are_operators_of_the_table() -> None:
    assert set(REFERENCES) <= set(OPERATORS)
    assert set(LITERALS) == {"text", "int", "bool", "set", "nets"}


def test_preorder_has_parents_before_operands_left_to_right() -> None:
    inner = ("cmp", "eq", REF, LIT)
    expr = ("and", ("not", inner), ("present", REF))
    assert list(preorder(expr)) == [expr, ("not", inner), inner, REF, LIT, ("present", REF), REF]


def test_depth_counts_levels() -> None:
    assert depth(LIT) == 1
    assert depth(("and", ("not", ("not", REF)), REF)) == 4


def test_depth_and_preorder_do_not_recurse() -> None:
    expr: model.Expr = REF
    for _ in range(50_000):
        expr = ("not", expr)
    assert depth(expr) == 50_001
    assert sum(1 for _ in preorder(expr)) == 50_001
