from dataclasses import replace

import pytest

from policylang.plan.kinds import BOOL, INT, NET, NETS, SET, TEXT, TEXTS, Kinds, sort_of
from policylang.plan.model import Expr
from policylang.plan.operators import OPERATORS
from tests.policylang.plan.test_operators import SAMPLES
from tests.strategies.modules import everything, planned

KINDS = Kinds(planned(everything()))


@pytest.mark.parametrize(
    ("term", "sort"),
    [
        (("text", 0, 9), TEXT),
        (("slug",), TEXT),
        (("enum", "a"), TEXT),
        (("int", 0, 9), INT),
        (("time",), INT),
        (("bool",), BOOL),
        (("cidr",), NET),
        (("set", ("slug",)), SET),
        (("set", ("cidr",)), NETS),
    ],
)
def test_types_have_sorts(term: Expr, sort: int) -> None:
    assert sort_of(term) == sort


@pytest.mark.parametrize(
    ("node", "sort"),
    [
        (("claim", "sub"), TEXT),
        (("claim", "net"), NET),
        (("claim", "nothing"), 0),
        (("meta", "blocked"), BOOL),
        (("meta", "nothing"), 0),
        (("path", "n"), INT),
        (("path", "tenant"), TEXT),
        (("header", "x"), TEXT),
        (("ip", "peer"), NET),
        (("grants",), SET),
        (("issuer", None), BOOL),
        (("lit", "text", "10.0.0.0/8"), TEXTS),
        (("lit", "bool", True), BOOL),
        (("lit", "nets", ()), NETS),
    ],
)
def test_references_and_literals(node: Expr, sort: int) -> None:
    assert KINDS.of(node, []) == sort


@pytest.mark.parametrize(
    ("node", "operands", "sort"),
    [
        (("cmp", "eq"), [BOOL, BOOL], BOOL),
        (("cmp", "lt"), [BOOL, BOOL], 0),
        (("cmp", "eq"), [BOOL, INT], 0),
        (("cmp", "eq"), [NET, TEXT], BOOL),
        (("cmp", "ge"), [SET, SET], 0),
        (("cmp", "ne"), [SET, NETS], BOOL),
        (("cmp", "lt"), [INT | TEXT, TEXT], BOOL),
        (("in",), [TEXT, SET], BOOL),
        (("in",), [SET, SET], 0),
        (("in",), [INT, SET], 0),
        (("innet",), [NET, NETS], BOOL),
        (("innet",), [TEXTS, NETS], BOOL),
        (("innet",), [TEXT, NETS], 0),
        (("innet",), [NET, SET], 0),
        (("meets", "any"), [SET, NETS], BOOL),
        (("meets", "any"), [SET, TEXT], 0),
        (("and",), [BOOL, BOOL, INT], 0),
        (("or",), [BOOL, BOOL | TEXT], BOOL),
        (("not",), [TEXT], 0),
        (("present",), [SET], BOOL),
        (("older",), [TEXT], 0),
        (("else",), [INT, INT], INT),
        (("else",), [INT, TEXT], 0),
        (("else",), [TEXT, TEXTS], TEXTS),
        (("add",), [INT, INT], INT),
        (("sub",), [INT, BOOL], 0),
    ],
)
def test_operators_take_what_they_can_work_on(node: Expr, operands: list[int], sort: int) -> None:
    assert KINDS.of(node, operands) == sort


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_has_its_rule(op: str) -> None:
    node, inner = SAMPLES[op]
    assert isinstance(KINDS.of(node, [TEXT] * len(inner)), int)


def test_a_claim_of_two_issuers_is_of_either_sort() -> None:
    plan = planned(everything())
    corp, partner = plan.issuers
    other = replace(next(c for c in corp.claims if c.name == "tenant"), type=("int", 0, 9))
    both = Kinds(replace(plan, issuers=(corp, replace(partner, claims=(other, *partner.claims)))))
    assert both.of(("claim", "tenant"), []) == TEXT | INT
