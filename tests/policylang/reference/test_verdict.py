import pytest

from policylang.check.model import Ref, Rule, TypedExpr
from policylang.reference.values import FAULT, Facts
from policylang.reference.verdict import Ruling, holds, in_scope, judge, observe
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Bool
from tests.strategies.checked import module, route, rule

FACTS = Facts(10_000_000, "corp", {"yes": True, "no": False}, FAULT, {}, {}, "", "")
ROUTE = route("r", "/r")


def ref(name: str) -> TypedExpr:
    return Ref(NOWHERE, Bool(), "metadata" if name == "broken" else "claims", name, False)


YES, NO, BROKEN = ref("yes"), ref("no"), ref("broken")
GRANT = rule("allow", "grant", YES)


def deny(name: str, condition: TypedExpr, step_up: str | None = None) -> Rule:
    return rule("deny", name, condition, step_up=step_up)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([GRANT], Ruling("allow", "grant")),
        ([], Ruling("no_allow")),
        ([rule("allow", "a", NO)], Ruling("no_allow")),
        ([rule("allow", "a", BROKEN)], Ruling("allow_fault", "a", ("a",))),
        ([rule("allow", "a", BROKEN), GRANT], Ruling("allow", "grant")),
        ([rule("allow", "b", YES), rule("allow", "a", YES)], Ruling("allow", "a")),
        ([GRANT, deny("d", NO)], Ruling("allow", "grant")),
        ([GRANT, deny("d", YES), deny("c", BROKEN)], Ruling("denied", "d")),
        ([GRANT, deny("d", BROKEN), deny("e", BROKEN)], Ruling("deny_fault", "d", ("d", "e"))),
        ([GRANT, deny("d", BROKEN, "mfa")], Ruling("deny_fault", "d", ("d",))),
        ([GRANT, deny("d", YES, "y"), deny("e", YES, "x"), deny("f", NO, "z")], Ruling("step_up", "d", (), ("x", "y"))),
        ([GRANT, deny("a", YES, "y"), deny("e", YES)], Ruling("denied", "e")),
        ([deny("a", YES, "y"), deny("e", BROKEN)], Ruling("step_up", "a", (), ("y",))),
    ],
)
def test_judgement(rules: list[Rule], expected: Ruling) -> None:
    assert judge(in_scope(module(*rules), ROUTE, "GET"), ROUTE, FACTS) == expected


def test_a_credential_is_asked_for_only_where_one_could_help() -> None:
    stranger = Facts(0, None, {}, FAULT, {}, {}, "", "")
    public = route("r", "/r", trust=(), anonymous=True)
    assert judge([rule("allow", "a", rule_false())], ROUTE, stranger).kind == "credential_required"
    assert judge([], ROUTE, stranger).kind == "no_allow"
    assert judge([rule("allow", "a", rule_false())], public, stranger).kind == "no_allow"


def rule_false() -> TypedExpr:
    from policylang.check.model import IssuerIs

    return IssuerIs(NOWHERE, Bool(), "corp")


def test_scope_is_route_and_method() -> None:
    checked = module(
        rule("allow", "a", methods=("POST",)),
        rule("allow", "b", methods=("GET", "POST")),
        rule("allow", "c", routes=("x",)),
    )
    assert [item.name for item in in_scope(checked, ROUTE, "GET")] == ["b"]
    assert [item.name for item in in_scope(checked, ROUTE, "POST")] == ["a", "b"]


def test_until_ends_at_its_instant_even_for_what_would_fault() -> None:
    assert holds(rule("allow", "a", until=11), FACTS) is True
    assert holds(rule("allow", "a", until=10), FACTS) is False
    assert holds(rule("allow", "a", BROKEN, until=10), FACTS) is False
    assert holds(rule("allow", "a", BROKEN, until=11), FACTS) is FAULT


def test_shadows_are_only_observed() -> None:
    rules = [rule("shadow deny", "s", YES), rule("shadow allow", "t", BROKEN), rule("shadow deny", "u", NO), GRANT]
    assert judge(rules, ROUTE, FACTS) == Ruling("allow", "grant")
    assert observe(rules, FACTS) == (("s", "true"), ("t", "fault"), ("u", "false"))
