import pytest

from tests.policylang.check.rule_sets import HEALTH, only, route, told

POLICIES = 'policy free { quota 10 per day }\npolicy fast { rate 5 per 1s burst 5 }\npolicy guest { grants "look" }\n'
SHOP = route("shop", trust="corp, anonymous")


def counted(select: str) -> list[str]:
    return [code for code in told(POLICIES + SHOP + HEALTH + select + "\n") if code != "R733"]


@pytest.mark.parametrize(
    ("select", "codes"),
    [
        ("select policy on orders { use free otherwise }", []),
        ("select policy on health { use free otherwise }", ["R506"]),
        ("select policy on health { use fast otherwise }", ["R506"]),
        ("select policy on health { use guest otherwise }", []),
        ("select policy on all { use free otherwise }", ["R506"]),
        ("select policy on shop { use free when issuer is corp  refuse otherwise }", []),
        ("select policy on shop { use free when issuer is not anonymous  refuse otherwise }", []),
        ("select policy on shop { use guest when issuer is anonymous  use free otherwise }", []),
        ("select policy on shop { use free when issuer is corp  use fast otherwise }", ["R506"]),
        ('select policy on shop { use free when client.ip in ["10.0.0.0/8"]  refuse otherwise }', ["R506"]),
        ("select policies on shop { add free always }", ["R506"]),
        ("select policies on shop { add guest always  add free when issuer is corp }", []),
        ("select policies on shop { add guest when issuer is anonymous  add free otherwise }", []),
        ("select policies on shop { add free when issuer is corp  add fast otherwise }", ["R506"]),
    ],
)
def test_who_has_no_identity_is_not_counted_by_it(select: str, codes: list[str]) -> None:
    assert counted(select) == codes


def test_the_route_that_takes_the_anonymous_is_named() -> None:
    text = "policy free { quota 10 per day }\n" + HEALTH
    select = "select policy on health { use free otherwise }\n"
    complaint = only(text + select)
    assert complaint.code == "R506"
    assert complaint.title == "policy `free` counts for each identity, and route `health` may have none"
    assert complaint.labels[1].text == "reaches `health`, which trusts anonymous"
    policy, scope = (label.span.start for label in complaint.labels)
    assert policy - scope == select.index("free") - select.index("health")
