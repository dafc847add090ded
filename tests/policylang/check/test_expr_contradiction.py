"""What can never hold together, and that nothing else is called so."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check import model
from policylang.check.expr_contradiction import Store, clash, disjoint, impossible
from policylang.check.expr_patterns import holds
from policylang.source.spans import Span
from policylang.typesys.terms import Bool, Cidr, Enum, Int, Ip, SetOf, Text, Time, Type

HERE = Span(0, 0, 0)
TEXT = Text()


def ref(name: str, type_: Type = TEXT) -> model.Ref:
    return model.Ref(HERE, type_, "claims", name, False)


PLAN, RISK, ADMIN = ref("plan", Enum(("a", "b", "c"))), ref("risk", Int(0, 3)), ref("admin", Bool())
SCOPE, WHO, OTHER = ref("scope", SetOf(Text())), ref("who"), ref("other")
WHEN = ref("when", Time())
ADDRESS = model.Ref(HERE, Ip(), "client", "ip", False)


def lit(value: model.Value, type_: Type = TEXT) -> model.Lit:
    return model.Lit(HERE, type_, value)


def eq(left: model.TypedExpr, value: model.Value, op: str = "==") -> model.Compare:
    return model.Compare(HERE, Bool(), op, left, lit(value, left.type))  # type: ignore[arg-type]


def not_(expr: model.TypedExpr) -> model.Not:
    return model.Not(HERE, Bool(), expr)


def and_(*operands: model.TypedExpr) -> model.And:
    return model.And(HERE, Bool(), operands)


def or_(*operands: model.TypedExpr) -> model.Or:
    return model.Or(HERE, Bool(), operands)


def among(item: model.TypedExpr, *values: str) -> model.In:
    return model.In(HERE, Bool(), item, lit(frozenset(values), SetOf(Text())))


def has(value: str) -> model.In:
    return model.In(HERE, Bool(), lit(value), SCOPE)


def meets(*values: str, every: bool) -> model.Meets:
    return model.Meets(HERE, Bool(), lit(frozenset(values), SetOf(Text())), SCOPE, every)


def inside(*nets: str) -> model.In:
    return model.In(HERE, Bool(), ADDRESS, lit(frozenset(nets), SetOf(Cidr())))


def older(micros: int) -> model.Older:
    return model.Older(HERE, Bool(), WHEN, micros)


def issuer(name: str | None) -> model.IssuerIs:
    return model.IssuerIs(HERE, Bool(), name)


def starts(pattern: str) -> model.TextTest:
    return model.TextTest(HERE, Bool(), "starts", WHO, pattern)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (eq(PLAN, "a"), eq(PLAN, "b")),
        (eq(PLAN, "a"), not_(eq(PLAN, "a"))),
        (eq(PLAN, "a"), eq(PLAN, "a", "!=")),
        (among(PLAN, "a", "b"), eq(PLAN, "c")),
        (among(PLAN, "a", "b"), not_(among(PLAN, "a", "b", "c"))),
        (eq(RISK, 1, "<"), eq(RISK, 1, ">=")),
        (eq(RISK, 2, ">"), eq(RISK, 1)),
        (ADMIN, not_(ADMIN)),
        (ADMIN, eq(ADMIN, False)),
        (has("x"), not_(has("x"))),
        (has("x"), not_(meets("x", "y", every=False))),
        (meets("x", "y", every=True), not_(has("y"))),
        (issuer("corp"), issuer("partner")),
        (issuer("corp"), issuer(None)),
        (issuer("corp"), not_(issuer("corp"))),
        (inside("10.0.0.0/8"), inside("11.0.0.0/8", "fd00::/8")),
        (inside("10.1.0.0/16"), not_(inside("10.0.0.0/8"))),
        (older(100), not_(older(50))),
        (starts("a"), starts("b")),
        (starts("ab"), eq(WHO, "b")),
        (model.Compare(HERE, Bool(), "==", WHO, OTHER), model.Compare(HERE, Bool(), "!=", OTHER, WHO)),
        (model.Compare(HERE, Bool(), "<", RISK, OTHER), model.Compare(HERE, Bool(), "<=", OTHER, RISK)),
        (model.Present(HERE, Bool(), WHO), not_(model.Present(HERE, Bool(), WHO))),
        (and_(eq(PLAN, "a"), eq(RISK, 1)), and_(eq(PLAN, "b"), eq(RISK, 1))),
        (or_(eq(PLAN, "a"), eq(PLAN, "b")), eq(PLAN, "c")),
        (not_(or_(eq(PLAN, "a"), ADMIN)), eq(PLAN, "a")),
        (or_(eq(PLAN, "a"), eq(RISK, 1)), and_(eq(PLAN, "b"), eq(RISK, 2))),
        (eq(SCOPE, frozenset({"a"})), eq(SCOPE, frozenset({"b"}))),
    ],
)
def test_never_both(a: model.TypedExpr, b: model.TypedExpr) -> None:
    assert disjoint(a, b)
    assert disjoint(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (eq(PLAN, "a"), eq(WHO, "b")),
        (eq(PLAN, "a"), eq(PLAN, "a")),
        (eq(PLAN, "a", "!="), eq(PLAN, "b", "!=")),
        (eq(RISK, 1, "<="), eq(RISK, 1, ">=")),
        (has("x"), not_(has("y"))),
        (has("x"), not_(meets("x", "y", every=True))),
        (not_(issuer("corp")), not_(issuer("partner"))),
        (inside("10.0.0.0/8"), not_(inside("10.1.0.0/16"))),
        (older(50), not_(older(100))),
        (starts("a"), starts("ab")),
        (or_(eq(PLAN, "a"), eq(PLAN, "b")), eq(PLAN, "b")),
        (model.Present(HERE, Bool(), WHO), eq(WHO, "a")),
        (None, eq(PLAN, "a")),
        (None, None),
    ],
)
def test_perhaps_both(a: model.TypedExpr | None, b: model.TypedExpr | None) -> None:
    assert not disjoint(a, b)
    assert not disjoint(b, a)


def test_a_condition_that_contradicts_itself_meets_nothing() -> None:
    assert disjoint(and_(ADMIN, not_(ADMIN)), None)


def test_exact_types_exclude_more() -> None:
    facts = [(eq(PLAN, value), False) for value in "abc"]
    assert not impossible(facts)
    assert impossible(facts, lambda found: found.type)
    assert impossible([(eq(RISK, 0, ">"), False), (eq(RISK, 0), False)], lambda found: found.type)


def test_a_store_goes_on_from_its_copy() -> None:
    store = Store()
    assert store.add([(or_(eq(PLAN, "a"), eq(PLAN, "b")), True)])
    copy = store.copy()
    assert not copy.add([(eq(PLAN, "c"), True)])
    assert store.add([(eq(PLAN, "b"), True)])


def test_the_clash_is_shown_in_the_order_of_the_source() -> None:
    def at(start: int, expr: model.Compare) -> model.Compare:
        return model.Compare(Span(0, start, start + 1), expr.type, expr.op, expr.left, expr.right)

    first, second, third = at(1, eq(PLAN, "a")), at(5, eq(WHO, "x")), at(3, eq(PLAN, "b"))
    assert clash([first, second, third]) == (first.span, third.span)
    both = model.Or(Span(0, 9, 10), Bool(), (eq(PLAN, "a"), eq(RISK, 1)))
    lone: list[model.TypedExpr] = [both, at(1, eq(PLAN, "b")), at(5, eq(RISK, 2))]
    assert clash(lone) == (None, lone[2].span)


def test_a_test_of_a_text_that_has_few_values_is_put_beside_them() -> None:
    plan = model.TextTest(HERE, Bool(), "starts", PLAN, "b")
    types = Enum(("a", "b", "c"))
    assert Store(lambda _: types).add([(plan, True)])
    assert not Store(lambda _: types).add([(plan, True), (eq(PLAN, "b", "!="), True)])
    assert not Store(lambda _: types).add([(model.TextTest(HERE, Bool(), "starts", PLAN, "z"), True)])


def test_a_clash_with_what_stands_earlier_in_the_source_is_shown_in_its_order_too() -> None:
    early, late = eq(PLAN, "b"), eq(PLAN, "a")
    moved = model.Compare(Span(0, 9, 10), late.type, late.op, late.left, late.right)
    assert clash([moved, early]) == (early.span, moved.span)


def test_of_a_clash_of_three_the_one_that_no_longer_fits_is_shown_and_not_the_last() -> None:
    def at(start: int, expr: model.Compare) -> model.Compare:
        return model.Compare(Span(0, start, start + 1), expr.type, expr.op, expr.left, expr.right)

    both = model.Or(Span(0, 9, 10), Bool(), (eq(PLAN, "a"), eq(RISK, 1)))
    third = at(3, eq(RISK, 2))
    assert clash([both, at(1, eq(PLAN, "b")), third, at(5, eq(WHO, "x"))]) == (None, third.span)


# All conditions over three small values, against every assignment of them.

atoms = st.one_of(
    st.builds(eq, st.just(PLAN), st.sampled_from("abc"), st.sampled_from(("==", "!="))),
    st.builds(eq, st.just(RISK), st.integers(0, 3), st.sampled_from(("==", "!=", "<", "<=", ">", ">="))),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=2).map(lambda values: among(PLAN, *values)),
    st.sampled_from("ab").map(lambda pattern: model.TextTest(HERE, Bool(), "starts", PLAN, pattern)),
    st.just(ADMIN),
)
conditions: st.SearchStrategy[model.TypedExpr] = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(not_),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: and_(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: or_(*parts)),
    ),
    max_leaves=8,
)


def value(expr: model.TypedExpr, plan: str, risk: int, admin: bool) -> bool:
    match expr:
        case model.Not(operand=operand):
            return not value(operand, plan, risk, admin)
        case model.And(operands=operands):
            return all(value(operand, plan, risk, admin) for operand in operands)
        case model.Or(operands=operands):
            return any(value(operand, plan, risk, admin) for operand in operands)
        case model.In(container=model.Lit(value=frozenset() as values)):
            return plan in values
        case model.TextTest(op=op, pattern=pattern):
            return holds(op, plan, pattern)
        case model.Compare(op=op, left=model.Ref(name=name), right=model.Lit(value=right)):
            left = plan if name == "plan" else risk
            order = (left > right) - (left < right)  # type: ignore[operator]
            return {"==": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0}.get(
                op, order >= 0
            )
        case _:
            return admin


WORLDS = list(product("abc", range(4), (True, False)))


@given(st.lists(conditions, min_size=1, max_size=3))
def test_impossible_is_never_wrong(parts: list[model.TypedExpr]) -> None:
    if impossible([(part, True) for part in parts]) or impossible([(p, True) for p in parts], lambda found: found.type):
        assert not any(all(value(part, *world) for part in parts) for world in WORLDS)


@given(conditions, conditions)
def test_disjoint_is_never_wrong(a: model.TypedExpr, b: model.TypedExpr) -> None:
    if disjoint(a, b):
        assert not any(value(a, *world) and value(b, *world) for world in WORLDS)


@given(st.lists(atoms, min_size=1, max_size=4))
def test_conjunctions_of_atoms_are_decided_exactly_where_types_are_known(parts: list[model.TypedExpr]) -> None:
    said = impossible([(part, True) for part in parts], lambda found: found.type)
    assert said is not any(all(value(part, *world) for part in parts) for world in WORLDS) or len(parts) == 1
