import pytest

from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

BOTH = 'claims.plan == "gold" and "a" in claims.scope'
EITHER = 'claims.plan == "gold" or "a" in claims.scope'
GUARDED = "claims.risk present and claims.risk > 50"
DENIED = asking('plan: "gold" scope: "a"', "expect deny 403 by d")
PLAIN = asking("", "expect allow")


def deny(condition: str) -> str:
    return f"{BASE}deny d on solo when {condition}\n"


@pytest.mark.parametrize(
    ("operator", "condition", "changes"),
    [
        ("drop_condition", BOTH, ['"a" in claims.scope', 'claims.plan == "gold"']),
        ("drop_condition", f'({BOTH}) or claims.plan == "lead"',
         ['claims.plan == "lead"', '"a" in claims.scope', 'claims.plan == "gold"', f"({BOTH})"]),
        ("drop_condition", f'"b" in claims.scope and ((({EITHER})))',
         [f"((({EITHER})))", '"b" in claims.scope', '"a" in claims.scope', 'claims.plan == "gold"']),
        ("drop_guard", GUARDED, ["claims.risk > 50"]),
        ("drop_condition", GUARDED, ["claims.risk present"]),
        ("flip_junction", BOTH, [EITHER]),
        ("flip_junction", EITHER, [BOTH]),
        ("flip_junction", f'{BOTH} and claims.plan != "lead"', [f'{EITHER} or claims.plan != "lead"']),
        ("flip_junction", f'{BOTH} and not ("b" in claims.scope or "c" in claims.scope)',
         [f'{EITHER} or not ("b" in claims.scope or "c" in claims.scope)', '"b" in claims.scope and "c" in claims.scope']),
        ("negate", BOTH, [f"not ({BOTH})"]),
        ("negate", "claims.staff", ["not claims.staff"]),
        ("negate", "not claims.staff", ["claims.staff", "not claims.staff"]),
        ("negate", f"not ({EITHER})", [f"({EITHER})"]),
        ("negate", 'claims.plan == "gold"', []),
        ("negate", "claims.login older than 5min", ["not (claims.login older than 5min)"]),
        ("negate", 'claims.tenant matches "a*"', ['not (claims.tenant matches "a*")']),
    ],
)  # fmt: skip
def test_the_mutants(operator: str, condition: str, changes: list[str]) -> None:
    found = [after for _, after in rule_set(deny(condition)).changes(operator)]
    assert sorted(found) == sorted(changes)


def test_what_is_in_parentheses_right_behind_a_word() -> None:
    rules = f"{BASE}deny d on solo when({EITHER})and(not(claims.staff))\n"
    found = rule_set(rules)
    assert sorted(after for _, after in found.changes("negate")) == [
        "(claims.staff)",
        f"not (({EITHER})and(not(claims.staff)))",
        "not claims.staff",
    ]
    for operator in ("negate", "drop_condition", "flip_junction"):
        for mutant in found.mutants(operator):
            assert found.variants.of(mutant) is not None, mutant.after(found.tree)


def test_a_part_that_is_dropped() -> None:
    sharp = DENIED + asking('plan: "gold"', "expect allow")
    assert fates(deny(BOTH), "drop_condition", 'claims.plan == "gold"', sharp=sharp, blunt=DENIED + PLAIN) == NOTICED
    sharp = asking('scope: "a"', "expect deny 403 by d")
    assert fates(deny(EITHER), "drop_condition", 'claims.plan == "gold"', sharp=sharp, blunt=DENIED + PLAIN) == NOTICED


def test_a_guard_that_is_dropped() -> None:
    rules = f'{BASE}deny d on both when issuer is corp and claims.plan == "gold"\n'
    corp = asking('plan: "gold"', "expect deny 403 by d", path="/both/acme")
    partner = asking('plan: "gold"', "expect allow", path="/both/acme", issuer="partner")
    assert fates(rules, "drop_guard", 'claims.plan == "gold"', sharp=partner, blunt=corp) == NOTICED
    assert rule_set(deny(GUARDED) + PLAIN).judged("drop_guard", "claims.risk > 50").fate == "refused"


def test_the_other_word() -> None:
    sharp = asking('plan: "gold"', "expect allow")
    assert fates(deny(BOTH), "flip_junction", EITHER, sharp=sharp, blunt=DENIED + PLAIN) == NOTICED


def test_the_opposite() -> None:
    rules = deny("claims.staff")
    denied = asking("staff: true", "expect deny 403")
    elsewhere = asking("", "expect allow", path="/both/acme")
    assert fates(rules, "negate", "not claims.staff", sharp=denied, blunt=elsewhere) == NOTICED


def test_what_would_notice_is_said_in_a_sentence() -> None:
    found = rule_set(deny(BOTH))
    first = found.mutants("drop_condition")[0]
    assert first.hint == (
        'Test deny d with a request for which `claims.plan == "gold"` is false and what stands beside it is true.'
    )
    assert found.tree.text_of(first.span) == 'claims.plan == "gold"'
