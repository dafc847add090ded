"""L028: methods that are always refused."""

from tests.policylang.linter.linting import places

ROUTE = 'route orders { match GET, PUT on "/a"   match POST on "/b"   trust corp   upstream "http://127.0.0.1:9000" }\n'


def test_each_method_without_an_allow() -> None:
    assert places("L028", ROUTE) == ["PUT", "POST"]


def test_an_allow_without_methods_is_for_all() -> None:
    assert places("L028", f'{ROUTE}allow rest on orders when claims.plan == "gold"\n') == []


def test_a_shadow_allow_allows_nothing() -> None:
    assert places("L028", f'{ROUTE}shadow allow rest on orders when claims.plan == "gold"\n') == ["PUT", "POST"]
