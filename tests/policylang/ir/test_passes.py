"""The passes: each on its own cases, all of them by the law that no value and no fault changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check.model import Arith, Compare, In, Lit, Meets, TextTest, TypedExpr
from policylang.ir.lower import lower, lower_expr
from policylang.ir.nodes import Node
from policylang.ir.passes.dedupe import dedupe
from policylang.ir.passes.flatten import flatten
from policylang.ir.passes.fold import fold
from policylang.ir.passes.negation import negation
from policylang.ir.passes.order import order
from policylang.ir.passes.rewrite import Pass, rewrite, rewrite_logic
from policylang.ir.passes.sequence import PASSES, run, settled
from policylang.plan.model import Expr
from policylang.plan.operators import operands, preorder
from policylang.typesys.terms import Int
from tests.strategies.kleene import every_fact, value
from tests.strategies.modules import (
    BOOL,
    NETS,
    TEXT,
    at,
    both,
    claims,
    conditions,
    either,
    equal,
    everything,
    meta,
    negated,
    shuffled,
    text,
    texts,
    truth,
)  # fmt: skip
from tests.strategies.profile import examples

A, B, C = claims("flag", BOOL, 1), meta("flag", BOOL, 2), claims("flag2", BOOL, 3)
YES, NO = truth(True, 4), truth(False, 5)
a, b, c = ("claim", "flag"), ("meta", "flag"), ("claim", "flag2")


def after(one: Pass, expr: TypedExpr) -> Expr:
    node = one(lower_expr(expr))
    assert len(node.places()) == len(list(preorder(node.expr)))
    return node.expr


def number(n: int) -> Lit:
    return Lit(at(0), Int(-(2**63), 2**63 - 1), n)


@pytest.mark.parametrize(
    ("expr", "folded"),
    [
        (both(A, NO), ("lit", "bool", False)),
        (both(B, NO), ("lit", "bool", False)),
        (either(B, YES), ("lit", "bool", True)),
        (both(A, YES), a),
        (either(NO, B), b),
        (both(YES, YES), ("lit", "bool", True)),
        (either(NO, NO), ("lit", "bool", False)),
        (both(A, YES, B), ("and", a, b)),
        (negated(YES), ("lit", "bool", False)),
        (negated(both(A, NO)), ("lit", "bool", True)),
        (both(A, negated(negated(YES))), a),
        (both(A, B), ("and", a, b)),
        (equal(text("a"), text("a")), ("lit", "bool", True)),
        (equal(text("a"), text("A")), ("lit", "bool", False)),
        (equal(A, A), ("cmp", "eq", a, a)),
        (Compare(at(0), BOOL, "<", number(3), number(3)), ("lit", "bool", False)),
        (Compare(at(0), BOOL, "<=", number(3), number(3)), ("lit", "bool", True)),
        (Compare(at(0), BOOL, "!=", texts("a", "b"), texts("b", "a")), ("lit", "bool", False)),
        (Compare(at(0), BOOL, ">", text("é"), text("z")), ("lit", "bool", True)),
        (Compare(at(0), BOOL, ">", text("b"), text("aa")), ("lit", "bool", True)),
        (In(at(0), BOOL, text("a"), texts("a", "b")), ("lit", "bool", True)),
        (In(at(0), BOOL, text("admin"), texts("superadmin")), ("lit", "bool", False)),
        (Meets(at(0), BOOL, texts("a"), texts("b"), every=False), ("lit", "bool", False)),
        (Meets(at(0), BOOL, texts(), texts("b"), every=True), ("lit", "bool", True)),
        (Meets(at(0), BOOL, texts("a", "c"), texts("a", "b"), every=True), ("lit", "bool", False)),
        (TextTest(at(0), BOOL, "starts", text("abc"), "ab"), ("lit", "bool", True)),
        (TextTest(at(0), BOOL, "ends", text("abc"), "ab"), ("lit", "bool", False)),
        (TextTest(at(0), BOOL, "ends", text("abc"), ""), ("lit", "bool", True)),
        (TextTest(at(0), BOOL, "matches", text("abc"), "a*"), ("glob", ("lit", "text", "abc"), "a*")),
    ],
)
def test_fold(expr: TypedExpr, folded: Expr) -> None:
    found = after(fold, expr)
    assert found == folded
    assert [type(part) for part in found] == [type(part) for part in folded]


def test_fold_computes_integers_within_their_bounds() -> None:
    assert after(fold, Arith(at(0), Int(0, 9), "+", number(2), number(3))) == ("lit", "int", 5)
    assert after(fold, Arith(at(0), Int(0, 9), "-", number(2), number(3))) == ("lit", "int", -1)
    beyond = Arith(at(0), Int(0, 9), "+", number(2**63 - 1), number(1))
    assert after(fold, beyond)[0] == "add"
    for bound, op, start in ((2**63 - 1, "+", 2**63 - 2), (-(2**63), "-", -(2**63) + 1)):
        assert after(fold, Arith(at(0), Int(0, 9), op, number(start), number(1))) == ("lit", "int", bound)  # type: ignore[arg-type]
    below = Arith(at(0), Int(0, 9), "-", number(-(2**63)), number(1))
    assert after(fold, below)[0] == "sub"
    nets = In(at(0), BOOL, Lit(at(0), NETS.item, "10.0.0.0/8"), Lit(at(0), NETS, frozenset({"10.0.0.0/8"})))
    assert after(fold, nets)[0] == "innet"
    assert text("a").type == TEXT


def test_a_folded_node_keeps_its_place() -> None:
    assert fold(lower_expr(both(A, NO, n=9))).span == at(9)
    assert fold(lower_expr(both(A, YES, n=9))).span == at(1)


def test_negation() -> None:
    assert after(negation, negated(negated(B))) == b
    assert after(negation, negated(negated(negated(B)))) == ("not", b)
    assert after(negation, both(negated(negated(A)), B)) == ("and", a, b)
    assert after(negation, negated(both(A, B))) == ("not", ("and", a, b))


def test_flatten() -> None:
    assert after(flatten, both(both(A, B), C)) == ("and", a, b, c)
    assert after(flatten, either(A, either(B, either(C, A)))) == ("or", a, b, c, a)
    assert after(flatten, both(either(A, B), C)) == ("and", ("or", a, b), c)
    assert after(flatten, negated(both(A, negated(both(B, both(C, A)))))) == (
        "not",
        ("and", a, ("not", ("and", b, c, a))),
    )


def test_order() -> None:
    assert after(order, both(B, C, A)) == ("and", a, c, b)
    assert after(order, either(negated(A), A)) == ("or", a, ("not", a))
    assert after(order, both(either(C, A), B)) == ("and", b, ("or", a, c))
    assert after(order, equal(text("b"), text("a"))) == ("cmp", "eq", ("lit", "text", "b"), ("lit", "text", "a"))
    twins = order(lower_expr(both(claims("flag", BOOL, 20), claims("flag", BOOL, 10))))
    assert [operand.span for operand in twins.operands] == [at(10), at(20)]


def test_dedupe() -> None:
    assert after(dedupe, both(A, A)) == a
    assert after(dedupe, either(A, B, A)) == ("or", a, b)
    assert after(dedupe, both(equal(A, YES), equal(A, truth(True, 9)))) == ("cmp", "eq", a, ("lit", "bool", True))
    one, yes = Compare(at(0), BOOL, "==", number(1), number(1)), equal(YES, YES)
    assert after(dedupe, both(one, yes))[0] == "and"
    kept = dedupe(lower_expr(both(claims("flag", BOOL, 1), B, claims("flag", BOOL, 7))))
    assert [operand.span for operand in kept.operands] == [at(1), at(2)]


def test_what_one_pass_leaves_the_next_round_takes() -> None:
    """Two disjunctions that are one in another order, below a disjunction: dedupe makes work for flatten."""
    expr = either(both(either(A, B), either(B, A)), C)
    assert settled(lower_expr(expr)).expr == ("or", a, c, b)
    assert settled(lower_expr(negated(both(negated(A), negated(A))))).expr == a


def test_boolean_logic_inside_comparisons_is_found() -> None:
    expr = equal(both(A, both(B, A)), YES)
    assert settled(lower_expr(expr)).expr == ("cmp", "eq", ("and", a, b), ("lit", "bool", True))


def test_rewriting_makes_nothing_anew_without_need() -> None:
    node = lower_expr(both(A, negated(B), equal(A, C)))
    assert rewrite(node, lambda n: n) is node
    assert rewrite_logic(node, lambda n: n) is node
    seen: list[str] = []

    def note(n: Node) -> Node:
        seen.append(n.op)
        return n

    rewrite_logic(node, note)
    assert seen == ["not", "and"]


def test_a_program_is_taken_through_as_a_whole() -> None:
    module = everything()
    before = lower(module)
    done = run(before)
    assert done.module is module
    assert [node is None for node in done.rules] == [node is None for node in before.rules]
    assert run(before, ()) == before
    assert len(PASSES) == 5


@given(conditions())
@examples(100)
def test_no_value_and_no_fault_changes(expr: TypedExpr) -> None:
    before = lower_expr(expr)
    done = settled(before)
    for facts in every_fact():
        assert value(done.expr, facts) is value(before.expr, facts)
    for one in PASSES:
        part = one(before)
        assert all(value(part.expr, facts) is value(before.expr, facts) for facts in every_fact())


@given(conditions())
@examples(80)
def test_what_is_settled_is_in_canonical_form(expr: TypedExpr) -> None:
    done = settled(lower_expr(expr))
    assert settled(done).expr == done.expr
    assert len(done.places()) == len(list(preorder(done.expr)))
    assert set(done.places()) <= set(lower_expr(expr).places())
    for node in preorder(done.expr):
        inner = operands(node)
        if node[0] in ("and", "or"):
            assert len(set(inner)) == len(inner) >= 2
            assert all(operand[0] not in (node[0], "lit") for operand in inner)
        assert not (node[0] == "not" and inner[0][0] == "not")


@given(st.data())
@examples(50)
def test_order_and_places_of_operands_mean_nothing(data: st.DataObject) -> None:
    expr = data.draw(conditions())
    assert settled(lower_expr(expr)).expr == settled(lower_expr(data.draw(shuffled(expr)))).expr
