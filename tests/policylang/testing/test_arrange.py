"""Steps as asks: the clock, who calls, and what was used before."""

import json

from policylang.check.tests import START
from policylang.testing.model import Case, Used
from policylang.testing.suite import cases_of, engines_of, run_case
from tests.policylang.testing.worlds import ASK, compiled, ready

SECOND = 1_000_000


def case(steps: str) -> Case:
    (found,), _ = ready(f'test "t" {{ {steps} }}')
    return found


def test_the_clock_stands_unless_it_is_told() -> None:
    steps = case(
        f"{ASK} expect allow after 1500ms repeat 2 expect allow at 2026-02-01T00:00:00Z repeat 1 after 1h repeat 1 "
        "expect deny 401"
    ).steps
    assert [(step.ask.now - START * SECOND) for step in steps[:2]] == [0, 1_500_000]
    assert steps[3].ask.now - steps[2].ask.now == 3_600 * SECOND
    assert [step.times for step in steps] == [1, 2, 1, 1]
    assert [len(step.expectations) for step in steps] == [1, 1, 0, 1]


def test_a_token_is_made_when_it_is_given() -> None:
    steps = case("after 10s given ana after 1min " + ASK.removeprefix("given ana") + " expect allow").steps
    assert json.loads(steps[0].ask.payload or b"")["iat"] == START + 10


def test_a_token_changes_by_the_fact_and_is_made_anew() -> None:
    steps = case(f'{ASK} expect allow after 1s token with {{ sub: "b" scope: absent }} repeat 1 expect deny 403').steps
    before, after = (json.loads(step.ask.payload or b"") for step in steps)
    assert (before["sub"], after["sub"]) == ("ana", "b")
    assert (before["iat"] + 1, "scope" in after) == (after["iat"], False)
    assert after["https://example.com/tenant"] == "acme"


def test_a_repeated_request_has_the_token_and_the_facts_of_its_time() -> None:
    steps = case(f'{ASK} expect allow token absent metadata down repeat 1 token raw "é" repeat 1 expect deny 401').steps
    assert [step.ask.payload for step in steps[1:]] == [None, "é".encode()]
    assert [step.ask.metadata for step in steps] == [{}, None, None]


def test_where_a_request_comes_from_and_goes_to() -> None:
    said = 'from "::ffff:10.0.0.1" peer "2001:DB8::1" host "h" header X-A "1" header "x-a" "2"'
    (step,) = case(f'request GET "/health" {said} expect allow').steps
    ask = step.ask
    assert (ask.client_ip, ask.peer_ip, ask.host) == ("10.0.0.1", "2001:db8::1", "h")
    assert ask.headers == (("X-A", "1"), ("x-a", "2"))
    (plain,) = case('request GET "/health" from "192.0.2.1" expect allow').steps
    assert (plain.ask.client_ip, plain.ask.peer_ip, plain.ask.host) == ("192.0.2.1", "192.0.2.1", "gateway.test")


def test_what_was_used_belongs_to_the_next_request() -> None:
    steps = case(
        "given ana used 3 of free rate after 1s used 9 of limit shared "
        'request GET "/v1/acme/orders/1" expect allow repeat 1 expect allow'
    ).steps
    used = [[(one.limit, one.count, one.now - START * SECOND) for one in step.used] for step in steps]
    assert used == [[("policy:free:rate", 3, 0), ("shared", 9, SECOND)], []]
    assert isinstance(steps[0].used[0], Used)


def test_every_secret_has_a_value() -> None:
    assert case(f"{ASK} expect allow").steps[0].ask.secrets == {"upstream_key": "test-secret-upstream_key"}


RING = """language 1
keyring ring { identity by claims.account  claims { account: text(1..64)  plan: slug from ["a", "plan"] default "free" } }
route keyed {
  match GET on "/keyed"  trust ring, robots  upstream "http://127.0.0.1:9000"
}
allow keyed on keyed when issuer is ring and claims.plan == "gold"
"""


def test_an_access_key_is_the_claims_kept_with_it() -> None:
    text = """test "t" {
      token ring { account: "a"  plan: "gold" }  request GET "/keyed"  expect allow by keyed issuer ring
      token with { plan: absent }  repeat 1  expect deny 403 as no_allow
      token raw "{}"  repeat 1  expect deny 401
      token ring { account: raw "1" }  repeat 1  expect deny 401
      token robots { sub: "r" }  repeat 1  expect deny 403
      token absent  repeat 1  expect deny 401
    }"""
    result = compiled(text, {"ring.rules": RING})
    assert result.module is not None
    assert result.plan is not None
    case = cases_of(result.module)[0]
    asks = [step.ask for step in case.steps]
    assert [ask.keyring for ask in asks] == ["ring", "ring", None, "ring", None, None]
    assert [ask.payload for ask in asks[:2]] == [
        b'{"account": "a", "a": {"plan": "gold"}}',
        b'{"account": "a"}',
    ]
    assert run_case(case, engines_of(result.module, result.plan)).failures == ()
