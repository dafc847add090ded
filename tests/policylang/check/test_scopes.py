import pytest

from policylang.check.model import Rule
from tests.policylang.check.rule_sets import CORP, HEALTH, checked, issuer, only, route, sound, told

MORE = (
    issuer("bots")
    + route("ops", "tags internal, night", trust="bots")
    + route("shop", "tags internal", trust="corp, anonymous")
)


def deny(scope: str) -> str:
    return f'deny x on {scope} when client.ip not in ["10.0.0.0/8"]\n'


def routes_of(scope: str) -> tuple[str, ...]:
    rules: dict[str, Rule] = {rule.name: rule for rule in sound(MORE + HEALTH + deny(scope)).rules}
    return rules["x"].routes


@pytest.mark.parametrize(
    ("scope", "routes"),
    [
        ("all", ("health", "ops", "orders", "shop")),
        ("shop, health", ("health", "shop")),
        ("routes tagged internal", ("ops", "shop")),
        ("routes tagged night", ("ops",)),
        ("routes with path.tenant", ("orders",)),
        ("routes trusting corp", ("orders", "shop")),
        ("routes trusting bots", ("ops",)),
        ("routes trusting anonymous", ("health", "shop")),
    ],
)
def test_scopes_are_sorted_names_of_routes(scope: str, routes: tuple[str, ...]) -> None:
    assert routes_of(scope) == routes


@pytest.mark.parametrize(
    ("scope", "code", "help_"),
    [
        ("ordrs", "R252", "did you mean `orders`?"),
        ("routes tagged internl", "R280", "did you mean `internal`?"),
        ("routes tagged zzz", "R280", "the tags are `internal` and `night`"),
        ("routes with path.tenat", "R281", "did you mean `tenant`?"),
        ("routes with path.zzz", "R281", "the captures are `tenant`"),
        ("routes trusting anonymous", "R282", "name an issuer that a route trusts, or remove the rule"),
        ("routes trusting copr", "R252", "did you mean `corp`?"),
        ("orders, orders", "R254", "remove one of the two"),
    ],
)
def test_a_scope_that_meets_nothing_names_what_is_near(scope: str, code: str, help_: str) -> None:
    text = issuer("bots") + route("ops", "tags internal, night", trust="bots") + deny(scope)
    (diagnostic,) = checked(text + CORP + route("orders", match='GET on "/{tenant: slug}"')).diagnostics
    assert (diagnostic.code, diagnostic.help) == (code, (help_,))


def test_a_scope_without_tags_anywhere_says_so() -> None:
    assert only(deny("routes tagged a")).help == ("no route has any",)


def test_an_edit_of_a_capture_keeps_the_dot() -> None:
    text = deny("routes with path.tenat")
    (edit,) = only(text).edits
    source = f"language 1\n{text}"
    assert source[: edit.span.start] + edit.text + source[edit.span.end :] == source.replace("tenat", "tenant")


def test_one_wrong_scope_in_many_places_is_told_in_each() -> None:
    assert told(deny("routes tagged a") + deny("routes tagged a").replace("deny x", "deny y")) == ["R280", "R280"]


def test_the_routes_that_are_there_are_judged_although_another_is_not() -> None:
    assert told("deny x on orders, ordrs when claims.risk > 50\n") == ["R252", "R204"]


def test_a_rule_on_nothing_is_not_judged() -> None:
    assert told("deny x on ordrs when claims.nothing == 1\n") == ["R252"]


def test_no_routes_at_all() -> None:
    assert [d.code for d in checked(deny("all")).diagnostics] == ["R283"]


def test_an_issuer_that_no_route_trusts() -> None:
    assert told(issuer("bots") + deny("routes trusting bots")) == ["R730", "R282"]
