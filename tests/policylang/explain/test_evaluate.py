from dataclasses import replace
from typing import Any

import pytest

from policylang.explain.evaluate import ABSENT, FAULT, Facts, evaluate, size, walk
from policylang.plan.model import Expr
from policylang.plan.operators import preorder
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    CLIENT,
    EVENT,
    FLAG,
    GRANTS,
    LEVEL,
    LOGIN,
    PATH_NUMBER,
    PEER,
    RISK,
    ROLES,
    SUB,
    eq,
    number,
    text,
)  # fmt: skip

FACTS = Facts(
    now=1_000_000_000,
    issuer="corp",
    claims={"sub": "u1", "flag": True, "risk": None, "login": 900},
    fields={"blocked": False, "roles": frozenset({"sre"})},
    captures={"number": 7},
    headers={"x-event": "ping"},
    unreadable=frozenset({"x-other"}),
    client_ip="10.0.0.1",
    peer_ip="::1",
    grants=frozenset({"bulk"}),
)
DOWN = replace(FACTS, fields=None, grants=None)
ANONYMOUS = replace(FACTS, issuer=None, claims={}, fields=None)


@pytest.mark.parametrize(
    ("expr", "value", "down"),
    [
        (SUB, "u1", "u1"), (RISK, ABSENT, ABSENT), (("claim", "undeclared"), ABSENT, ABSENT), (LEVEL, ABSENT, FAULT),
        (ROLES, frozenset({"sre"}), FAULT), (PATH_NUMBER, 7, 7), (EVENT, "ping", "ping"),
        (("header", "x-none"), ABSENT, ABSENT), (("header", "x-other"), FAULT, FAULT), (CLIENT, "10.0.0.1", "10.0.0.1"),
        (PEER, "::1", "::1"), (GRANTS, frozenset({"bulk"}), FAULT), (("issuer", "corp"), True, True),
        (("issuer", None), False, False), (("present", RISK), False, False), (("present", LEVEL), False, FAULT),
        (("else", RISK, number(3)), 3, 3), (("else", LEVEL, number(3)), 3, FAULT),
        (("older", LOGIN, 99_999_999), True, True), (("older", LOGIN, 100_000_000), False, False),
        (("older", RISK, 5), FAULT, FAULT), (eq(RISK, number(1)), FAULT, FAULT), (("not", BLOCKED), True, FAULT),
        (("and", FLAG, BLOCKED), False, FAULT), (("or", FLAG, BLOCKED), True, True),
        (("and", ("not", FLAG), BLOCKED), False, False), (("or", RISK, FLAG), True, True),
    ],
)  # fmt: skip
def test_values(expr: Expr, value: Any, down: Any) -> None:
    assert evaluate(expr, FACTS) == value
    assert evaluate(expr, DOWN) == down


def test_anonymous_has_no_metadata_rather_than_a_fault() -> None:
    assert evaluate(("present", LEVEL), ANONYMOUS) is False
    assert evaluate(("issuer", None), ANONYMOUS) is True
    assert evaluate(("not", ("and", ("not", ("issuer", None)), BLOCKED)), ANONYMOUS) is True


def test_true_is_not_one() -> None:
    assert evaluate(("and", ("lit", "int", 1), FLAG), FACTS) is FAULT


def test_every_node_has_its_value_and_its_place_in_preorder() -> None:
    expr = ("and", ("or", ("present", RISK), eq(RISK, number(1))), ("in", text("sre"), ROLES), FLAG)
    walked = walk(expr, FACTS)
    nodes, waiting = {}, [walked]
    while waiting:
        node = waiting.pop()
        nodes[node.index] = node
        waiting.extend(node.operands)
    assert [nodes[i].expr for i in range(size(walked))] == list(preorder(expr))
    assert [nodes[i].value for i in (0, 1, 2, 4, 7, 10)] == [
        FAULT, FAULT, False, FAULT, True, True
    ]  # fmt: skip
    assert all(node.value == evaluate(node.expr, FACTS) for node in nodes.values())
    assert walked.truth is None
