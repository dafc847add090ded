from policylang.check import model
from policylang.check.expr_types import BOOL
from policylang.coverage.possible import cases, possible
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Enum, Int
from tests.policylang.coverage.measured import ROUTES, checked

MODULE = checked(ROUTES + "allow a on both, solo always\n")[2]
CORP = model.IssuerIs(NOWHERE, BOOL, "corp")
RISK = model.Ref(NOWHERE, Int(0, 100), "claims", "risk", True)
PLAN = model.Ref(NOWHERE, Enum(("free", "gold", "lead")), "claims", "plan", False)


def plan_is(name: str) -> model.Compare:
    return model.Compare(NOWHERE, BOOL, "==", PLAN, model.Lit(NOWHERE, PLAN.type, name))


def test_who_can_ask_is_each_issuer_of_the_routes_once() -> None:
    assert [case.issuer for case in cases(MODULE, ("both",))] == ["corp", "partner"]
    assert [case.issuer for case in cases(MODULE, ("both", "solo"))] == ["corp", "partner"]
    assert [case.issuer for case in cases(MODULE, ("solo",))] == ["corp"]


def test_an_issuer_test_is_settled_where_there_is_one_issuer() -> None:
    assert possible([(CORP, False)], cases(MODULE, ("both",)))
    assert not possible([(CORP, False)], cases(MODULE, ("solo",)))
    assert possible([(CORP, True)], cases(MODULE, ("solo",)))


def test_a_claim_that_no_caller_has_is_never_present() -> None:
    present = model.Present(NOWHERE, BOOL, RISK)
    assert possible([(present, True)], cases(MODULE, ("solo",)))
    assert not possible([(present, True), (CORP, False)], cases(MODULE, ("both",)))
    assert possible([(model.Not(NOWHERE, BOOL, present), True)], cases(MODULE, ("solo",)))


def test_values_that_exclude_each_other() -> None:
    asking = cases(MODULE, ("solo",))
    assert not possible([(plan_is("free"), True), (plan_is("gold"), True)], asking)
    assert not possible([(plan_is(name), False) for name in ("free", "gold", "lead")], asking)
    assert possible([(plan_is(name), False) for name in ("free", "gold")], asking)
    assert not possible([], ())
