"""What a plan leaves out decides nothing: a rule that is not looked at does not hold under the interpreter.

Rules are left out twice. A route lists the rules that reach it, by method; and a cell, which knows the issuer, folds
conditions that it can tell before any request.
"""

from dataclasses import replace

from hypothesis import given

from policylang.codegen.exprs import FALSE, TRUE
from policylang.codegen.exprs import FAULT as NO_ANSWER
from policylang.codegen.specialise import Specialiser
from policylang.plan.model import Expr, Plan
from policylang.reference.evaluate import truth
from policylang.reference.oracle import Oracle
from policylang.reference.values import FAULT, Truth
from policylang.reference.verdict import in_scope
from policylang.runtime.decision import Decision
from tests.properties.test_decisions import facts_for
from tests.strategies.checking import Case, cases
from tests.strategies.engines import plan_of
from tests.strategies.profile import examples

FOLDED: dict[Expr, Truth] = {TRUE: True, FALSE: False, NO_ANSWER: FAULT}


def listed(plan: Plan, name: str, method: str) -> list[tuple[str, str]]:
    """The rules that a plan's route looks at for a method, by effect and name."""
    (route,) = [route for route in plan.routes if route.name == name]
    rules = [plan.rules[number] for number in route.rules]
    return sorted((rule.effect, rule.name) for rule in rules if not rule.methods or method in rule.methods)


def by_cells(plan: Plan, decision: Decision, condition: Expr) -> Truth | None:
    """What the decision's cell makes of a condition before any request; None where that is open."""
    (route,) = [route for route in plan.routes if route.name == decision.route]
    issuer = next((issuer for issuer in plan.issuers if issuer.name == decision.issuer), None)
    return FOLDED.get(Specialiser(plan, route, issuer)(condition))


@given(cases())
@examples(20)
def test_a_rule_that_a_route_does_not_list_has_no_part_in_its_decisions(case: Case) -> None:
    module = case.kept.module
    plan = plan_of(module, case.kept.tree)
    for question in case.questions:
        wanted = Oracle(module).ask(question)
        if wanted.route is None:
            continue
        looked_at = listed(plan, wanted.route, question.method)
        reaching = in_scope(module, module.routes[wanted.route], question.method)
        assert looked_at == sorted((rule.effect, rule.name) for rule in reaching)
        few = tuple(rule for rule in module.rules if (rule.effect, rule.name) in looked_at)
        assert Oracle(replace(module, rules=few)).ask(question) == wanted


@given(cases())
@examples(20)
def test_what_a_cell_folds_away_the_interpreter_finds_so(case: Case) -> None:
    module = case.kept.module
    plan = plan_of(module, case.kept.tree)
    conditions = {(rule.effect, rule.name): rule.condition for rule in plan.rules}
    for question in case.questions:
        known, decision = facts_for(module, question), Oracle(module).ask(question)
        if known is None or decision.route is None:
            continue
        facts, name = known
        for rule in in_scope(module, module.routes[name], question.method):
            condition = conditions[rule.effect, rule.name]
            if condition is not None and rule.condition is not None:
                folded = by_cells(plan, replace(decision, issuer=facts.issuer), condition.expr)
                assert folded is None or truth(rule.condition, facts) is folded
