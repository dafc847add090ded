from policylang.check.model import Arm, CheckedModule, Policy, Quota, Rate, Ref, Select, TypedExpr
from policylang.reference.policies import NotTaken, Taken, choose_policies, fastest, roomiest
from policylang.reference.values import ABSENT, FAULT, Facts
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Bool, Enum, SetOf, Text
from tests.strategies.checked import module

FACTS = Facts(0, "corp", {"yes": True, "no": False, "plan": "a", "plans": frozenset({"a", "b"})}, FAULT, {}, {}, "", "")


def policy(name: str, rate: Rate | None = None, quota: Quota | None = None, *grants: str) -> Policy:
    return Policy(name, rate, quota, frozenset(grants), NOWHERE)


A, B = policy("a", None, None, "x"), policy("b", None, None, "x", "y")


def when(name: str) -> TypedExpr:
    return Ref(NOWHERE, Bool(), "metadata" if name == "broken" else "claims", name, False)


def selecting(every: bool, *arms: tuple[str | Ref, TypedExpr | None], otherwise: str | None = None) -> CheckedModule:
    listed = tuple(Arm(name, condition, NOWHERE) for name, condition in arms)
    return module(policies=(A, B), selects=(Select(0, every, ("r",), listed, otherwise, NOWHERE),))


def names(checked: CheckedModule, facts: Facts = FACTS) -> tuple[str, ...] | NotTaken:
    taken = choose_policies(checked, "r", facts)
    return tuple(item.name for item in taken.policies) if isinstance(taken, Taken) else taken


def test_the_first_arm_that_holds_is_taken() -> None:
    assert names(selecting(False, ("b", when("no")), ("a", None))) == ("a",)
    assert names(selecting(False, ("b", when("yes")), ("a", when("broken")))) == ("b",)
    assert names(selecting(False, ("b", when("no")))) == NotTaken(fault=False)


def test_a_fault_that_is_reached_is_never_the_next_arm() -> None:
    assert names(selecting(False, ("b", when("broken")), ("a", None))) == NotTaken(fault=True)
    assert names(selecting(True, ("b", when("yes")), ("a", when("broken")))) == NotTaken(fault=True)


def test_every_arm_that_holds_is_merged() -> None:
    assert names(selecting(True, ("b", when("yes")), ("a", None))) == ("a", "b")
    assert names(selecting(True, ("b", when("no")), otherwise="a")) == ("a",)
    assert names(selecting(True, ("b", when("no")))) == NotTaken(fault=False)
    taken = choose_policies(selecting(True, ("a", None), ("b", None)), "r", FACTS)
    assert isinstance(taken, Taken)
    assert taken.grants == {"x", "y"}


def test_a_claim_may_name_the_policy() -> None:
    plan = Ref(NOWHERE, Enum(("a", "b")), "claims", "plan", False)
    plans = Ref(NOWHERE, SetOf(Enum(("a", "b"))), "claims", "plans", False)
    broken = Ref(NOWHERE, Text(), "metadata", "plan", False)
    assert names(selecting(False, (plan, None))) == ("a",)
    assert names(selecting(True, (plans, None))) == ("a", "b")
    assert names(selecting(False, (broken, None))) == NotTaken(fault=True)
    assert names(selecting(False, (broken, when("no")), ("a", None))) == ("a",)
    stranger = Facts(0, "corp", {"plan": "zzz", "plans": frozenset(), "no": ABSENT}, FAULT, {}, {}, "", "")
    assert names(selecting(False, (plan, None)), stranger) == NotTaken(fault=False)
    assert names(selecting(True, (plans, None), otherwise="a"), stranger) == ("a",)


def test_a_route_without_select_has_no_policy() -> None:
    assert choose_policies(selecting(False, ("a", None)), "other", FACTS) == Taken(())


def test_the_fastest_rate_and_the_largest_quota() -> None:
    slow, fast = policy("a", Rate(59, 60, 99)), policy("b", Rate(1, 1, 1))
    bursty, later = policy("c", Rate(2, 2, 5)), policy("d", Rate(3, 3, 5))
    assert fastest((slow, fast)) is fast
    assert fastest((slow, fast, bursty, later)) is bursty
    assert fastest((A, B)) is None
    small, large = policy("a", None, Quota(1, "day", None)), policy("b", None, Quota(2, "day", None))
    same, boundless = policy("c", None, Quota(2, "day", None)), policy("d", None, Quota(None, None, None))
    assert roomiest((small, large, same)) is large
    assert roomiest((small, large, boundless)) is boundless
    assert roomiest((A,)) is None
