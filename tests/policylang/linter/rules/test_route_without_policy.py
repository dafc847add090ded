"""L029: routes that a select forgot."""

from policylang.linter.rules.route_without_policy import RULE
from tests.policylang.linter.linting import findings, places

MORE = 'route {0} {{ match GET on "/{0}"   trust {1}   upstream "http://127.0.0.1:9000" }}\n'


def test_the_route_is_named_and_one_that_has_a_policy() -> None:
    (found,) = findings("L029", RULE.bad)
    assert found.title == "no policy is selected on `export`, so nobody is limited there"
    assert found.labels[0].text == "unlike `orders`"


def test_without_any_select_nothing_is_odd() -> None:
    assert places("L029", MORE.format("export", "corp") + 'allow export on export when claims.plan == "gold"\n') == []


def test_anonymous_routes_cannot_have_one() -> None:
    policy = "policy free { rate 5 per 1s burst 10 }\nselect policy on orders { use free otherwise }\n"
    assert places("L029", policy + MORE.format("health", "anonymous") + "allow ping on health always\n") == []
    mixed = MORE.format("mixed", "corp, anonymous") + "allow mixed on mixed when issuer is corp\n"
    assert places("L029", policy + mixed) == []
