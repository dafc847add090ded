import pytest

from policylang.check.select_places import grants_by_route
from tests.policylang.check.rule_sets import CORP, ORDERS, checked, route, sound, told

POLICIES = 'policy free { grants "look" }\npolicy gold { grants "look", "buy" }\n'


def grants(condition: str, select: str) -> list[str]:
    return told(POLICIES + f"{select}\nallow x on orders when {condition}\n")


def test_two_selects_for_one_route_are_told_once_for_the_pair() -> None:
    text = POLICIES + route("items") + "select policy on orders, items { use free otherwise }\n"
    assert told(text + "select policies on all { add gold always }\n") == ["R501"]
    assert told(
        text + "select policy on items { use gold otherwise }\nselect policy on orders { use gold otherwise }\n"
    ) == [
        "R501",
        "R501",
    ]


def test_selects_of_other_routes_do_not_meet() -> None:
    text = POLICIES + route("items") + "select policy on orders { use free otherwise }\n"
    assert told(text + "select policy on items { use gold otherwise }\n") == []


@pytest.mark.parametrize(
    ("condition", "select", "codes"),
    [
        ('"buy" in policy.grants', "select policy on orders { use gold otherwise }", ["R733"]),
        ('"look" in policy.grants', "select policy on orders { use claims.plan }", []),
        ('"buy" in policy.grants', "select policy on orders { use claims.plan }", []),
        ('"buy" in policy.grants', "select policy on orders { use free otherwise }", ["R733", "R232"]),
    ],
)
def test_what_the_policies_of_a_route_may_grant(condition: str, select: str, codes: list[str]) -> None:
    assert grants(condition, select) == codes


def test_a_misspelt_policy_might_have_granted_anything() -> None:
    assert grants('"buy" in policy.grants', "select policy on orders { use fre otherwise }") == ["R252"]


def test_without_a_select_nothing_is_granted() -> None:
    assert told('allow x on orders when "buy" in policy.grants\n') == ["R211"]


def test_policies_named_by_metadata_count_as_used() -> None:
    text = POLICIES + 'metadata { fresh within 30s  plans: set of one of "free", "gold" default [] }\n'
    module = sound(text + "select policies on orders { add metadata.plans  refuse otherwise }\n")
    assert module.selects[0].arms[0].when is None


def test_selects_are_numbered_by_their_routes_and_not_by_their_order() -> None:
    text = (
        POLICIES
        + route("aaa")
        + "select policy on orders { use free otherwise }\nselect policy on aaa { use gold otherwise }\n"
    )
    module = checked(text + CORP + ORDERS).module
    assert module is not None
    assert [(select.index, select.routes) for select in module.selects] == [(0, ("aaa",)), (1, ("orders",))]


@pytest.mark.parametrize(("words", "arm"), [("select policy", "use"), ("select policies", "add")])
def test_the_first_words_of_both_selects_are_shown(words: str, arm: str) -> None:
    text = "policy free { }\n" + f"{words} on orders {{ {arm} free otherwise }}\n" * 2
    (complaint,) = [found for found in checked(text + CORP + ORDERS).diagnostics if found.code == "R501"]
    start = len("language 1\n")
    places = [label.span for label in complaint.labels]
    assert [text[span.start - start : span.end - start] for span in places] == [words, words]
    assert places[1].start < places[0].start


def test_every_select_has_its_names() -> None:
    with pytest.raises(ValueError, match="zip"):
        grants_by_route((), {}, (frozenset(),))
