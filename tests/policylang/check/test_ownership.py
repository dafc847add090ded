import pytest

from tests.policylang.check.rule_sets import CORP, HEALTH, ORDERS, checked

TOKEN = 'identity token tok on SCOPE { audience "a"  subject claims.sub  lifetime 60s  header X-Identity }\n'


@pytest.mark.parametrize(
    ("item", "foreign"),
    [
        ("allow x on SCOPE always", True),
        ('request headers on SCOPE { set X-A "a" }', True),
        ('response headers on SCOPE { set X-A "a"  remove Server }', True),
        (TOKEN, True),
        ("deny x on SCOPE when claims.risk absent", False),
        ("shadow allow x on SCOPE always", False),
        ("shadow deny x on SCOPE when claims.risk absent", False),
        ("response headers on SCOPE { remove Server }", False),
        ("limit x on SCOPE by route { rate 1 per 1s burst 1 on outage deny }", False),
    ],
)
def test_what_opens_or_speaks_for_a_route_stands_in_its_file(item: str, foreign: bool) -> None:
    own = checked(CORP + ORDERS + item.replace("SCOPE", "orders"))
    assert [d.code for d in own.diagnostics] == []
    other = checked(CORP + ORDERS, others={"other.rules": item.replace("SCOPE", "orders")})
    assert [d.code for d in other.diagnostics] == (["R720"] if foreign else [])


def test_one_foreign_route_in_a_wide_scope_is_enough() -> None:
    text = 'response headers on all { set X-A "a" }\n'
    result = checked(CORP + ORDERS + text, others={"health.rules": HEALTH})
    (diagnostic,) = result.diagnostics
    assert diagnostic.code == "R720"
    assert "`health`" in diagnostic.title
    assert [label.span.file for label in diagnostic.labels] == [1, 0]


def test_a_select_may_stand_anywhere() -> None:
    others = {"policies.rules": "policy free { quota 5 per day }\nselect policy on all { use free otherwise }\n"}
    assert checked(CORP + ORDERS, others=others).diagnostics == ()
