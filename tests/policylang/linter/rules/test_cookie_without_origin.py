"""L043: cookies and other sites."""

from policylang.linter.rules.cookie_without_origin import RULE
from tests.policylang.linter.linting import findings, places


def test_the_route_and_the_issuer_are_shown() -> None:
    (found,) = findings("L043", RULE.bad)
    assert "send POST to `orders`" in found.title
    assert found.labels[1].text == "travels in a cookie"


def test_methods_that_only_read_are_safe() -> None:
    assert places("L043", RULE.bad.replace("POST", "GET")) == []


def test_other_credentials_are_not_sent_by_browsers() -> None:
    assert places("L043", RULE.bad.replace('credential cookie "session"', "credential header X-Token")) == []


def test_a_deny_that_reads_something_else_does_not_help() -> None:
    assert places("L043", RULE.bad + 'deny x on orders when claims.sub == "x"\n') == ["orders"]
