from dataclasses import replace
from typing import Literal

import pytest

from policylang.check import model
from policylang.reference.evaluate import evaluate, glob, truth, within
from policylang.reference.values import ABSENT, FAULT, Facts, StuckError
from policylang.source.spans import NOWHERE
from policylang.syntax.nodes import CompareOp
from policylang.typesys.terms import Bool, Cidr, Int, Ip, SetOf, Text, Time, Type

FACTS = Facts(
    now=100_000_001,
    issuer="corp",
    claims={"n": 5, "t": "abc", "s": frozenset({"a", "b"}), "gone": ABSENT, "when": 90, "net": "10.1.0.0/16"},
    metadata=FAULT,
    captures={"id": 7},
    headers={"x-a": "v"},
    client_ip="10.1.2.3",
    peer_ip="::1",
    grants=frozenset({"g"}),
)


def lit(value: model.Value, type_: Type | None = None) -> model.Lit:
    term: Type = Bool() if isinstance(value, bool) else Int(0, 9) if isinstance(value, int) else Text()
    return model.Lit(NOWHERE, type_ or (SetOf(Text()) if isinstance(value, frozenset) else term), value)


def claims(name: str, type_: Type | None = None) -> model.Ref:
    return model.Ref(NOWHERE, type_ or Text(), "claims", name, False)


TRUE, FALSE = lit(True), lit(False)
BROKEN = model.Ref(NOWHERE, Bool(), "metadata", "x", False)
STUCK = model.Compare(NOWHERE, Bool(), "==", claims("gone"), lit("x"))


@pytest.mark.parametrize(
    ("operands", "conjunction", "disjunction"),
    [
        ((TRUE, TRUE), True, True),
        ((TRUE, FALSE), False, True),
        ((FALSE, FALSE), False, False),
        ((TRUE, BROKEN), FAULT, True),
        ((BROKEN, TRUE), FAULT, True),
        ((FALSE, BROKEN), False, FAULT),
        ((BROKEN, FALSE), False, FAULT),
        ((BROKEN, BROKEN), FAULT, FAULT),
        ((BROKEN, TRUE, FALSE), False, True),
    ],
)
def test_strong_kleene(operands: tuple[model.TypedExpr, ...], conjunction: object, disjunction: object) -> None:
    assert truth(model.And(NOWHERE, Bool(), operands), FACTS) is conjunction
    assert truth(model.Or(NOWHERE, Bool(), operands), FACTS) is disjunction


def test_not_keeps_faults() -> None:
    assert truth(model.Not(NOWHERE, Bool(), TRUE), FACTS) is False
    assert truth(model.Not(NOWHERE, Bool(), BROKEN), FACTS) is FAULT


def test_a_guard_on_the_left_keeps_the_right_from_being_asked() -> None:
    present = model.Present(NOWHERE, Bool(), claims("gone"))
    assert truth(model.And(NOWHERE, Bool(), (present, STUCK)), FACTS) is False
    assert truth(model.Or(NOWHERE, Bool(), (model.Not(NOWHERE, Bool(), present), STUCK)), FACTS) is True
    with pytest.raises(StuckError):
        truth(STUCK, FACTS)


def test_presence_and_default_see_absence_only() -> None:
    assert truth(model.Present(NOWHERE, Bool(), claims("n")), FACTS) is True
    assert truth(model.Present(NOWHERE, Bool(), BROKEN), FACTS) is FAULT
    assert evaluate(model.Coalesce(NOWHERE, Text(), claims("gone"), lit("d")), FACTS) == "d"
    assert evaluate(model.Coalesce(NOWHERE, Text(), claims("t"), lit("d")), FACTS) == "abc"
    assert evaluate(model.Coalesce(NOWHERE, Bool(), BROKEN, TRUE), FACTS) is FAULT
    known = replace(FACTS, metadata={"x": ABSENT})
    assert evaluate(model.Coalesce(NOWHERE, Bool(), BROKEN, TRUE), known) is True


@pytest.mark.parametrize(
    ("left", "op", "right", "expected"),
    [
        (lit(5), "==", claims("n"), True), (lit(5), "<", claims("n"), False), (lit(5), "<=", claims("n"), True),
        (lit(6), ">", claims("n"), True), (lit(5), ">=", claims("n"), True), (lit(5), "!=", claims("n"), False),
        (lit("B"), "<", lit("a"), True), (lit("e\u0301"), "==", lit("\u00e9"), False), (TRUE, "==", TRUE, True),
        (lit(frozenset("ab")), "==", claims("s"), True), (lit(frozenset("a")), "!=", claims("s"), True),
    ],
)  # fmt: skip
def test_comparisons(left: model.TypedExpr, op: CompareOp, right: model.TypedExpr, expected: bool) -> None:
    assert truth(model.Compare(NOWHERE, Bool(), op, left, right), FACTS) is expected


def test_a_truth_value_is_no_number() -> None:
    with pytest.raises(StuckError):
        truth(model.Compare(NOWHERE, Bool(), "==", TRUE, lit(1)), FACTS)
    with pytest.raises(StuckError):
        truth(lit(1), FACTS)
    with pytest.raises(StuckError):
        evaluate(model.Arith(NOWHERE, Int(0, 9), "+", TRUE, lit(1)), FACTS)


def test_faults_pass_through_operators() -> None:
    for broken in (
        model.Compare(NOWHERE, Bool(), "==", BROKEN, TRUE),
        model.In(NOWHERE, Bool(), lit("a"), BROKEN),
        model.Older(NOWHERE, Bool(), BROKEN, 1),
        model.TextTest(NOWHERE, Bool(), "starts", BROKEN, "a"),
        model.Arith(NOWHERE, Int(0, 9), "+", lit(1), BROKEN),
    ):
        assert evaluate(broken, FACTS) is FAULT


def test_older_is_exact() -> None:
    when = claims("when", Time())
    assert truth(model.Older(NOWHERE, Bool(), when, 10_000_000), FACTS) is True
    assert truth(model.Older(NOWHERE, Bool(), when, 10_000_001), FACTS) is False


def test_membership() -> None:
    assert truth(model.In(NOWHERE, Bool(), lit("a"), claims("s", SetOf(Text()))), FACTS) is True
    assert truth(model.In(NOWHERE, Bool(), lit("ab"), claims("s", SetOf(Text()))), FACTS) is False
    for every, container, expected in (
        (False, "bc", True),
        (False, "c", False),
        (True, "abc", True),
        (True, "a", False),
    ):
        meets = model.Meets(NOWHERE, Bool(), claims("s", SetOf(Text())), lit(frozenset(container)), every)
        assert truth(meets, FACTS) is expected


def test_membership_in_networks() -> None:
    nets = lit(frozenset({"10.0.0.0/8", "fd00::/8"}), SetOf(Cidr()))
    client = model.Ref(NOWHERE, Ip(), "client", "ip", False)
    peer = model.Ref(NOWHERE, Ip(), "peer", "ip", False)
    assert truth(model.In(NOWHERE, Bool(), client, nets), FACTS) is True
    assert truth(model.In(NOWHERE, Bool(), peer, nets), FACTS) is False
    assert truth(model.In(NOWHERE, Bool(), claims("net", Cidr()), nets), FACTS) is True


@pytest.mark.parametrize(
    ("item", "network", "expected"),
    [("10.0.0.0/7", "10.0.0.0/8", False), ("10.0.0.0/8", "10.0.0.0/8", True), ("::a00:1", "10.0.0.0/8", False),
     ("10.0.0.1", "::/0", False), ("fd00::1", "fd00::/8", True)],
)  # fmt: skip
def test_within(item: str, network: str, expected: bool) -> None:
    assert within(item, network) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True), ("?", "", False), ("a*b", "ab", True), ("a*b", "axxb", True), ("a*b", "axbx", False),
        ("a.c", "abc", False), ("[a]", "a", False), ("[a]", "[a]", True), ("*a*", "bab", True), ("??", "\U0001f600x",
        True),
        ("", "", True), ("", "x", False), ("a*", "a\n", True), ("**", "x", True), ("\\*", "\\x", True),
    ],
)  # fmt: skip
def test_glob(pattern: str, text: str, expected: bool) -> None:
    assert glob(pattern, text) is expected


def test_text_tests_are_literal_and_case_sensitive() -> None:
    def holds(op: Literal["starts", "ends", "matches"], pattern: str) -> object:
        return truth(model.TextTest(NOWHERE, Bool(), op, claims("t"), pattern), FACTS)

    assert holds("starts", "ab") is True
    assert holds("starts", "") is True
    assert holds("starts", "Ab") is False
    assert holds("ends", "bc") is True
    assert holds("ends", "") is True
    assert holds("ends", "xabc") is False
    assert holds("matches", "a?c") is True


def test_other_references() -> None:
    assert evaluate(model.Ref(NOWHERE, Int(0, 99), "path", "id", False), FACTS) == 7
    assert evaluate(model.Ref(NOWHERE, SetOf(Text()), "policy", "grants", False), FACTS) == frozenset({"g"})
    assert evaluate(model.Ref(NOWHERE, Text(), "header", "x-b", True), FACTS) is ABSENT
    assert evaluate(model.Ref(NOWHERE, Text(), "claims", "undeclared_here", True), FACTS) is ABSENT
    assert truth(model.IssuerIs(NOWHERE, Bool(), "corp"), FACTS) is True
    assert truth(model.IssuerIs(NOWHERE, Bool(), None), FACTS) is False
    assert truth(model.IssuerIs(NOWHERE, Bool(), None), replace(FACTS, issuer=None)) is True


def test_arithmetic() -> None:
    assert evaluate(model.Arith(NOWHERE, Int(0, 9), "-", lit(1), claims("n")), FACTS) == -4
    assert evaluate(model.Arith(NOWHERE, Int(0, 9), "+", lit(1), claims("n")), FACTS) == 6
