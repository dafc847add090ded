import pytest

from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

AT_50 = asking("risk: 50", "expect allow")
RISK = "claims.risk present and claims.risk {} 50"


def deny(condition: str) -> str:
    return f"{BASE}deny d on both, solo when {condition}\n"


@pytest.mark.parametrize(
    ("operator", "condition", "after"),
    [
        ("flip_comparison", 'claims.plan == "gold"', 'claims.plan != "gold"'),
        ("flip_comparison", 'claims.plan != "gold"', 'claims.plan == "gold"'),
        ("flip_comparison", 'claims.plan=="gold"', 'claims.plan!="gold"'),
        ("flip_comparison", "(claims.tenant) == claims.sub", "(claims.tenant) != claims.sub"),
        ("flip_comparison", "claims.age < 5", "claims.age <= 5"),
        ("flip_comparison", "claims.age <= 5", "claims.age < 5"),
        ("flip_comparison", "claims.age > 5", "claims.age >= 5"),
        ("flip_comparison", "claims.age >= 5", "claims.age > 5"),
        ("flip_membership", '"a" in claims.scope', '"a" not in claims.scope'),
        ("flip_membership", '"a" not in claims.scope', '"a" in claims.scope'),
        ("flip_membership", '"a" not  in claims.scope', '"a" in claims.scope'),
        ("flip_membership", 'claims.plan in["free"]', 'claims.plan not in["free"]'),
        ("flip_quantifier", 'any of ["a", "b"] in claims.scope', 'all of ["a", "b"] in claims.scope'),
        ("flip_quantifier", 'all of ["a", "b"] in claims.scope', 'any of ["a", "b"] in claims.scope'),
        ("flip_presence", 'header["X-A"] present', 'header["X-A"] absent'),
        ("flip_presence", 'header["X-A"] absent', 'header["X-A"] present'),
        ("flip_issuer", "issuer is corp", "issuer is not corp"),
        ("flip_issuer", "issuer is not corp", "issuer is corp"),
        ("flip_text_test", 'claims.tenant starts with "a"', 'claims.tenant ends with "a"'),
        ("flip_text_test", 'claims.tenant ends with "a"', 'claims.tenant starts with "a"'),
    ],
)
def test_the_mutants(operator: str, condition: str, after: str) -> None:
    found = rule_set(deny(condition))
    assert found.changes(operator) == [(" ".join(condition.split()), after)]
    assert found.variants.of(found.mutants(operator)[0]) is not None


def test_what_has_no_opposite_in_one_word_is_left_to_other_operators() -> None:
    found = rule_set(deny('claims.tenant matches "a*" or claims.staff'))
    assert [found.changes(name) for name in ("flip_text_test", "flip_comparison", "flip_presence")] == [[], [], []]


@pytest.mark.parametrize(
    ("operator", "condition", "after", "sharp", "blunt"),
    [
        ("flip_comparison", 'claims.plan == "gold"', 'claims.plan != "gold"',
         asking('plan: "gold"', "expect deny 403"), asking("", "expect deny 405", method="PUT")),
        ("flip_comparison", RISK.format(">"), "claims.risk >= 50",
         AT_50, asking("risk: 49", "expect allow") + asking("risk: 51", "expect deny 403")),
        ("flip_comparison", RISK.format("<"), "claims.risk <= 50",
         AT_50, asking("risk: 49", "expect deny 403") + asking("risk: 51", "expect allow")),
        ("flip_membership", '"a" in claims.scope', '"a" not in claims.scope',
         asking('scope: "a"', "expect deny 403"), asking("", "expect deny 405", method="PUT")),
        ("flip_quantifier", 'any of ["a", "b"] in claims.scope', 'all of ["a", "b"] in claims.scope',
         asking('scope: "b"', "expect deny 403"), asking('scope: "a b"', "expect deny 403") + asking("", "expect allow")),
        ("flip_presence", 'header["X-A"] present', 'header["X-A"] absent',
         asking("", "expect allow"), asking("", "expect deny 405", method="PUT")),
        ("flip_text_test", 'claims.tenant starts with "a"', 'claims.tenant ends with "a"',
         asking('tenant: "ab"', "expect deny 403"), asking('tenant: "aba"', "expect deny 403")),
    ],
)  # fmt: skip
def test_sharp_and_blunt(operator: str, condition: str, after: str, sharp: str, blunt: str) -> None:
    rules = (
        deny(condition) if "risk" not in condition else deny(condition).replace("on both, solo when", "on solo when")
    )
    assert fates(rules, operator, after, sharp=sharp, blunt=blunt) == NOTICED


def test_another_issuer() -> None:
    corp = asking("", "expect deny 403", path="/both/acme")
    assert fates(deny("issuer is corp"), "flip_issuer", "issuer is not corp", sharp=corp, blunt="") == NOTICED
