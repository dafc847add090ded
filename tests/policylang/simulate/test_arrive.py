import pytest

from policylang.runtime.decision import Decision
from policylang.simulate.arrive import Arrived, arrive
from tests.policylang.simulate.shop import NOW, ask, shop


def test_a_request_on_its_route() -> None:
    arrived = arrive(
        shop()[0], ask("POST", headers=(("X-MODE", "on"), ("x-late", "a"), ("X-Late", "b"), ("X-No", "c")))
    )
    assert isinstance(arrived, Arrived)
    assert shop()[0].plan.routes[arrived.route].name == "orders"
    assert arrived.facts.captures == ("acme",)
    assert arrived.facts.headers == {"x-mode": "on"}
    assert arrived.facts.unreadable == {"x-late"}
    assert arrived.facts.now == NOW


@pytest.mark.parametrize(
    ("target", "host", "kind", "reason"),
    [
        ("/v1/acme/orders/%2e%2e/x", "a", "malformed", "dot_segment"), ("/é", "a", "malformed", "bad_byte"),
        ("/\ud800", "a", "malformed", "bad_byte"), ("*", "a", "malformed", "not_origin_form"),
        ("/health", "a b", "malformed", "host_invalid"), ("/nowhere", "a", "no_route", ""),
        ("/health/", "a", "no_route", ""),
    ],
)  # fmt: skip
def test_what_does_not_arrive(target: str, host: str, kind: str, reason: str) -> None:
    answer = arrive(shop()[0], ask(target=target, host=host))
    assert isinstance(answer, Decision)
    assert (answer.kind, answer.reason, answer.route) == (kind, reason, None)


def test_another_method_names_those_that_are_taken() -> None:
    answer = arrive(shop()[0], ask("PATCH"))
    assert isinstance(answer, Decision)
    assert (answer.kind, answer.reason) == ("method_not_allowed", "DELETE, GET, POST")


def test_a_header_that_rules_read_and_that_came_twice() -> None:
    answer = arrive(shop()[0], ask("POST", headers=(("X-Mode", "on"), ("X-Mode", "on"))))
    assert isinstance(answer, Decision)
    assert (answer.kind, answer.reason, answer.route) == ("malformed", "header_repeated", "orders")
