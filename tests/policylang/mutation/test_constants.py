import pytest

from policylang.mutation.constants import stepped
from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set


def deny(condition: str) -> str:
    return f"{BASE}deny d on solo when {condition}\n"


@pytest.mark.parametrize(
    ("operator", "condition", "changes"),
    [
        ("change_number", "claims.age > 5", ["claims.age > 6", "claims.age > 4"]),
        ("change_number", "claims.age > 0", ["claims.age > 1", "claims.age > -1"]),
        ("change_number", "claims.age - 1 > 5", ["claims.age - 2 > 5", "claims.age - 0 > 5", "claims.age - 1 > 6",
                                                 "claims.age - 1 > 4"]),
        ("change_number", "claims.age - 0 > 5", ["claims.age - 1 > 5", "claims.age - (-1) > 5", "claims.age - 0 > 6",
                                                 "claims.age - 0 > 4"]),
        ("change_number", "claims.age - 5 > -1", ["claims.age - 6 > -1", "claims.age - 4 > -1", "claims.age - 5 > 0",
                                                  "claims.age - 5 > -2"]),
        ("change_number", "claims.age > 1_000 - 998",
         ["claims.age > 1001 - 998", "claims.age > 999 - 998", "claims.age > 1_000 - 999", "claims.age > 1_000 - 997"]),
        ("change_number", "(claims.risk ?? 7) > 50",
         ["(claims.risk ?? 8) > 50", "(claims.risk ?? 6) > 50", "(claims.risk ?? 7) > 51", "(claims.risk ?? 7) > 49"]),
        ("change_number", "claims.login older than 15min",
         ["claims.login older than 16min", "claims.login older than 14min"]),
        ("change_number", "claims.login older than 1d", ["claims.login older than 2d"]),
        ("change_constant", 'claims.plan == "gold"', ['claims.plan == "lead"']),
        ("change_constant", 'claims.plan == "lead"', ['claims.plan == "free"']),
        ("change_constant", 'claims.tenant == "acme"', []),
        ("change_constant", "claims.staff == true", ["claims.staff == false"]),
        ("drop_item", 'claims.tenant in ["a", "b", "c"]',
         ['claims.tenant in ["b", "c"]', 'claims.tenant in ["a", "c"]', 'claims.tenant in ["a", "b"]']),
        ("drop_item", 'claims.tenant in ["a"]', []),
        ("drop_item", 'client.ip not in ["10.0.0.0/8", "fd00::/8"]',
         ['client.ip not in ["fd00::/8"]', 'client.ip not in ["10.0.0.0/8"]']),
    ],
)  # fmt: skip
def test_the_mutants(operator: str, condition: str, changes: list[str]) -> None:
    assert sorted(after for _, after in rule_set(deny(condition)).changes(operator)) == sorted(changes)


@pytest.mark.parametrize("text", ["5 > claims.age", "claims.age - 0 > 5", "claims.age - 5 > -1"])
def test_what_is_changed_is_still_a_rule_set(text: str) -> None:
    found = rule_set(deny(text))
    assert found.mutants("change_number")
    for mutant in found.mutants("change_number"):
        assert found.variants.of(mutant) is not None, mutant.after(found.tree)


@pytest.mark.parametrize(
    ("text", "step", "changed"),
    [("15min", 1, "16min"), ("1_500ms", -1, "1499ms"), ("1d", -1, None), ("2d", -1, "1d"), ("7", 1, "8")],
)
def test_one_unit_more_or_less(text: str, step: int, changed: str | None) -> None:
    assert stepped(text, step) == changed


def test_a_constant_of_a_let_is_changed_where_it_stands() -> None:
    found = rule_set(f'{BASE}let paying = claims.plan == "gold"\ndeny d on solo when paying\n')
    assert found.changes("change_constant") == [('claims.plan == "gold"', 'claims.plan == "lead"')]


@pytest.mark.parametrize(
    ("operator", "condition", "after", "sharp", "blunt"),
    [
        ("change_number", "claims.age > 5", "claims.age > 6",
         asking("age: 6", "expect deny 403"), asking("age: 7", "expect deny 403") + asking("age: 5", "expect allow")),
        ("change_number", "claims.age > 5", "claims.age > 4",
         asking("age: 5", "expect allow"), asking("age: 7", "expect deny 403") + asking("age: 4", "expect allow")),
        ("change_number", "claims.login older than 15min", "claims.login older than 16min",
         asking("login: 930s ago", "expect deny 403"),
         asking("login: 20min ago", "expect deny 403") + asking("login: 10min ago", "expect allow")),
        ("change_constant", 'claims.plan == "gold"', 'claims.plan == "lead"',
         asking('plan: "gold"', "expect deny 403"), asking('plan: "free"', "expect allow")),
        ("change_constant", "claims.staff == true", "claims.staff == false",
         asking("staff: true", "expect deny 403"), asking("", "expect deny 405", method="PUT")),
        ("drop_item", 'claims.tenant in ["a", "b"]', 'claims.tenant in ["a"]',
         asking('tenant: "b"', "expect deny 403"), asking('tenant: "a"', "expect deny 403")),
    ],
)  # fmt: skip
def test_sharp_and_blunt(operator: str, condition: str, after: str, sharp: str, blunt: str) -> None:
    assert fates(deny(condition), operator, after, sharp=sharp, blunt=blunt) == NOTICED
