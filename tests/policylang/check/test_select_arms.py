import pytest

from policylang.check.model import Ref
from tests.policylang.check.rule_sets import route, sound, told

POLICIES = "policy free { quota 10 per day }\npolicy gold { quota 20 per day }\n"


@pytest.mark.parametrize(
    ("arms", "codes"),
    [
        ("use free otherwise", ["R733"]),
        ("use fre otherwise", ["R252"]),
        ("use claims.plan", []),
        ('use gold when claims.plan == "gold"  use claims.plan', []),
        ("use claims.sub", ["R230", "R733", "R733"]),
        ("use claims.scope", ["R230", "R733", "R733"]),
        ("use gold when claims.risk > 5  use free otherwise", ["R204"]),
        ("use gold when claims.nothing == 1  use fre otherwise", ["R201", "R252"]),
    ],
)
def test_arms_of_a_select_policy(arms: str, codes: list[str]) -> None:
    assert sorted(told(POLICIES + f"select policy on orders {{ {arms} }}\n")) == codes


def test_a_claim_that_names_the_policy_arrives_as_a_reference() -> None:
    select = sound(POLICIES + "select policy on orders { use claims.plan }\n").selects[0]
    policy = select.arms[0].policy
    assert isinstance(policy, Ref)
    assert (policy.root, policy.name, policy.optional) == ("claims", "plan", False)


def test_an_arm_on_routes_that_are_not_there_is_not_judged() -> None:
    assert told(POLICIES + "select policy on ordrs { use claims.whatever }\n") == ["R733", "R733", "R252"]


ANYONE = route("shop", trust="corp, anonymous")


@pytest.mark.parametrize(
    ("arms", "codes"),
    [
        ("use fre when issuer is corp  use gold when issuer is corp  refuse otherwise", ["R252"]),
        ("use gold when claims.nothing == 1  refuse otherwise", ["R201"]),
        ("use gold when claims.nothing == 1  use fre otherwise", ["R201", "R252"]),
    ],
)
def test_an_arm_with_a_mistake_is_not_judged_any_further(arms: str, codes: list[str]) -> None:
    """Neither as one that counts the anonymous, nor as one that hides what comes after it."""
    found = told(POLICIES + ANYONE + f"select policy on shop {{ {arms} }}\n")
    assert sorted(code for code in found if code != "R733") == codes
