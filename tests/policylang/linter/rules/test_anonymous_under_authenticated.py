"""L025: holes in a wall."""

import pytest

from tests.policylang.linter.linting import findings, places

ROUTE = 'route {} {{ match GET on "{}"   trust {}   upstream "http://127.0.0.1:9000" }}\n'
ALLOW = "allow open on open always\n"


@pytest.mark.parametrize(
    ("wide", "open_", "found"),
    [
        ("/v1/**", "/v1/health", True),
        ("/v1/**", "/v1", True),
        ("/v1/{tenant: slug}", "/v1/health", True),
        ("/v1/*", "/v1/health", True),
        ("/**", "/health", True),
        ("/v1/{tenant: slug}", "/v1/health/deep", False),
        ("/v1/{tenant: int 0..9}", "/v1/health", False),
        ("/v1/orders", "/v1/**", False),
        ("/v1/**", "/v2/health", False),
    ],
)
def test_by_the_patterns(wide: str, open_: str, found: bool) -> None:
    text = ROUTE.format("orders", wide, "corp") + ROUTE.format("open", open_, "anonymous") + ALLOW
    assert places("L025", text) == ([f'"{open_}"'] if found else [])


def test_a_route_that_takes_anonymous_requests_too_is_a_hole_as_well() -> None:
    text = ROUTE.format("orders", "/v1/**", "corp") + ROUTE.format("open", "/v1/a", "corp, anonymous")
    assert places("L025", text + "allow open on open when issuer is anonymous\n") == ['"/v1/a"']


def test_hosts_that_do_not_meet() -> None:
    one = ROUTE.format("orders", "/v1/**", "corp").replace("trust", 'host "a.example.com"   trust')
    other = ROUTE.format("open", "/v1/a", "anonymous").replace("trust", 'host "b.example.com"   trust')
    assert places("L025", one + other + ALLOW) == []


def test_both_routes_are_shown() -> None:
    text = ROUTE.format("orders", "/v1/**", "corp") + ROUTE.format("open", "/v1/a", "anonymous") + ALLOW
    (found,) = findings("L025", text)
    assert [label.text for label in found.labels][1] == "route `orders` asks for a token"
