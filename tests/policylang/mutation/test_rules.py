import pytest

from tests.policylang.mutation.mutated import BASE, NOTICED, ROUTES, asking, fates, rule_set

PLAIN = asking("", "expect allow")
GOLD = asking('plan: "gold"', "expect deny 403 by d")
DENY = f'{BASE}deny d on solo when claims.plan == "gold"'


@pytest.mark.parametrize(
    ("operator", "rule", "changes"),
    [
        ("swap_effect", 'deny d on solo when claims.plan == "gold"', [("deny d", "allow d")]),
        ("swap_effect", 'shadow deny d on solo when claims.plan == "gold"', []),
        ("drop_rule", 'deny d on solo when claims.plan == "gold"', [('deny d on solo when claims.plan == "gold"', "")]),
        ("drop_unless", 'deny d on solo when claims.plan == "gold" unless ("a" in claims.scope)',
         [('unless ("a" in claims.scope)', "")]),
        ("drop_until", "allow d on solo always until 2030-01-01T00:00:00Z", [("until 2030-01-01T00:00:00Z", "")]),
        ("drop_methods", "allow d on solo for GET, POST always", [("for GET, POST", "")]),
        ("drop_method", "allow d on solo for GET, POST always",
         [("for GET, POST", "for POST"), ("for GET, POST", "for GET")]),
        ("drop_method", "allow d on solo for GET always", []),
        ("drop_step_up", 'deny d on solo when claims.staff answer step_up "mfa"', [('answer step_up "mfa"', "")]),
    ],
)  # fmt: skip
def test_the_mutants(operator: str, rule: str, changes: list[tuple[str, str]]) -> None:
    own = [change for change in rule_set(f"{BASE}{rule}\n").changes(operator) if "z on both" not in change[0]]
    assert [change for change in own if change[0] != "allow z"] == changes


def test_the_other_effect() -> None:
    assert fates(f"{DENY}\n", "swap_effect", "allow d", sharp=GOLD, blunt=PLAIN) == NOTICED
    found = rule_set(f"{BASE}allow also on solo always\n{PLAIN}")
    assert found.judged("swap_effect", "deny also").fate == "noticed"


def test_no_rule() -> None:
    found = rule_set(f"{DENY}\n{GOLD}")
    (deny,) = [one for one in found.mutants("drop_rule") if "deny" in one.before(found.tree)]
    assert deny.hint == "Send a request that deny d alone decides."
    named = rule_set(f"{ROUTES}allow z on both always\nallow y on solo always\nallow x on solo always\n{PLAIN}")
    fates_of = {
        mutant.before(named.tree): named.variants.of(mutant) is not None for mutant in named.mutants("drop_rule")
    }
    assert fates_of == {
        "allow z on both always": False,  # then nothing would be allowed there, which the checker refuses
        "allow y on solo always": True,
        "allow x on solo always": True,
    }


def test_no_exception() -> None:
    rules = f'{DENY} unless "a" in claims.scope\n'
    excused = asking('plan: "gold" scope: "a"', "expect allow")
    assert fates(rules, "drop_unless", "", sharp=excused, blunt=GOLD + PLAIN) == NOTICED


def test_no_end() -> None:
    rules = f"{ROUTES}allow z on both always\nallow a on solo always until 2027-01-01T00:00:00Z\n"
    after = 'test "late" { at 2027-01-01T00:00:00Z token corp { sub: "u" } request GET "/solo" expect deny 403 }\n'
    assert fates(rules, "drop_until", "", sharp=after, blunt=PLAIN) == NOTICED


def test_all_methods_and_one_fewer() -> None:
    rules = f"{ROUTES}allow z on both always\nallow a on solo for GET always\n"
    post = asking("", "expect deny 403", method="POST")
    assert fates(rules, "drop_methods", "", sharp=post, blunt=PLAIN) == NOTICED
    rules = rules.replace("for GET", "for GET, POST")
    post = asking("", "expect allow", method="POST")
    assert fates(rules, "drop_method", "for GET", sharp=post, blunt=PLAIN) == NOTICED


def test_no_step_up() -> None:
    rules = f'{DENY} answer step_up "mfa"\n'
    asked = asking('plan: "gold"', 'expect deny 401 by d step_up "mfa"')
    assert fates(rules, "drop_step_up", "", sharp=asked, blunt=PLAIN) == NOTICED


def test_a_shadow_is_noticed_by_what_it_says() -> None:
    rules = f'{BASE}shadow deny s on solo when claims.plan == "gold"\n'
    sharp = asking('plan: "gold"', "expect allow shadow deny s is true")
    after = 'claims.plan != "gold"'
    assert fates(rules, "flip_comparison", after, sharp=sharp, blunt=asking('plan: "gold"', "expect allow")) == NOTICED
