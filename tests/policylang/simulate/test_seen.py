"""What the rules saw, by name; and that a log is told what explain prints."""

from policylang.explain.to_json import to_json
from policylang.runtime.verdict import RequestFacts, Verdict
from policylang.simulate.seen import facts_of, why
from policylang.simulate.simulation import Simulation
from tests.policylang.simulate.shop import NOW, ask, payload, shop


def test_names_stand_for_positions_and_an_anonymous_caller_has_none() -> None:
    plan = shop()[0].plan
    (number,) = [n for n, route in enumerate(plan.routes) if route.name == "orders"]
    route, issuer = plan.routes[number], plan.routes[number].trust[0]
    claims = tuple(f"c{n}" for n in range(len(plan.issuers[issuer].claims)))
    request = RequestFacts(tuple(f"p{n}" for n in range(len(route.captures))), {"x-mode": "on"}, "10.0.0.1", "10.0.0.2")
    seen = facts_of(plan, number, issuer, claims, None, request, NOW)
    assert (seen.issuer, seen.fields, seen.headers, seen.now) == (
        plan.issuers[issuer].name,
        None,
        {"x-mode": "on"},
        NOW,
    )
    assert [seen.claims[claim.name] for claim in plan.issuers[issuer].claims] == list(claims)
    assert [seen.captures[name] for name in route.captures] == list(request.captures)
    nobody = facts_of(plan, number, None, (), None, request, NOW)
    assert (nobody.issuer, nobody.claims) == (None, {})


def test_a_log_is_told_what_explain_prints() -> None:
    compiled = shop()[0]
    plan = compiled.plan
    question = ask(payload=payload(risk=51))
    simulation = Simulation(compiled)
    decision, tree = simulation.explain(question)
    (number,) = [n for n, route in enumerate(plan.routes) if route.name == decision.route]
    (issuer,) = [n for n, one in enumerate(plan.issuers) if one.name == decision.issuer]
    judged = simulation._judge(question)
    assert judged.facts is not None
    (rule,) = [n for n, one in enumerate(plan.rules) if one.name == decision.rule]
    (policies,) = [tuple(n for n, one in enumerate(plan.policies) if one.name in decision.policies)]
    verdict = Verdict("denied", rule, policies)
    assert why(plan, number, question.method, issuer, judged.facts, verdict) == to_json(tree)
