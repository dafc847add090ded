"""Explanations of one rule set's decisions: what decided, what an allow lacked, and what is never told."""

import json
from typing import Any

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.explain.render_text import render_text
from policylang.explain.to_json import to_json
from policylang.explain.tree import (
    ExplainTree,
    NodeTrace,
    Place,
    RuleTrace,
    Values,
    explain_early,
    explain_rules,
    shown,
)  # fmt: skip
from policylang.runtime.ask import Ask
from policylang.runtime.decision import STATUS, Decision, DecisionKind
from policylang.simulate.simulation import Simulation
from tests.policylang.explain.test_evaluate import FACTS
from tests.policylang.simulate.shop import NOW, RULES, SECOND, ask, payload, shop
from tests.strategies.spine import HEAD, UPSTREAM, plan_of


def explained(asked: Ask, values: Values = "hidden") -> ExplainTree:
    return Simulation(shop()[0]).explain(asked, values)[1]


def rule(tree: ExplainTree, name: str) -> RuleTrace:
    return next(trace for trace in tree.rules if trace.name == name)


def deciding(node: NodeTrace | None) -> list[str]:
    if node is None:
        return []
    return [node.text] * node.deciding + [text for operand in node.operands for text in deciding(operand)]


def line_of(name: str) -> int:
    return next(i for i, line in enumerate(RULES.splitlines(), 1) if f" {name} on " in line)


def test_an_allow() -> None:
    tree = explained(ask())
    assert (tree.kind, tree.decided_by, tree.closest) == ("allow", ("read",), None)
    assert tree.reason == "allow read is true and no deny is"
    assert rule(tree, "read").decides
    assert rule(tree, "read").place == Place("rules/shop.rules", line_of("read"), 7)
    assert rule(tree, "write").state == "other method"
    assert {trace.name: trace.state for trace in tree.rules if trace.effect == "deny"} == dict.fromkeys(
        ("blocked", "cross", "risky", "weak"), "false"
    )
    assert tree.policies == ("free",)
    assert [(arm.policy, arm.state) for arm in tree.arms] == [("gold", "false"), ("free", "true")]


def test_a_deny_and_the_condition_that_decided() -> None:
    tree = explained(ask(payload=payload(risk=51)))
    risky = rule(tree, "risky")
    assert (tree.decided_by, risky.state, risky.decides) == (("risky",), "true", True)
    assert deciding(risky.node) == ["issuer is corp", "claims.risk > 50"]
    assert not any(trace.decides for trace in tree.rules if trace.name != "risky")


def test_a_test_of_what_is_absent_is_no_fault_to_the_reader() -> None:
    tree = explained(ask(payload=payload(risk=None)))
    risky = rule(tree, "risky")
    assert risky.state == "true"
    assert deciding(risky.node) == ["issuer is corp", "claims.risk absent"]
    (line,) = [line for line in render_text(tree).splitlines() if "claims.risk > 50" in line and " or " not in line]
    assert " = absent  (" in line
    assert line.endswith(")  does not count: claims.risk is absent")


def test_nothing_is_said_to_be_unheard_where_the_whole_has_no_answer() -> None:
    assert "does not count" not in render_text(explained(ask(metadata=None)))


def test_the_closest_allow_and_what_it_lacked() -> None:
    tree = explained(ask("POST", payload=payload(scope="orders:write"), headers=(("X-Mode", "off"),)))
    assert tree.closest is not None
    assert (tree.closest.name, len(tree.closest.lacked)) == ("write", 1)
    lack = tree.closest.lacked[0]
    assert (lack.text, lack.value, lack.needed) == ('header["x-mode"] == "on"', "false", "true")
    assert lack.place is not None
    assert lack.place.line == line_of("write")
    assert tree.reason == "no allow is true; the closest is write"


WAYS = f"""
route orders {{ match GET, POST on "/orders"  trust corp  {UPSTREAM} }}
allow near   on orders for GET  when claims.sub == "x" or (claims.sub == "y" and claims.tenant == "z")
allow next   on orders for GET  when claims.tenant == "t"
allow third  on orders for GET  when claims.sub == "a" and claims.tenant == "b" and header["X-Mode"] present
allow other  on orders for POST always
"""


def test_further_ways_nearest_first() -> None:
    asked = ask(target="/orders")
    decision, tree = Simulation(CompiledPlan(plan_of(WAYS), {})).explain(asked)
    assert decision.kind == "no_allow"
    assert tree.closest is not None
    assert [(way.name, [lack.text for lack in way.lacked]) for way in (tree.closest, *tree.further)] == [
        ("near", ['claims.sub == "x"']),
        ("next", ['claims.tenant == "t"']),
        ("near", ['claims.sub == "y"', 'claims.tenant == "z"']),
    ]
    assert tree.reason == "no allow is true; the closest is near"
    text = render_text(tree)
    assert text.index("closest allow: near  (") < text.index("or: next  (") < text.index("or: near  (")


def test_an_unknown_issuer_is_told_which_ones_the_route_trusts_and_not_its_own() -> None:
    tree = explained(ask(payload=payload(iss="https://stranger.test")))
    assert tree.reason == (
        "the credential is refused: iss_unknown: the token's iss is none of those that the route trusts: "
        'corp ("https://corp.test"), robots ("https://robots.test")'
    )
    assert "stranger" not in render_text(tree)
    only = explained(ask(target="/open/x", payload=payload(iss="https://robots.test")))
    assert only.reason.endswith('the route trusts: corp ("https://corp.test")')


def test_an_allow_past_its_until_lacks_time() -> None:
    march = 1_772_323_200
    late = ask("DELETE", now=march * SECOND, payload=payload(plan="gold", exp=march + 600, auth_time=march))
    tree = explained(late)
    assert rule(tree, "bulk").expired
    assert rule(tree, "bulk").state == "false"
    assert tree.closest is not None
    assert [lack.text for lack in tree.closest.lacked] == ["until"]
    assert ", past its until" in render_text(tree)


def test_where_no_allow_is_for_the_method() -> None:
    tree = explained(ask("POST", target="/v1/acme/orders/1", payload=payload(scope="x")))
    assert tree.closest is not None
    assert tree.closest.name == "write"
    anonymous = explained(ask(target="/open/x", payload=None))
    assert anonymous.reason == "no allow is true; the closest is own; a credential could help"


def test_faults() -> None:
    tree = explained(ask(metadata=None))
    assert (tree.decided_by, tree.reason) == (("blocked",), "a deny has no answer: blocked")
    assert (rule(tree, "blocked").state, deciding(rule(tree, "blocked").node)) == ("fault", ["metadata.blocked"])


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (ask(target="//"), "the request is malformed: empty_segment"),
        (ask(target="/x"), "no route takes this host and path: Host is gateway.test"),
        (ask("PUT"), "the path takes other methods only: DELETE, GET, POST"),
        (ask(payload=None), "the route asks for a credential and none was sent"),
        (
            ask(payload=payload(risk="x")),
            'the credential is refused: claim_invalid: risk: the token\'s member "risk" is not int 0..100',
        ),
        (
            ask(now=NOW + 605 * SECOND),
            "the credential is refused: expired 5 s ago; leeway does not extend exp where an identity token is minted",
        ),
        (ask(payload=payload(auth_time=None)), "deny weak is true and asks for a stronger login"),
        (ask(payload=payload(sub="\n")), "a value cannot stand in the header that a rule sets"),
    ],
)
def test_every_answer_has_a_reason(asked: Ask, reason: str) -> None:
    assert explained(asked).reason == reason


def test_a_reached_limit_is_named() -> None:
    simulation = Simulation(shop()[0])
    trees = [simulation.explain(ask())[1] for _ in range(3)]
    assert trees[-1].reason == "a limit is reached: the rate of policy free"


SECRETIVE = payload(sub="subject-of-the-token", tenant="tenant-of-token", scope="scope:of-token", risk=77, plan="gold")


@pytest.mark.parametrize("values", ["hidden", "shown"])
def test_claim_values_are_told_only_when_asked_for(values: Values) -> None:
    asked = ask(target="/v1/some-path/orders/1", payload=SECRETIVE, metadata={"roles": ["secret-role"]})
    tree = explained(asked, values)
    for text in (render_text(tree), json.dumps(to_json(tree))):
        for value in ("tenant-of-token", "scope:of-token", "some-path", "77"):
            assert (value in text) is (values == "shown"), value
        for never in ("s3cret-key", "subject-of-the-token", SECRETIVE.decode()):
            assert never not in text


def test_json_is_plain_data() -> None:
    tree = to_json(explained(ask(payload=payload(risk=51))))
    assert json.loads(json.dumps(tree))["rules"][0]["effect"] == "allow"
    assert tree["format"] == "policylang.explanation/1"
    place: dict[str, Any] = tree["rules"][0]["place"]
    assert place["file"] == "rules/shop.rules"


def test_values_on_one_line() -> None:
    assert shown("a\r\n\x1b[31mé") == '"a\\u{d}\\n\\u{1b}[31m\\u{e9}"'
    assert shown(frozenset({"b", "a"})) == '["a", "b"]'
    assert (shown(7), shown(True)) == ("7", "true")


@pytest.mark.parametrize("kind", STATUS)
def test_no_kind_of_answer_is_without_a_reason(kind: DecisionKind) -> None:
    plan = shop()[0].plan
    decision = Decision(kind, STATUS[kind], reason="r", rule="x", faults=("x",))
    early = kind in ("malformed", "no_route", "method_not_allowed", "credential_missing", "credential_refused")
    tree = explain_early(plan, decision, ask()) if early else explain_rules(plan, 0, "PATCH", FACTS, decision, "hidden")
    assert tree.reason
    assert "{" not in tree.reason


ARMS = f"""policy free {{ rate 1 per 1s burst 1 }}
policy acme {{ rate 2 per 1s burst 2 }}
route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}
route b {{ match GET on "/b"  trust corp  {UPSTREAM} }}
allow x on a, b when claims.sub == "nobody" and claims.tenant == "acme"
select policy on a {{
  use acme when claims.tenant == "other"
  use free when claims.tenant == "acme"
  use acme when claims.sub == "u1"
  use free otherwise
}}
select policy on b {{ use claims.tier }}
"""


def test_the_arm_that_is_taken_is_told_in_a_denied_answer_too() -> None:
    head = HEAD.replace(
        'tenant: slug default "acme"', 'tenant: slug default "acme"  tier: one of "free", "acme" default "acme"'
    )
    simulation = Simulation(CompiledPlan(plan_of(ARMS, head), {}))
    members = json.dumps({"iss": "https://corp.test", "aud": "api", "sub": "u1", "exp": NOW // SECOND + 60}).encode()
    tree = simulation.explain(Ask(NOW, "GET", "/a", payload=members))[1]
    assert tree.kind == "no_allow"
    assert [(arm.policy, arm.state, arm.turn) for arm in tree.arms] == [
        ("acme", "false", ""), ("free", "true", "taken"), ("acme", "true", "comes after"), ("free", "true", "comes after"),
    ]  # fmt: skip
    tree = simulation.explain(Ask(NOW, "GET", "/b", payload=members))[1]
    assert [(arm.policy, arm.turn, arm.chosen) for arm in tree.arms] == [("claims.tier", "taken", ("acme",))]
    assert "+ policy acme, by claims.tier: true" in render_text(tree)
    (allow,) = tree.rules
    assert allow.node is not None
    assert [node.text for node in allow.node.operands] == ['claims.sub == "nobody"', 'claims.tenant == "acme"']


def test_what_is_absent_is_called_absent_all_the_way_up() -> None:
    rules = f"""route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}
allow x on a when claims.auth_time present and not claims.auth_time older than 5min
"""
    simulation = Simulation(CompiledPlan(plan_of(rules), {}))
    members = json.dumps({"iss": "https://corp.test", "aud": "api", "sub": "u1", "exp": NOW // SECOND + 60}).encode()
    tree = simulation.explain(Ask(NOW, "GET", "/a", payload=members))[1]
    node = tree.rules[0].node
    assert node is not None
    assert [operand.value for operand in node.operands] == ["false", "absent"]
