"""L049: tags that do nothing."""

from tests.policylang.linter.linting import places

ROUTE = 'route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000"   tags money, inner }\n'


def test_each_tag_that_no_scope_names() -> None:
    assert places("L049", f"{ROUTE}deny x on routes tagged inner when claims.risk absent\n") == ["money"]


def test_selects_and_limits_have_scopes_too() -> None:
    limit = "limit each on routes tagged money by identity { rate 1 per 1s burst 1   on outage deny }\n"
    headers = "response headers on routes tagged inner { remove Server }\n"
    assert places("L049", ROUTE + limit + headers) == []
