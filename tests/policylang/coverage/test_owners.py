import pytest

from policylang.coverage.owners import Owner, askers, covers, owners, stops
from tests.policylang.coverage.measured import ROUTES, checked

RULES = """
policy gold { rate 5 per 1s burst 5 }
select policy on both { use gold when claims.plan == "gold"   use gold when "b" in claims.scope   refuse otherwise }
select policies on solo { add gold when claims.plan == "gold"   add gold when "b" in claims.scope   refuse otherwise }
allow a on both, solo when claims.plan == "free"
allow b on solo for GET always
deny c on solo when claims.plan == "gold" and "a" in claims.scope
deny d on both, solo when "x" in claims.scope unless claims.plan == "lead"
shadow deny e on solo when claims.plan == "lead"
"""


def test_every_condition_with_whose_it_is_and_when_it_is_looked_at() -> None:
    tree, rule_set, module = checked(ROUTES + RULES)
    found = [(one.name, one.step, tree.text_of(one.when.span)) for one in owners(module, rule_set)]
    assert found == [
        ("allow a", "allow", 'claims.plan == "free"'),
        ("deny c", "deny", 'claims.plan == "gold" and "a" in claims.scope'),
        ("deny d", "deny", '"x" in claims.scope'),
        ("shadow deny e", "shadow", 'claims.plan == "lead"'),
        ("select policy", "select", 'claims.plan == "gold"'),
        ("select policy", "select", '"b" in claims.scope'),
        ("select policies", "select", 'claims.plan == "gold"'),
        ("select policies", "select", '"b" in claims.scope'),
    ]


def test_what_is_settled_before_an_owner_is_asked() -> None:
    tree, rule_set, module = checked(ROUTES + RULES)

    def given(owner: Owner) -> list[tuple[str, bool]]:
        return [(tree.text_of(expr.span), value) for expr, value in owner.given]

    by_name = owners(module, rule_set)
    assert given(by_name[4]) == []
    assert given(by_name[5]) == [('claims.plan == "gold"', False)], "the first arm that holds is taken"
    assert given(by_name[7]) == [], "all arms that hold are taken"
    allow = by_name[0]
    assert len(allow.given) == 1, "the deny that covers both its routes and speaks of the plan"


def test_whole_conditions_are_those_with_parts() -> None:
    tree, rule_set, module = checked(ROUTES + RULES)
    wholes = {one.name: [tree.text_of(whole.span) for whole in one.wholes] for one in owners(module, rule_set)}
    assert wholes["deny c"] == ['claims.plan == "gold" and "a" in claims.scope']
    assert wholes["deny d"] == []
    assert wholes["allow a"] == []


@pytest.mark.parametrize(
    ("first", "second", "does"), [("d", "a", True), ("a", "b", True), ("b", "a", False), ("c", "a", False)]
)
def test_one_rule_covers_another(first: str, second: str, does: bool) -> None:
    rules = {rule.name: rule for rule in checked(ROUTES + RULES)[2].rules}
    assert covers(rules[first], rules[second]) is does


def test_who_asks_a_rule() -> None:
    _, _, module = checked(f"{ROUTES}{RULES}deny never on both, solo for GET always\n")
    rules = {rule.name: rule for rule in module.rules}
    assert askers(module, rules["b"]) == (), "every GET is denied before"
    assert [case.issuer for case in askers(module, rules["a"])] == ["corp", "partner"]
    assert [case.issuer for case in askers(module, rules["never"])] == ["corp", "partner"]
    assert stops(module, rules["b"]) == ()
