"""Changes that no request could tell from the rules are not made; those that one could are."""

import pytest

from tests.policylang.mutation.mutated import BASE, ROUTES, rule_set

POLICIES = 'policy gold { rate 5 per 1s burst 5   grants "pdf" }\npolicy free { rate 1 per 1s burst 1 }\n'
THIRD = """
route third { match GET on "/third"   trust anonymous   upstream "http://127.0.0.1:9" }
allow y on third always
"""


@pytest.mark.parametrize(
    ("on", "first", "second", "swapped"),
    [
        ("both", "issuer is corp", 'issuer is partner and claims.plan == "gold"', 0),
        ("both", 'issuer is corp and claims.plan == "gold"', 'issuer is corp and claims.plan == "free"', 0),
        ("both", 'claims.plan == "gold"', 'claims.plan == "free"', 0),
        ("both", "claims.age > 5", "claims.age < 3", 0),
        ("both", "claims.age > 5", "claims.age > 3 and claims.staff", 1),
        ("both", 'claims.plan == "gold"', "issuer is partner", 1),
        ("solo", 'claims.plan == "gold"', 'claims.plan == "free" and claims.staff', 0),
    ],
)
def test_arms_that_exclude_each_other_have_no_order(on: str, first: str, second: str, swapped: int) -> None:
    select = f"select policy on {on} {{\n use gold when {first}\n use free when {second}\n refuse otherwise\n}}\n"
    changes = rule_set(f"{BASE}{POLICIES}{select}").changes("swap_arms")
    assert len([one for one in changes if "refuse" not in one[0]]) == swapped


@pytest.mark.parametrize(
    ("rule", "widened"),
    [
        ("allow x on both when issuer is corp and claims.staff", ["solo"]),
        ("allow x on both when issuer is partner and claims.staff", []),
        ("allow x on solo when issuer is corp and claims.staff", ["both"]),
        ("allow x on both for POST when claims.staff", ["solo"]),
        ('deny x on both when header["X-Bad"] present', ["solo", "third"]),
        ('deny x on both for POST when header["X-Bad"] present', ["solo"]),
    ],
)
def test_a_rule_that_is_never_true_on_a_route_is_not_put_there(rule: str, widened: list[str]) -> None:
    found = rule_set(f"{BASE}{THIRD}{rule}\n")
    changes = [mutant.after(found.tree) for mutant in found.mutants("widen_scope") if " x " in mutant.hint + " "
               or mutant.hint.endswith(" x.")]  # fmt: skip
    made = [mutant for mutant in found.mutants("widen_scope") if mutant.hint.endswith(" x.")]
    usable = [mutant.after(found.tree).rpartition(" ")[2] for mutant in made if found.variants.of(mutant) is not None]
    assert usable == widened
    assert len(changes) == len(made)


def test_a_grant_that_no_policy_of_a_route_gives() -> None:
    selects = "select policy on both { use gold otherwise }\nselect policy on solo { use free otherwise }\n"
    rules = f'{BASE}{POLICIES}{selects}allow x on both when "pdf" in policy.grants and claims.staff\n'
    found = rule_set(rules)
    assert [mutant for mutant in found.mutants("widen_scope") if mutant.hint.endswith("allow x.")] == []
    better = rule_set(rules.replace("use free", "use gold"))
    assert len([mutant for mutant in better.mutants("widen_scope") if mutant.hint.endswith("allow x.")]) == 1


def test_a_header_that_is_always_left_out_there() -> None:
    set_risk = 'request headers on solo { set X-Risk "{claims.risk}" omit when absent }\n'
    trusts_partner = ROUTES.replace("trust corp, partner", "trust partner") + "allow z on both, solo always\n"
    assert rule_set(trusts_partner + set_risk).changes("widen_scope") == []
    assert rule_set(BASE + set_risk).changes("widen_scope") == [("on solo", "on solo, both")]
    removes = set_risk.replace("{ set", "{ remove Cookie  set")
    assert rule_set(trusts_partner + removes).changes("widen_scope") == [("on solo", "on solo, both")]


def test_a_guard_that_never_decides() -> None:
    rule = "allow x on both when issuer is corp and {} and claims.staff\n"
    needed = rule_set(BASE + rule.format('claims.plan == "gold"'))
    assert len(needed.changes("drop_guard")) == 1
    assert len(needed.changes("drop_condition")) == 2
    found = rule_set(BASE + rule.format("claims.age > 5 and claims.age > 3"))
    drops = {
        mutant.before(found.tree)[mutant.span.start - mutant.shown.start :]
        for mutant in found.mutants("drop_condition")
    }
    assert {drop.partition(" and ")[0] for drop in drops} == {"claims.age > 5", "claims.staff"}


def test_one_route_more_for_a_shadow_is_for_no_test_to_tell() -> None:
    found = rule_set(f"{BASE}shadow deny d on solo when claims.staff until 2030-01-01T00:00:00Z\n")
    (mutant,) = [one for one in found.mutants("widen_scope") if one.hint.endswith("shadow deny d.")]
    assert "neither" in mutant.unseen
    assert found.judged("widen_scope", "on solo, both").fate == "unseen"
