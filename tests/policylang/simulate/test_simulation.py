"""The whole pipeline on one rule set: each kind of answer; staged, walked and the oracle agree on all of it."""

from dataclasses import replace
from typing import Any

import pytest

from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.simulate.simulation import Simulation
from tests.policylang.simulate.shop import NOW, SECOND, ask, payload, shop
from tests.strategies.tokens import ec_key, sign

CASES: dict[str, tuple[Ask, str]] = {
    "read": (ask(), "allow"),
    "another media": (ask(payload=payload(scope=["orders:read", "x"])), "allow"),
    "a robot": (
        ask(target="/v1/robots/orders/1", payload=payload(iss="https://robots.test", sub="r", scope=None)),
        "allow",
    ),
    "write": (ask("POST", payload=payload(scope="orders:write"), headers=(("x-mode", "on"),)), "allow"),
    "write without the header": (ask("POST", payload=payload(scope="orders:write")), "no_allow"),
    "bulk": (ask("DELETE", payload=payload(plan="gold")), "allow"),
    "bulk without a grant": (ask("DELETE"), "no_allow"),
    "health": (ask(target="/health", payload=None), "allow"),
    "health with a bad credential": (ask(target="/health", payload=b"junk"), "allow"),
    "open": (ask(target="/open/x"), "allow"),
    "open, anonymous": (ask(target="/open/x", payload=None), "credential_required"),
    "open, a bad credential": (ask(target="/open/x", payload=b"{}"), "credential_refused"),
    "dot segments": (ask(target="/v1/acme/orders/../x"), "malformed"),
    "no host": (ask(host=""), "malformed"),
    "nowhere": (ask(target="/v2"), "no_route"),
    "another method": (ask("PUT"), "method_not_allowed"),
    "no credential": (ask(payload=None), "credential_missing"),
    "a header twice": (ask("POST", headers=(("X-Mode", "on"), ("x-mode", "on"))), "malformed"),
    "a header twice that nobody reads": (ask(headers=(("X-Mode", "on"), ("x-mode", "on"))), "allow"),
    "a header twice that a shadow reads": (ask(headers=(("X-Late", "1"), ("x-late", "1"))), "allow"),
    "a header that is not ASCII": (ask("POST", headers=(("X-Mode", "é"),)), "malformed"),
    "another tenant": (ask(payload=payload(tenant="globex")), "denied"),
    "risk": (ask(payload=payload(risk=51)), "denied"),
    "no risk": (ask(payload=payload(risk=None)), "denied"),
    "mistyped": (ask(payload=payload(risk="3")), "credential_refused"),
    "expired": (ask(now=NOW + 610 * SECOND), "credential_refused"),
    "an unknown issuer": (ask(payload=payload(iss="https://evil.test")), "credential_refused"),
    "an old login": (ask(now=NOW + 841 * SECOND, payload=payload(exp=NOW // SECOND + 900)), "step_up"),
    "a login of exactly that age": (ask(now=NOW + 840 * SECOND, payload=payload(exp=NOW // SECOND + 900)), "allow"),
    "blocked": (ask(metadata={"blocked": True}), "denied"),
    "metadata down": (ask(metadata=None), "deny_fault"),
    "metadata that does not decode": (ask(metadata={"blocked": "yes"}), "deny_fault"),
    "metadata down, denied anyway": (ask(metadata=None, payload=payload(risk=99)), "denied"),
    "a role": (ask(metadata={"roles": ["sre", "dev"]}), "allow"),
    "a subject that no header takes": (ask(payload=payload(sub="a\r\nX-Evil: 1")), "render_refused"),
    "a lone surrogate": (ask(payload=payload(sub="\ud800")), "credential_refused"),
}


def plain(decision: Decision) -> Decision:
    """Without the reason, whose words are each implementation's own."""
    return replace(decision, reason="")


@pytest.mark.parametrize("case", CASES)
def test_each_answer(case: str) -> None:
    asked, kind = CASES[case]
    compiled, module = shop()
    decision = Simulation(compiled).ask(asked)
    assert decision.kind == kind
    assert decision == Simulation(compiled, "none").ask(asked)
    assert plain(decision) == plain(Oracle(module).ask(asked))


def test_an_allowed_request_in_full() -> None:
    decision = Simulation(shop()[0]).ask(ask(metadata={"roles": ["sre", "dev"]}))
    assert (decision.status, decision.route, decision.issuer, decision.rule) == (200, "orders", "corp", "read")
    assert decision.policies == ("free",)
    assert [charge.limit for charge in decision.charges] == ["policy:free:rate", "per_tenant"]
    assert decision.charges[1].amount == ("quota", 3, "anchored", 3600 * SECOND, "")
    assert decision.request_headers == (
        ("X-From", "acme"), ("X-Key", "s3cret-key"), ("X_Roles", "dev,sre"), ("X-User", "u1"),
    )  # fmt: skip
    assert decision.response_headers == (("X-Served", "policylang"),)
    assert decision.minted == (("for_orders", "X-Identity", "u1", (("roles", ("dev", "sre")), ("tenant", "acme"))),)
    assert decision.shadows == (("late", "false"),)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "ES256"}, ""), ({"alg": "ES256", "typ": "JWT"}, ""), ({"alg": "ES256", "typ": "id+jwt"}, "typ_not_allowed"),
        ({"alg": "RS256"}, "alg_not_allowed"), ({"alg": "ES256", "crit": ["b64"], "b64": False}, "crit"),
        ({"alg": "ES256", "b64": True}, "b64"), ({"alg": "none"}, "alg_none"), ({}, "alg_missing"),
    ],
)  # fmt: skip
def test_of_a_whole_token_the_header_counts_too(header: dict[str, Any], reason: str) -> None:
    whole = sign(payload(), ec_key(), header=header)
    decision = Simulation(shop()[0]).ask(ask(payload=None, token=whole))
    assert (decision.kind, decision.reason) == ("credential_refused" if reason else "allow", reason)
    anonymous = Simulation(shop()[0]).ask(ask(target="/health", payload=None, token=whole))
    assert anonymous.kind == "allow", "no credential is read there"


def test_where_an_identity_token_is_minted_leeway_does_not_extend_exp() -> None:
    compiled, _ = shop()
    late = ask(now=NOW + 605 * SECOND)
    decision = Simulation(compiled).ask(late)
    assert decision.kind == "credential_refused"
    assert decision.reason == "expired 5 s ago; leeway does not extend exp where an identity token is minted"
    assert Simulation(compiled).ask(replace(late, target="/open/x")).kind == "allow"
    assert Simulation(compiled).ask(replace(late, metadata={"blocked": True})).kind == "denied"


@pytest.mark.parametrize("hoisting", ["staged", "none"])
def test_limits_are_charged_all_or_none(hoisting: Any) -> None:
    compiled, module = shop()
    simulation, oracle = Simulation(compiled, hoisting), Oracle(module)
    kinds = []
    for now in (NOW, NOW, NOW, NOW + SECOND, NOW + 2 * SECOND, NOW + 3600 * SECOND):
        asked = ask(now=now, payload=payload(exp=NOW // SECOND + 9000, auth_time=now // SECOND))
        decision = simulation.ask(asked)
        kinds.append((decision.kind, [charge.limit for charge in decision.charges]))
        assert plain(decision) == plain(oracle.ask(asked))
    both = ["policy:free:rate", "per_tenant"]
    assert kinds == [
        ("allow", both), ("allow", both), ("limited", ["policy:free:rate"]), ("allow", both),
        ("limited", ["per_tenant"]), ("allow", both),
    ]  # fmt: skip
    other = payload(sub="u2", exp=NOW // SECOND + 9000, auth_time=NOW // SECOND + 3600)
    assert simulation.ask(ask(payload=other, now=NOW + 3600 * SECOND)).kind == "allow", "a rate of its own"


def test_two_simulations_share_no_counter() -> None:
    compiled, _ = shop()
    kinds = [Simulation(compiled).ask(ask()).kind for _ in range(5)]
    assert kinds == ["allow"] * 5


def test_a_refused_request_is_not_charged() -> None:
    simulation = Simulation(shop()[0])
    for _ in range(5):
        assert simulation.ask(ask(payload=payload(sub="\n"))).kind == "render_refused"
    assert simulation.ask(ask()).kind == "allow"


def test_an_explanation_comes_with_the_decision() -> None:
    simulation = Simulation(shop()[0])
    decision, tree = simulation.explain(ask(payload=payload(risk=51)))
    assert (decision.kind, tree.kind, tree.decided_by) == ("denied", "denied", ("risky",))
    decision, tree = simulation.explain(ask(target="//"))
    assert (decision.kind, tree.reason, tree.rules) == ("malformed", "the request is malformed: empty_segment", ())
