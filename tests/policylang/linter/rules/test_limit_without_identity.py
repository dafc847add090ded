"""L030: limits that one caller can use up."""

import pytest

from tests.policylang.linter.linting import findings, places

TOTAL = "limit total on orders by {} {{ rate 100 per 1s burst 100   on outage deny }}\n"
EACH = "limit each on orders by identity { rate 10 per 1s burst 20   on outage deny }\n"
POLICY = "policy free { rate 5 per 1s burst 10 }\nselect policy on orders { use free otherwise }\n"


@pytest.mark.parametrize("key", ["route", "claims.tenant", "path.tenant"])
def test_shared_limits_alone(key: str) -> None:
    assert places("L030", TOTAL.format(key)) == ["total"]


@pytest.mark.parametrize("more", [EACH, POLICY], ids=["limit", "policy"])
def test_beside_one_that_counts_the_caller(more: str) -> None:
    assert places("L030", TOTAL.format("route") + more) == []


def test_anonymous_routes_have_nobody_to_count() -> None:
    health = 'route health { match GET on "/health"   trust anonymous   upstream "http://127.0.0.1:9000" }\n'
    text = f"{health}allow ping on health always\n" + TOTAL.format("route").replace("orders", "health")
    assert places("L030", text) == []


def test_addresses_are_callers_too_and_proxies_are_not() -> None:
    assert places("L030", TOTAL.format("client.ip")) == []
    assert places("L030", TOTAL.format("peer.ip")) == ["total"]


def test_the_key_is_told() -> None:
    assert findings("L030", TOTAL.format("claims.tenant"))[0].labels[0].text.startswith("counted by claims.tenant")
