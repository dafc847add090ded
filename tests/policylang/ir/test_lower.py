import pytest

from policylang.check.model import (
    Arith,
    Coalesce,
    Compare,
    In,
    IssuerIs,
    Lit,
    Meets,
    Older,
    Present,
    Ref,
    TextTest,
    TypedExpr,
)  # fmt: skip
from policylang.ir.lower import lower, lower_expr
from policylang.plan.model import Expr
from policylang.typesys import terms
from tests.strategies.modules import (
    BOOL,
    IP,
    NETS,
    RISK,
    TEXT,
    TEXTS,
    TIME,
    at,
    both,
    claims,
    either,
    equal,
    everything,
    meta,
    negated,
    path,
    text,
    texts,
)  # fmt: skip

RISK_REF, FIVE = claims("risk", RISK), Lit(at(0), RISK, 5)
NET_LIT = Lit(at(0), NETS, frozenset({"fd00::/8", "10.0.0.0/8"}))
CLIENT = Ref(at(0), IP, "client", "ip", False)
NET = claims("net", terms.Cidr())

CASES: list[tuple[TypedExpr, Expr]] = [
    (text("a"), ("lit", "text", "a")),
    (FIVE, ("lit", "int", 5)),
    (Lit(at(0), BOOL, True), ("lit", "bool", True)),
    (texts("b", "a"), ("lit", "set", ("a", "b"))),
    (texts(), ("lit", "set", ())),
    (NET_LIT, ("lit", "nets", ("10.0.0.0/8", "fd00::/8"))),
    (equal(RISK_REF, FIVE), ("cmp", "eq", ("claim", "risk"), ("lit", "int", 5))),
    (Compare(at(0), BOOL, ">=", RISK_REF, FIVE), ("cmp", "ge", ("claim", "risk"), ("lit", "int", 5))),
    (negated(meta("flag", BOOL)), ("not", ("meta", "flag"))),
    (both(meta("a", BOOL), meta("b", BOOL)), ("and", ("meta", "a"), ("meta", "b"))),
    (either(meta("b", BOOL), meta("a", BOOL)), ("or", ("meta", "b"), ("meta", "a"))),
    (In(at(0), BOOL, text("a"), claims("scope", TEXTS)), ("in", ("lit", "text", "a"), ("claim", "scope"))),
    (In(at(0), BOOL, CLIENT, NET_LIT), ("innet", ("ip", "client"), ("lit", "nets", ("10.0.0.0/8", "fd00::/8")))),
    (In(at(0), BOOL, NET, claims("nets", NETS)), ("innet", ("claim", "net"), ("claim", "nets"))),
    (Meets(at(0), BOOL, texts("a"), claims("scope", TEXTS), every=False),
     ("meets", "any", ("lit", "set", ("a",)), ("claim", "scope"))),
    (Meets(at(0), BOOL, texts("a"), claims("scope", TEXTS), every=True),
     ("meets", "all", ("lit", "set", ("a",)), ("claim", "scope"))),
    (Present(at(0), BOOL, RISK_REF), ("present", ("claim", "risk"))),
    (Older(at(0), BOOL, claims("auth_time", TIME), 900), ("older", ("claim", "auth_time"), 900)),
    (TextTest(at(0), BOOL, "starts", path("t"), "a"), ("starts", ("path", "t"), "a")),
    (TextTest(at(0), BOOL, "ends", path("t"), "a"), ("ends", ("path", "t"), "a")),
    (TextTest(at(0), BOOL, "matches", path("t"), "a*"), ("glob", ("path", "t"), "a*")),
    (IssuerIs(at(0), BOOL, "corp"), ("issuer", "corp")),
    (IssuerIs(at(0), BOOL, None), ("issuer", None)),
    (Coalesce(at(0), RISK, RISK_REF, FIVE), ("else", ("claim", "risk"), ("lit", "int", 5))),
    (Arith(at(0), RISK, "+", RISK_REF, FIVE), ("add", ("claim", "risk"), ("lit", "int", 5))),
    (Arith(at(0), RISK, "-", RISK_REF, FIVE), ("sub", ("claim", "risk"), ("lit", "int", 5))),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "expr"), CASES)
def test_every_kind_of_node_has_its_operator(typed: TypedExpr, expr: Expr) -> None:
    node = lower_expr(typed)
    assert node.expr == expr
    assert [type(value) for value in node.expr] == [type(value) for value in expr]


def test_each_node_keeps_its_place() -> None:
    compared = equal(claims("flag", BOOL, 1), meta("flag", BOOL, 2), 3)
    node = lower_expr(both(negated(compared, 4), claims("flag", BOOL, 5), n=6))
    assert node.places() == (at(6), at(4), at(3), at(1), at(2), at(5))


def test_truth_is_no_number() -> None:
    assert lower_expr(Lit(at(0), BOOL, True)).expr[1:] == ("bool", True)
    assert lower_expr(FIVE).expr[1] == "int"
    assert text("a").type == TEXT


def test_a_module_is_lowered_in_its_own_order() -> None:
    module = everything()
    program = lower(module)
    assert program.module is module
    assert [node is None for node in program.rules] == [rule.condition is None for rule in module.rules]
    assert [[node is None for node in arms] for arms in program.arms] == [
        [arm.when is None for arm in select.arms] for select in module.selects
    ]
