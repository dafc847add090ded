"""L027: parts of the path that nobody compares."""

import pytest

from tests.policylang.linter.linting import places

ROUTE = (
    'route orders { match GET on "/v1/{tenant: slug}/{id: slug}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
)


def test_each_unread_capture() -> None:
    assert places("L027", ROUTE) == ["{tenant: slug}", "{id: slug}"]


@pytest.mark.parametrize(
    "use",
    [
        "deny other on orders when claims.tenant != path.tenant\n",
        'deny closed on routes with path.tenant when claims.plan == "free"\n',
        'request headers on orders { set X-Tenant "{path.tenant}" }\n',
        "limit t on orders by path.tenant { rate 1 per 1s burst 1   on outage deny }\n",
    ],
    ids=["condition", "scope", "header", "limit"],
)
def test_what_reads_one(use: str) -> None:
    assert places("L027", ROUTE + use) == ["{id: slug}"]


def test_reading_it_on_another_route_is_not_reading_it_here() -> None:
    other = 'route other { match GET on "/w/{id: slug}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    allow = "allow other on other when claims.tenant == path.id\n"
    assert places("L027", ROUTE + other + allow) == ["{tenant: slug}", "{id: slug}"]


def test_a_capture_in_two_patterns_is_one() -> None:
    route = 'route orders { match GET on "/a/{id: slug}", "/b/{id: slug}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    assert places("L027", route) == ["{id: slug}"]


def test_hosts_capture_too() -> None:
    route = 'route orders { match GET on "/a" host "{shop: slug}.example.com" trust corp upstream "http://127.0.0.1:9000" }\n'
    assert places("L027", route) == ["{shop: slug}"]
