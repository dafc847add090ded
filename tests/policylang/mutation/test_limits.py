import pytest

from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

POLICIES = """policy gold { rate 5 per 1s burst 3   quota 1_000 per day   grants "a", "b" }
policy free { rate 1 per 1s burst 1   quota unlimited   grants "a" }
policy slim { concurrent 2 held at most 1min }
select policy on both, solo { use slim when claims.plan == "free"   use gold when claims.plan == "gold"   use free otherwise }
"""
LIMIT = "limit shared on solo by route { quota 3 per day   on outage deny }\n"
GOLD = 'plan: "gold"'


@pytest.mark.parametrize(
    ("operator", "changes"),
    [
        ("change_rate", [("rate 5 per 1s burst 3", "rate 4 per 1s burst 3"), ("rate 5 per 1s burst 3", "rate 6 per 1s burst 3"),
                         ("rate 1 per 1s burst 1", "rate 2 per 1s burst 1")]),
        ("change_burst", [("rate 5 per 1s burst 3", "rate 5 per 1s burst 2"), ("rate 5 per 1s burst 3", "rate 5 per 1s burst 4"),
                          ("rate 1 per 1s burst 1", "rate 1 per 1s burst 2")]),
        ("change_quota", [("quota 1_000 per day", "quota 1001 per day"), ("quota 1_000 per day", "quota 999 per day"),
                          ("quota 3 per day", "quota 2 per day"), ("quota 3 per day", "quota 4 per day")]),
        ("change_concurrency", [("concurrent 2 held at most 1min", "concurrent 1 held at most 1min"),
                                ("concurrent 2 held at most 1min", "concurrent 3 held at most 1min")]),
        ("drop_grant", [('grants "a", "b"', 'grants "b"'), ('grants "a", "b"', 'grants "a"'), ('grants "a"', "")]),
        ("drop_limit", [("limit shared on solo by route { quota 3 per day on outage deny }", "")]),
    ],
)  # fmt: skip
def test_the_mutants(operator: str, changes: list[tuple[str, str]]) -> None:
    found = rule_set(BASE + POLICIES + LIMIT)
    assert found.changes(operator) == changes
    assert all(found.variants.of(mutant) is not None for mutant in found.mutants(operator))


def after_a_while(wait: str, answer: str) -> str:
    return (
        f'test "{wait}" {{ token corp {{ sub: "u" plan: "gold" }} request GET "/solo" repeat 2 after {wait}'
        f' request GET "/solo" expect {answer} }}\n'
    )


@pytest.mark.parametrize(
    ("operator", "after", "sharp", "blunt"),
    [
        ("change_burst", "rate 5 per 1s burst 4",
         asking(GOLD, "repeat 2", "expect allow", "repeat 1", "expect deny 429 by gold"), asking(GOLD, "expect allow")),
        ("change_burst", "rate 5 per 1s burst 2", asking(GOLD, "repeat 2", "expect allow"), asking(GOLD, "expect allow")),
        ("change_rate", "rate 4 per 1s burst 3", after_a_while("200ms", "allow"), after_a_while("300ms", "allow")),
        ("change_rate", "rate 6 per 1s burst 3", after_a_while("199ms", "deny 429"), after_a_while("100ms", "deny 429")),
        ("change_quota", "quota 1001 per day",
         'test "q" { token corp { sub: "u" plan: "gold" } used 1_000 of gold quota request GET "/solo" expect deny 429 }\n',
         asking(GOLD, "expect allow")),
        ("change_quota", "quota 999 per day",
         'test "q" { token corp { sub: "u" plan: "gold" } used 999 of gold quota request GET "/solo" expect allow }\n',
         'test "q" { token corp { sub: "u" plan: "gold" } used 998 of gold quota request GET "/solo" expect allow }\n'),
    ],
)  # fmt: skip
def test_by_one(operator: str, after: str, sharp: str, blunt: str) -> None:
    assert fates(BASE + POLICIES, operator, after, sharp=sharp, blunt=blunt) == NOTICED


def test_a_limit_fewer() -> None:
    sharp = asking(GOLD, "repeat 2", "expect allow charged limit shared")
    assert fates(BASE + POLICIES + LIMIT, "drop_limit", "", sharp=sharp, blunt=asking(GOLD, "expect allow")) == NOTICED


def test_a_grant_fewer() -> None:
    rules = BASE.replace("solo always", 'solo when "b" in policy.grants') + POLICIES.replace(
        'grants "a" }', 'grants "b" }'
    ).replace('use slim when claims.plan == "free"', "")
    gold, free = asking(GOLD, "expect allow"), asking("", "expect allow")
    assert fates(rules, "drop_grant", 'grants "a"', sharp=gold, blunt=free) == NOTICED
