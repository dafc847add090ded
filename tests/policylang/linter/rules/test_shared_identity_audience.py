"""L036: audiences of identity tokens."""

from tests.policylang.linter.linting import findings, places

ROUTE = 'route other { match GET on "/other"   trust corp   upstream "http://127.0.0.1:%d" }\n'
ALLOW = 'allow other on other when "orders:read" in claims.scope\n'
TOKEN = 'identity token {0} on {1} {{ audience "{2}"   subject claims.sub   lifetime 60s   header X-Identity }}\n'


def test_the_audience_of_the_api() -> None:
    (found,) = findings("L036", TOKEN.format("t", "orders", "https://api.example.com"))
    assert found.labels[1].text == "expects the same audience"


def test_one_audience_for_two_services() -> None:
    tokens = TOKEN.format("a", "orders", "svc") + TOKEN.format("b", "other", "svc")
    assert places("L036", ROUTE % 9001 + ALLOW + tokens) == ["b"]
    assert places("L036", ROUTE % 9000 + ALLOW + tokens) == []


def test_an_audience_each() -> None:
    tokens = TOKEN.format("a", "orders", "svc-a") + TOKEN.format("b", "other", "svc-b")
    assert places("L036", ROUTE % 9001 + ALLOW + tokens) == []
