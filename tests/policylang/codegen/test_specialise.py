from dataclasses import replace
from typing import Any

import pytest

from policylang.codegen.exprs import ABSENT, FALSE, FAULT, TRUE
from policylang.codegen.specialise import Specialiser, junction, negation, pinned
from policylang.plan.model import Expr
from policylang.plan.refused import PlanRefused
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    EVENT,
    FLAG,
    GRANTS,
    LEVEL,
    PATH_TENANT,
    RISK,
    ROLES,
    SUB,
    TENANT,
    Build,
    claim,
    eq,
    issuer,
    number,
    text,
    texts,
)  # fmt: skip

PLAN = Build(anonymous=True).plan()


def corp(expr: Expr) -> Expr:
    return Specialiser(PLAN, PLAN.routes[0], PLAN.issuers[0])(expr)


def robots(expr: Expr) -> Expr:
    return Specialiser(PLAN, PLAN.routes[0], PLAN.issuers[1])(expr)


def anonymous(expr: Expr) -> Expr:
    return Specialiser(PLAN, PLAN.routes[0], None)(expr)


def test_the_issuer_is_a_constant_of_the_cell() -> None:
    guarded = ("and", ("issuer", "corp"), eq(RISK, number(1)))
    assert corp(guarded) == eq(RISK, number(1))
    assert robots(guarded) == FALSE
    assert anonymous(("issuer", None)) == TRUE
    assert anonymous(("not", ("issuer", None))) == FALSE


def test_what_an_issuer_does_not_declare_is_absent() -> None:
    assert robots(("present", RISK)) == FALSE
    assert robots(("else", RISK, number(1))) == number(1)
    assert robots(("cmp", "gt", RISK, number(1))) == FAULT
    assert robots(("older", ("claim", "login"), 5)) == FAULT
    assert robots(("or", ("not", ("present", RISK)), ("cmp", "gt", RISK, number(1)))) == TRUE
    assert robots(RISK) == ABSENT
    assert robots(("not", FLAG)) == FAULT


def test_anonymous_has_neither_claims_nor_metadata() -> None:
    assert anonymous(("present", SUB)) == anonymous(("present", LEVEL)) == FALSE
    assert anonymous(BLOCKED) == ABSENT
    assert anonymous(("in", text("a"), ROLES)) == FAULT


def test_a_pinned_claim_is_a_constant() -> None:
    assert robots(eq(TENANT, PATH_TENANT)) == eq(text("robots"), PATH_TENANT)
    assert robots(eq(TENANT, text("robots"))) == TRUE
    kinds: dict[Any, Expr] = {True: ("bool",), 5: ("time",), -5: ("int", -9, 9), ("a", "b"): ("set", ("slug",))}
    for value, kind in kinds.items():
        one = issuer("one", (claim("x", kind, always=(value,)),))
        lit = Specialiser(replace(PLAN, issuers=(one,)), PLAN.routes[0], one)(("claim", "x"))
        assert lit[0] == "lit"
        assert lit[2] == value


@pytest.mark.parametrize(
    ("value", "kind", "literal"),
    [
        (True, ("bool",), ("lit", "bool", True)), (5, ("time",), ("lit", "int", 5)), (-5, ("int", -9, 9), ("lit", "int", -5)),
        (frozenset({"b", "a"}), ("set", ("slug",)), ("lit", "set", ("a", "b"))), ("a", ("slug",), ("lit", "text", "a")),
    ],
)  # fmt: skip
def test_a_pinned_claim_is_a_literal_of_its_own_kind(value: Any, kind: Expr, literal: Expr) -> None:
    assert pinned(claim("x", kind, always=(value,))) == literal


def test_presence_folds_where_it_is_certain() -> None:
    assert corp(("present", SUB)) == TRUE
    assert corp(("else", SUB, text("a"))) == SUB
    assert corp(("present", RISK)) == ("present", RISK)
    assert corp(("present", ROLES)) == ("present", ROLES), "always there, and still a fault without metadata"
    assert corp(("present", PATH_TENANT)) == TRUE
    assert corp(("present", EVENT)) == ("present", EVENT)


def test_grants_without_a_select_are_empty() -> None:
    assert corp(("in", text("a"), GRANTS)) == FALSE


def test_headers_of_shadow_rules_are_told_apart() -> None:
    shadow = Specialiser(PLAN, PLAN.routes[0], PLAN.issuers[0], frozenset({"x-event"}))
    assert shadow(("present", EVENT)) == ("present", ("shadowed", "x-event"))
    assert shadow(("present", ("header", "x-other"))) == ("present", ("header", "x-other"))


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (("cmp", "lt", number(1), number(2)), TRUE), (("in", text("a"), ("lit", "set", ["a"])), TRUE),
        (("innet", text("10.0.0.1"), ("lit", "nets", ["10.0.0.0/8"])), TRUE), (("glob", text("ab"), "a?"), TRUE),
        (("starts", text("ab"), "b"), FALSE), (("ends", text("ab"), "b"), TRUE),
        (("meets", "any", texts("a"), texts("b")), FALSE), (("meets", "all", texts("a"), texts("a", "b")), TRUE),
        (("add", number(1), number(2)), number(3)), (("sub", number(1), number(2)), number(-1)),
    ],
)  # fmt: skip
def test_closed_expressions_are_evaluated(expr: Expr, value: Expr) -> None:
    assert corp(expr) == value


def test_operands_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(PlanRefused):
        corp(("cmp", "lt", number(1), text("a")))


def test_junctions_fold() -> None:
    risk = eq(RISK, number(1))
    assert junction("and", [TRUE, risk, TRUE]) == risk
    assert junction("and", [risk, FALSE]) == FALSE
    assert junction("or", [risk, TRUE]) == TRUE
    assert junction("and", []) == TRUE
    assert junction("or", [FALSE]) == FALSE
    assert junction("and", [risk, FAULT]) == ("and", risk, FAULT)
    assert junction("and", [("and", FLAG, risk), FLAG]) == ("and", FLAG, risk)
    assert junction("and", [risk, ("present", RISK)]) == ("and", ("present", RISK), risk), "guards come first"
    assert junction("or", [risk, ("not", ("present", RISK))])[1][0] == "not"


def test_negation_folds() -> None:
    assert negation(TRUE) == FALSE
    assert negation(FAULT) == FAULT
    assert negation(ABSENT) == FAULT
    assert negation(("not", FLAG)) == FLAG


def test_a_literal_that_is_read_from_a_document_can_be_a_key() -> None:
    assert corp(("lit", "set", ["a", "b"])) == ("lit", "set", ("a", "b"))
    assert corp(("lit", "nets", ["10.0.0.0/8"])) == ("lit", "nets", ("10.0.0.0/8",))
    assert corp(text("ab")) == ("lit", "text", "ab")
