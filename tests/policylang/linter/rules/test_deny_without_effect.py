"""L004: denies that meet no allow, on no route and with no issuer."""

import pytest

from tests.policylang.linter.linting import places

GOLD = 'allow read on orders for GET when claims.plan == "gold"\n'


def test_a_deny_that_excludes_every_allow_is_found() -> None:
    assert places("L004", f'{GOLD}deny free on orders when claims.plan == "free"\n') == ["free"]


@pytest.mark.parametrize(
    "deny",
    [
        "deny risky on orders when claims.risk absent or claims.risk > 50\n",
        'deny free on orders when claims.plan == "free" answer step_up "mfa"\n',
        (
            "metadata { blocked: bool default false }\n"
            'deny free on orders when claims.plan == "free" and metadata.blocked\n'
        ),
    ],
    ids=["meets", "changes-the-answer", "may-fault"],
)
def test_what_decides_something_is_left_alone(deny: str) -> None:
    assert places("L004", GOLD + deny) == []


def test_a_method_that_nothing_allows() -> None:
    route = 'route orders { match GET, POST on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    assert places("L004", f'{route}{GOLD}deny posts on orders for POST when claims.plan == "gold"\n') == ["posts"]


def test_one_issuer_that_can_meet_it_is_enough() -> None:
    staff = """issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128) }
}
route orders { match GET on "/orders"   trust corp, staff   upstream "http://127.0.0.1:9000" }
"""
    allow = "allow read on orders when issuer is staff\n"
    assert places("L004", f"{staff}{allow}deny other on orders when issuer is corp\n") == ["other"]
    assert places("L004", f'{staff}{allow}deny other on orders when claims.sub == "x"\n') == []


def test_a_wide_scope_is_for_routes_that_are_added_later() -> None:
    assert places("L004", f'{GOLD}deny free on all when claims.plan == "free"\n') == []
