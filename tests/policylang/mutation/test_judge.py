import pytest

from policylang.mutation.judge import judge
from policylang.mutation.mutant import Mutant
from tests.policylang.mutation.mutated import BASE, RuleSet, asking, rule_set

DENY = f'{BASE}deny d on solo when claims.plan == "gold"\n'
GOLD = asking('plan: "gold"', "expect deny 403 by d")


def fates(found: RuleSet, mutants: list[Mutant], limit: int | None = None) -> list[str]:
    return [one.fate for one in judge(mutants, found.variants, found.cases, limit, lambda _done: None)]


def test_the_case_that_noticed_is_named() -> None:
    found = rule_set(DENY + GOLD)
    judged = found.judged("flip_comparison", 'claims.plan != "gold"')
    assert (judged.fate, judged.by) == ("noticed", "corp plan: 'gold' GET /solo expect deny 403 by d")
    assert rule_set(DENY).judged("flip_comparison", 'claims.plan != "gold"').by == ""


def test_a_change_without_another_meaning_is_not_run() -> None:
    found = rule_set(f'{BASE}deny d on solo when not (claims.staff or claims.plan == "gold")\n')
    flips = found.mutants("flip_comparison")
    assert fates(found, [*flips, *flips]) == ["survived", "equivalent"], "the second is the first once more"
    found = rule_set(f"{BASE}allow y on solo when claims.staff\n")
    narrowed = [one for one in found.mutants("swap_effect") if one.after(found.tree) == "deny y"]
    assert fates(found, narrowed) == ["survived"]


def test_no_more_than_the_limit_is_run_and_what_is_not_run_does_not_count() -> None:
    found = rule_set(DENY + GOLD)
    drops = found.mutants("drop_rule")
    assert fates(found, drops) == ["refused", "noticed"]
    flips = found.mutants("flip_comparison")
    assert fates(found, [*drops, *flips], limit=1) == ["refused", "noticed"]
    assert fates(found, [*drops, *flips], limit=2) == ["refused", "noticed", "noticed"]


def test_it_tells_how_far_it_is() -> None:
    found, heard = rule_set(DENY + GOLD), list[int]()
    judge(found.mutants("drop_rule"), found.variants, found.cases, None, heard.append)
    assert heard == [1, 2]


def test_cases_must_pass_on_the_rules_as_they_are() -> None:
    found, other = rule_set(DENY + GOLD), rule_set(DENY.replace("gold", "lead"))
    with pytest.raises(ValueError, match="fails on the rules as they are"):
        judge([], other.variants, found.cases, None, lambda _done: None)
