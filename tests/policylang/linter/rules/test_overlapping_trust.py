"""L026: who may vouch depends on the path."""

import pytest

from tests.policylang.linter.linting import findings, places

STAFF = """issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
"""
ROUTE = 'route {} {{ match GET on "{}"   trust {}   upstream "http://127.0.0.1:9000" }}\n'
ALLOW = 'allow other on other for GET when "orders:read" in claims.scope\n'


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("/v1/**", "/v1/reports", True),
        ("/v1/{a: slug}/x", "/v1/b/{c: slug}", True),
        ("/v1/{a: slug}", "/v2/{a: slug}", False),
        ("/v1/{a: int 0..9}", "/v1/reports", False),
        ("/v1/a", "/v1/b", False),
        ("/v1/*/x", "/v1/*/y", False),
    ],
)
def test_by_the_patterns(one: str, other: str, found: bool) -> None:
    text = STAFF + ROUTE.format("orders", one, "corp") + ROUTE.format("other", other, "staff") + ALLOW
    assert len(places("L026", text)) == int(found)


def test_a_pair_is_told_once_from_its_more_specific_side() -> None:
    text = STAFF + ROUTE.format("orders", "/v1/**", "corp") + ROUTE.format("other", "/v1/r", "staff") + ALLOW
    (found,) = findings("L026", text)
    assert found.labels[0].text == "route `other` trusts staff"


def test_the_same_trust_is_fine() -> None:
    text = (
        STAFF + ROUTE.format("orders", "/v1/**", "corp, staff") + ROUTE.format("other", "/v1/r", "staff, corp") + ALLOW
    )
    assert places("L026", text) == []


def test_an_anonymous_hole_is_told_by_the_other_rule() -> None:
    text = ROUTE.format("orders", "/v1/**", "corp") + ROUTE.format("other", "/v1/r", "anonymous")
    assert places("L026", f"{text}allow other on other always\n") == []
