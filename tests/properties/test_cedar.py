"""The boolean fragment, translated to Cedar, decides the same: a third opinion, by people who never saw our rules.

One difference is deliberate. A rule whose facts cannot be had is a *fault* here: a deny that may be true denies (503), and
an allow that may be true is no refusal for want of rights (503 and not 403). Cedar skips a policy whose condition is an
error: a forbid that cannot be evaluated forbids nothing. So with faults Cedar decides as this rule set without the rules
that fault, and errors are told of exactly those.
"""

from collections.abc import Mapping, Sequence

import cedarpy
from hypothesis import given
from hypothesis import strategies as st

from policylang.reference.authenticate import authenticate
from policylang.reference.evaluate import truth
from policylang.reference.oracle import Oracle, client_headers, facts_of
from policylang.reference.values import FAULT
from policylang.reference.verdict import in_scope
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from tests.strategies import pool
from tests.strategies.cedar import (
    SCHEMA,
    Fragment,
    Question,
    cedar_request,
    fragments,
    payload,
    questions,
    without_facts,
)
from tests.strategies.checking import module_of
from tests.strategies.engines import plan_of, said, simulation
from tests.strategies.profile import examples

SCHEMA_READ = cedarpy.Schema.from_str(SCHEMA)
SIX = st.lists(questions(), min_size=6, max_size=6)
SIX_DOWN = st.lists(questions().map(without_facts), min_size=6, max_size=6)


def ask_of(question: Question) -> Ask:
    return Ask(
        now=pool.BASE * pool.SECOND,
        method=question.method,
        target=f"/{question.route}",
        payload=payload(question),
        metadata=question.facts,
        client_ip=question.client,
    )


def ours(fragment: Fragment, asked: Sequence[Question]) -> list[Decision]:
    """What the compiled plan says, which is what the oracle says."""
    engine = simulation(plan_of(fragment.module, fragment.tree))
    decisions = [said(engine.ask(ask_of(question))) for question in asked]
    oracle = Oracle(fragment.module)
    assert decisions == [said(oracle.ask(ask_of(question))) for question in asked]
    return decisions


def theirs(fragment: Fragment, asked: Sequence[Question]) -> list[cedarpy.AuthzResult]:
    """What Cedar says. Requests are checked against the schema where they are whole."""
    policies = cedarpy.PolicySet.from_str(fragment.policies)
    return [
        cedarpy.is_authorized(cedar_request(one), policies, [], SCHEMA_READ if one.facts is not None else None)
        for one in asked
    ]


def held(fragment: Fragment, question: Question) -> Mapping[str, bool | None]:
    """The rules in scope and whether they hold; None is a fault."""
    ask = ask_of(question)
    route = fragment.module.routes[question.route]
    caller = authenticate(fragment.module, route, ask)
    assert caller is not None
    facts = facts_of(fragment.module, ask, caller, {}, client_headers(ask))
    found = {}
    for rule in in_scope(fragment.module, route, question.method):
        assert rule.condition is not None
        value = truth(rule.condition, facts)
        found[rule.name] = None if value is FAULT else bool(value)
    return found


@given(fragments())
@examples(20)
def test_the_translation_is_well_typed_to_cedar_too(fragment: Fragment) -> None:
    found = cedarpy.validate_policies(fragment.policies, SCHEMA)
    assert found.validation_passed, (found.errors, fragment.policies)


@given(fragments(), SIX)
@examples(40)
def test_cedar_decides_the_same(fragment: Fragment, asked: list[Question]) -> None:
    for decision, other in zip(ours(fragment, asked), theirs(fragment, asked), strict=True):
        assert not other.diagnostics.errors
        assert other.decision is (cedarpy.Decision.Allow if decision.kind == "allow" else cedarpy.Decision.Deny)
        if decision.kind == "no_allow":
            assert other.diagnostics.reasons == []
        else:
            reasons = [fragment.names[int(policy.removeprefix("policy"))] for policy in other.diagnostics.reasons]
            assert min(reasons) == decision.rule


@given(fragments(), SIX_DOWN)
@examples(40)
def test_a_fault_is_the_one_difference(fragment: Fragment, asked: list[Question]) -> None:
    for question, decision, other in zip(asked, ours(fragment, asked), theirs(fragment, asked), strict=True):
        truths = held(fragment, question)
        assert len(other.diagnostics.errors) == sum(value is None for value in truths.values())
        effects = {rule.name: rule.effect for rule in fragment.module.rules}
        denied = any(value and effects[name] == "deny" for name, value in truths.items())
        allowed = any(value and effects[name] == "allow" for name, value in truths.items())
        assert other.decision is (cedarpy.Decision.Allow if allowed and not denied else cedarpy.Decision.Deny)
        match decision.kind:
            case "deny_fault":
                assert not denied
                assert all(truths[name] is None for name in decision.faults)
            case "allow_fault":
                assert other.decision is cedarpy.Decision.Deny
            case kind:
                assert (kind == "allow") is (other.decision is cedarpy.Decision.Allow)


DENY_ON_FACTS = """language 1
issuer corp { iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub  claims { sub: text(1..9) } }
metadata { fresh within 30s  blocked: bool default false }
route orders { match GET on "/orders"  trust corp  upstream "http://127.0.0.1:9000" }
allow open on orders always
deny blocked on orders when metadata.blocked
"""


def test_the_difference_in_one_example() -> None:
    """The store of facts is down: Cedar lets a blocked user in, we do not know and say so."""
    module, tree = module_of(DENY_ON_FACTS)
    policies = (
        "permit(principal, action, resource);\nforbid(principal, action, resource) when { context.facts.blocked };"
    )
    fragment = Fragment(module, tree, policies, ("open", "blocked"))
    question = Question("GET", "orders", {"sub": "u"}, "127.0.0.1", {"blocked": True})
    (known,) = ours(fragment, [question])
    assert known.kind == "denied"
    assert cedarpy.is_authorized(cedar_request(question), policies, []).decision is cedarpy.Decision.Deny
    down = without_facts(question)
    (unknown,) = ours(fragment, [down])
    assert (unknown.kind, unknown.status, unknown.faults) == ("deny_fault", 503, ("blocked",))
    (skipped,) = theirs(fragment, [down])
    assert skipped.decision is cedarpy.Decision.Allow
    assert len(skipped.diagnostics.errors) == 1
