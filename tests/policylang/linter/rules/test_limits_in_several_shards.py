"""L050: keys are compared, not limits; policies count by identity."""

import pytest

from tests.policylang.linter.linting import findings, places

POLICY = "policy free { rate 5 per 1s burst 10 }\nselect policy on orders { use free otherwise }\n"
SLOTS = "policy free { concurrent 5 held at most 1min }\nselect policy on orders { use free otherwise }\n"
LOOSE = "policy free { quota unlimited }\nselect policy on orders { use free otherwise }\n"


def limit(name: str, by: str) -> str:
    return f"limit {name} on orders by {by} {{ quota 9 per day   on outage deny }}\n"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (limit("a", "identity"), False),
        (limit("a", "route"), False),
        (limit("a", "claims.tenant") + limit("b", "claims.tenant"), False),
        (limit("a", "identity") + limit("b", "identity"), False),
        (limit("a", "identity") + limit("b", "route"), True),
        (limit("a", "claims.tenant") + limit("b", "claims.sub"), True),
        (POLICY, False),
        (POLICY + limit("a", "identity"), False),
        (POLICY + limit("a", "route"), True),
        (SLOTS + limit("a", "route"), True),
        (LOOSE + limit("a", "route"), False),
    ],
)
def test_keys(rules: str, found: bool) -> None:
    assert places("L050", rules) == (["orders"] if found else [])


def test_a_claim_that_names_policies_may_name_one_that_counts() -> None:
    rules = (
        "policy free { quota 5 per day }\npolicy gold { quota unlimited }\n"
        "select policy on orders { use claims.plan }\n" + limit("a", "route")
    )
    assert places("L050", rules) == ["orders"]


def test_the_keys_are_told() -> None:
    (finding,) = findings("L050", POLICY + limit("a", "claims.tenant") + limit("b", "route"))
    assert "by claims.tenant, by identity, by route" in finding.title
