"""L003: the same condition twice, whatever the order of its parts."""

from tests.policylang.linter.linting import places

ROUTE = 'route orders { match GET, POST on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }\n'


def test_the_later_by_name_is_found_once() -> None:
    rules = "".join(f'allow {name} on orders for GET when claims.plan == "gold"\n' for name in ("a", "b", "c"))
    assert places("L003", rules) == ["b", "c"]


def test_sides_and_lets_do_not_hide_it() -> None:
    rules = (
        'let gold = "gold" == claims.plan\nallow a on orders when gold\nallow b on orders when claims.plan == "gold"\n'
    )
    assert places("L003", rules) == ["b"]


def test_methods_that_do_not_meet_make_two_rules() -> None:
    rules = (
        'allow a on orders for GET when claims.plan == "gold"\nallow b on orders for POST when claims.plan == "gold"\n'
    )
    assert places("L003", ROUTE + rules) == []


def test_different_ends_make_two_rules() -> None:
    rules = (
        'allow a on orders when claims.plan == "gold"\n'
        'allow b on orders when claims.plan == "gold" until 2030-01-01T00:00:00Z\n'
    )
    assert places("L003", rules) == []
