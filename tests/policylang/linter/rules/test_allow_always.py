"""L001: `always` opens a route to every token; where no token is asked for, it is the only way."""

from tests.policylang.linter.linting import findings, places

HEALTH = 'route health { match GET on "/health"   trust anonymous   upstream "http://127.0.0.1:9000" }\n'


def test_an_anonymous_route_is_left_alone() -> None:
    assert places("L001", f"{HEALTH}allow ping on health always\n") == []


def test_a_scope_with_both_kinds_of_route_names_the_guarded_one() -> None:
    (found,) = findings("L001", f"{HEALTH}allow ping on orders, health always\n")
    assert found.title == "`ping` lets every valid token of `corp` in"
    assert found.labels[0].text == "always, on `orders`"


def test_a_shadow_allow_opens_nothing() -> None:
    assert places("L001", "shadow allow read_all on orders always\n") == []


def test_where_anonymous_requests_are_taken_too_everybody_is_meant() -> None:
    both = 'route orders { match GET on "/o"   trust corp, anonymous   upstream "http://127.0.0.1:9000" }\n'
    assert places("L001", f"{both}allow see on orders always\n") == []
