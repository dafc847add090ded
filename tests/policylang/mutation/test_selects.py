from policylang.mutation.judge import judge
from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

FIRST = """policy gold { rate 5 per 1s burst 5 }
policy free { rate 1 per 1s burst 1 }
select policy on solo {
  use gold when claims.plan == "gold"
  use free when "a" in claims.scope
  use free otherwise
}
"""
EVERY = FIRST.replace("select policy", "select policies").replace("use", "add")
GOLD, FREE, LAST = 'use gold when claims.plan == "gold"', 'use free when "a" in claims.scope', "use free otherwise"


def test_an_arm_fewer() -> None:
    assert rule_set(BASE + FIRST).changes("drop_arm") == [(GOLD, ""), (FREE, ""), (LAST, "")]

    def fate_of_gold(tests: str) -> str:
        found = rule_set(BASE + FIRST + tests)
        (judged, *_) = judge(found.mutants("drop_arm"), found.variants, found.cases, None, lambda _done: None)
        return judged.fate

    assert fate_of_gold(asking('plan: "gold"', "expect allow policy gold")) == "noticed"
    assert fate_of_gold(asking('plan: "gold"', "expect allow")) == "survived"


def test_a_select_says_what_happens_when_no_arm_holds() -> None:
    found = rule_set(BASE + FIRST)
    assert [found.variants.of(mutant) is None for mutant in found.mutants("drop_arm")] == [False, False, True]


def test_two_arms_the_other_way_round() -> None:
    assert rule_set(BASE + FIRST).changes("swap_arms") == [
        (f"{GOLD} {FREE}", f"{FREE} {GOLD}"),
        (f"{FREE} {LAST}", f"{LAST} {FREE}"),
    ]
    both = asking('plan: "gold" scope: "a"', "expect allow policy gold")
    one = asking('plan: "gold"', "expect allow policy gold") + asking('scope: "a"', "expect allow policy free")
    assert fates(BASE + FIRST, "swap_arms", f"{FREE} {GOLD}", sharp=both, blunt=one) == NOTICED
    assert rule_set(BASE + FIRST + both).judged("swap_arms", f"{LAST} {FREE}").fate == "refused"


def test_where_all_arms_count_there_is_no_order() -> None:
    found = rule_set(BASE + EVERY)
    assert found.changes("swap_arms") == []
    assert len(found.changes("drop_arm")) == 3
