import pytest

from tests.policylang.check.rule_sets import CORP, ORDERS, checked, only, sound, told

POLICIES = "policy free { quota 10 per day }\npolicy gold { quota 20 per day }\n"
GOLD = 'when claims.plan == "gold"'


@pytest.mark.parametrize(
    ("select", "codes"),
    [
        (f"policy on orders {{ use gold {GOLD}  use free otherwise }}", []),
        (f"policy on orders {{ use gold {GOLD}  refuse otherwise }}", []),
        ("policy on orders { use claims.plan }", []),
        (f"policy on orders {{ use gold {GOLD} }}", ["R502"]),
        ("policy on orders { }", ["R502"]),
        (f"policy on orders {{ use free otherwise  use gold {GOLD} }}", ["R503"]),
        ("policy on orders { use claims.plan  use free otherwise }", ["R503"]),
        ("policy on orders { use free otherwise  refuse otherwise }", ["R503"]),
        (f"policy on orders {{ use gold {GOLD}  use free {GOLD}  refuse otherwise }}", ["R249"]),
        (f"policies on orders {{ add gold {GOLD}  add free otherwise }}", []),
        (f"policies on orders {{ add gold {GOLD}  refuse otherwise }}", []),
        (f"policies on orders {{ add gold {GOLD}  add free always }}", []),
        (f"policies on orders {{ refuse otherwise  add gold {GOLD} }}", []),
        (f"policies on orders {{ add gold {GOLD} }}", ["R502"]),
        ("policies on orders { }", ["R502"]),
        ("policies on orders { add free always  refuse otherwise }", ["R503"]),
        (f"policies on orders {{ add gold {GOLD}  add free otherwise  refuse otherwise }}", ["R255"]),
        (f"policies on orders {{ add gold {GOLD}  add free {GOLD}  refuse otherwise }}", []),
    ],
)
def test_endings(select: str, codes: list[str]) -> None:
    assert [code for code in told(f"{POLICIES}select {select}\n") if code != "R733"] == codes


def test_a_set_of_policies_may_be_empty_so_it_is_no_ending() -> None:
    text = POLICIES + 'metadata { fresh within 30s  plans: set of one of "free", "gold" default [] }\n'
    assert told(text + "select policies on orders { add metadata.plans }\n") == ["R502"]
    assert told(text + "select policies on orders { add metadata.plans  add free otherwise }\n") == []


def test_the_otherwise_of_a_select_policy_is_its_last_arm() -> None:
    select = sound(f"{POLICIES}select policy on orders {{ use gold {GOLD}  use free otherwise }}\n").selects[0]
    assert [(arm.policy, arm.when is None) for arm in select.arms] == [("gold", False), ("free", True)]
    assert (select.every, select.otherwise) == (False, None)


def test_to_refuse_is_no_arm() -> None:
    for form, word in (("policy", "use"), ("policies", "add")):
        select = sound(f"{POLICIES}select {form} on orders {{ {word} gold {GOLD}  refuse otherwise }}\n").selects[0]
        assert [arm.policy for arm in select.arms] == ["gold"]
        assert select.otherwise is None


def test_the_otherwise_of_a_select_policies_stands_apart() -> None:
    select = sound(f"{POLICIES}select policies on orders {{ add gold {GOLD}  add free otherwise }}\n").selects[0]
    assert [arm.policy for arm in select.arms] == ["gold"]
    assert (select.every, select.otherwise) == (True, "free")


def test_a_select_is_shown_by_its_first_words() -> None:
    text = "select policies on orders { }\n"
    span = only(text).span
    assert f"language 1\n{text}"[span.start : span.end] == "select policies"


def test_a_second_otherwise_is_told_in_words() -> None:
    text = f"{POLICIES}select policies on orders {{ add gold {GOLD}  add free otherwise  refuse otherwise }}\n"
    (complaint,) = [found for found in checked(text + CORP + ORDERS).diagnostics if found.code == "R255"]
    assert complaint.title == "this `select policies` has `otherwise` twice"
