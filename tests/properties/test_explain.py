"""Explanations are faithful: what they call deciding decides, what they leave out does not, and a denial has its reason.

The judge is the oracle's evaluator. A condition of the plan is raised to a checked expression whose tests are what the
oracle says of them; then one node is given another answer, and the oracle says what the whole comes to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given

from policylang.check import model
from policylang.explain.tree import Closest, ExplainTree, NodeTrace, RuleTrace, written
from policylang.plan.model import Expr, Plan, Position
from policylang.plan.operators import extent, operands, preorder
from policylang.reference.evaluate import truth
from policylang.reference.oracle import Oracle
from policylang.reference.values import FAULT, Facts, StuckError, Truth
from policylang.reference.verdict import holds
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Bool, Cidr, Ip, SetOf, Text
from tests.properties.test_decisions import facts_for
from tests.strategies import json_texts, pool
from tests.strategies.checking import Case, cases, module_of
from tests.strategies.engines import plan_of, said, simulation
from tests.strategies.profile import examples

STATES: dict[Truth, str] = {True: "true", False: "false", FAULT: "fault"}
ONE_TEST = frozenset({"present", "in", "innet", "issuer"})
"""Tests whose negation is one test to an author, and so to an explanation: ``absent``, ``not in``, ``is not``."""

UNKNOWN = model.Ref(NOWHERE, Bool(), "metadata", "unknown", False)
COMPARE: dict[str, Any] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
TESTS: dict[str, Any] = {"starts": "starts", "ends": "ends", "glob": "matches"}
ROOTS: dict[str, Any] = {"claim": "claims", "meta": "metadata", "path": "path", "header": "header", "ip": "client"}


def typed(expr: Expr) -> model.TypedExpr:
    """A test of a plan as the oracle reads tests. Of types it looks at networks alone."""
    inner: list[Any] = [typed(operand) for operand in operands(expr)]
    match expr[0]:
        case "lit":
            listed = isinstance(expr[2], tuple)
            return model.Lit(NOWHERE, SetOf(Text()) if listed else Text(), frozenset(expr[2]) if listed else expr[2])
        case "ip":
            return model.Ref(NOWHERE, Ip(), expr[1], "ip", False)
        case "grants":
            return model.Ref(NOWHERE, SetOf(Text()), "policy", "grants", False)
        case "claim" | "meta" | "path" | "header" as root:
            return model.Ref(NOWHERE, Text(), ROOTS[root], expr[1], True)
        case "cmp":
            return model.Compare(NOWHERE, Bool(), COMPARE[expr[1]], *inner)
        case "in":
            return model.In(NOWHERE, Bool(), *inner)
        case "innet":
            item, container = inner
            return model.In(NOWHERE, Bool(), replace(item, type=Ip()), replace(container, type=SetOf(Cidr())))
        case "meets":
            return model.Meets(NOWHERE, Bool(), inner[0], inner[1], expr[1] == "all")
        case "present":
            return model.Present(NOWHERE, Bool(), *inner)
        case "older":
            return model.Older(NOWHERE, Bool(), inner[0], expr[2])
        case "starts" | "ends" | "glob" as op:
            return model.TextTest(NOWHERE, Bool(), TESTS[op], inner[0], expr[2])
        case "issuer":
            return model.IssuerIs(NOWHERE, Bool(), expr[1])
        case "else":
            return model.Coalesce(NOWHERE, Text(), *inner)
        case "add" | "sub" as op:
            return model.Arith(NOWHERE, Text(), "+" if op == "add" else "-", *inner)
        case other:
            raise AssertionError(other)


def told(test: Expr, facts: Facts) -> Truth:
    """What the oracle says of one test. A test of what is absent has no answer: its guard stands elsewhere."""
    try:
        return truth(typed(test), facts)
    except StuckError:
        return FAULT


def judged(expr: Expr, facts: Facts, answers: Mapping[int, bool]) -> Truth:
    """What a condition comes to when nodes, by their number in preorder, are given other answers."""

    def raised(node: Expr, index: int) -> model.TypedExpr:
        if index in answers:
            return model.Lit(NOWHERE, Bool(), answers[index])
        if node[0] not in {"and", "or", "not"}:
            value = told(node, facts)
            return UNKNOWN if value is FAULT else model.Lit(NOWHERE, Bool(), bool(value))
        inner, following = [], index + 1
        for operand in operands(node):
            inner.append(raised(operand, following))
            following += len(preorder(operand))
        if node[0] == "not":
            return model.Not(NOWHERE, Bool(), inner[0])
        return (model.And if node[0] == "and" else model.Or)(NOWHERE, Bool(), tuple(inner))

    return truth(raised(expr, 0), replace(facts, metadata=FAULT))


def conditions(expr: Expr, index: int = 0) -> Iterator[tuple[int, Expr]]:
    """The nodes of a condition that are conditions themselves, numbered in preorder."""
    yield index, expr
    following = index + 1
    for operand in operands(expr) if expr[0] in {"and", "or", "not"} else ():
        yield from conditions(operand, following)
        following += len(preorder(operand))


def flat(node: NodeTrace) -> list[NodeTrace]:
    """An explained node with all below it, in preorder."""
    return [node, *(below for operand in node.operands for below in flat(operand))]


def covers(expr: Expr, above: int, below: int) -> bool:
    """Whether one node is another, or above it."""
    return above <= below < above + len(preorder(preorder(expr)[above]))


def explained(case: Case) -> Iterator[tuple[Plan, Decision, ExplainTree, Facts]]:
    """Each question that the rules had a part in, with its explanation and what the oracle knows."""
    plan = plan_of(case.kept.module, case.kept.tree)
    engine = simulation(plan)
    for question in case.questions:
        decision, tree = engine.explain(question)
        known = facts_for(case.kept.module, question)
        if known is not None and tree.rules:
            yield plan, decision, tree, known[0]


def shown(plan: Plan, trace: RuleTrace) -> tuple[Expr, list[NodeTrace]] | None:
    """The condition of an explained rule, in the order in which it is shown, and the nodes shown, in preorder."""
    rule = next(rule for rule in plan.rules if (rule.effect, rule.name) == (trace.effect, trace.name))
    if rule.condition is None or trace.node is None:
        return None
    expr, traced = in_order(plan, rule.condition.expr, list(rule.condition.at))[0], flat(trace.node)
    assert [written(node) for node in preorder(expr)] == [node.text for node in traced]
    return expr, traced


def in_order(plan: Plan, expr: Expr, at: list[int]) -> tuple[Expr, Position]:
    """An expression with what ``and`` and ``or`` join in the order of the source, and its place; uses up its places."""
    place = plan.positions[at.pop(0)]
    inner = [in_order(plan, operand, at) for operand in operands(expr)]
    if expr[0] in {"and", "or"}:
        inner.sort(key=lambda one: (one[1].file, one[1].line, one[1].column))
    first, _ = extent(expr[0])
    return (*expr[:first], *(one for one, _ in inner), *expr[first + len(inner) :]) if inner else expr, place


@given(cases())
@examples(20)
def test_what_is_said_to_decide_decides_and_nothing_else_does(case: Case) -> None:
    for plan, _, tree, facts in explained(case):
        for trace in tree.rules:
            whole = shown(plan, trace)
            if whole is not None:
                hold(*whole, facts)


def hold(expr: Expr, traced: list[NodeTrace], facts: Facts) -> None:
    """What must hold of one explained condition."""
    whole = judged(expr, facts, {})
    nodes = dict(conditions(expr))
    deciding = [index for index, node in enumerate(traced) if node.deciding]
    assert len(traced) == len(preorder(expr))
    assert deciding
    for index in deciding:
        here = judged(nodes[index], facts, {})
        if whole is FAULT:
            assert here is FAULT
            assert judged(expr, facts, {index: True}) is not FAULT
        else:
            # Beside a test of what is absent the rule would be without an answer; else it would have the other one.
            other = judged(expr, facts, {index: not here})
            assert other is not whole
            assert other is (not whole) or FAULT in {judged(node, facts, {}) for node in nodes.values()}
    for index, node in nodes.items() if whole is not FAULT else ():
        named_within = any(covers(expr, index, other) for other in deciding)
        one_test = index - 1 in deciding and nodes[index - 1][0] == "not" and node[0] in ONE_TEST
        if not named_within and not one_test:
            assert judged(expr, facts, {index: True}) is whole
            assert judged(expr, facts, {index: False}) is whole
    for index, reported in enumerate(traced):
        if reported.unheard:
            assert judged(nodes[index], facts, {}) is FAULT
            assert {judged(expr, facts, {index: answer}) for answer in (True, False)} == {whole}


@given(cases())
@examples(20)
def test_every_rule_is_said_to_be_what_the_oracle_finds_it(case: Case) -> None:
    by_name: dict[tuple[str, str], model.Rule] = {(rule.effect, rule.name): rule for rule in case.kept.module.rules}
    for _, _, tree, facts in explained(case):
        for trace in tree.rules:
            rule = by_name[trace.effect, trace.name]
            if rule.methods and tree.method not in rule.methods:
                assert trace.state == "other method"
            else:
                assert trace.state == STATES[holds(rule, facts)]


@given(cases())
@examples(20)
def test_a_denial_has_a_reason_that_names_what_decided_or_what_came_closest(case: Case) -> None:
    oracle = Oracle(case.kept.module)
    engine = simulation(plan_of(case.kept.module, case.kept.tree))
    for question in case.questions:
        decision, tree = engine.explain(question)
        assert said(decision) == said(oracle.ask(question))
        assert (tree.kind, tree.status) == (decision.kind, decision.status)
        assert tree.reason
        assert "{" not in tree.reason
        match decision.kind:
            case "denied" | "step_up" | "deny_fault" | "allow_fault":
                names = decision.faults or (decision.rule,)
                assert tree.decided_by == names
                assert all(str(name) in tree.reason for name in names)
                deciders = [rule for rule in tree.rules if rule.decides]
                assert {rule.name for rule in deciders} == set(names)
                assert {rule.state for rule in deciders} == {"fault" if decision.faults else "true"}
            case "no_allow" | "credential_required":
                reachable = [rule for rule in tree.rules if rule.effect == "allow" and rule.state != "other method"]
                assert (tree.closest is None) is (not reachable)
                assert tree.closest is None or tree.closest.name in tree.reason


@given(cases())
@examples(20)
def test_with_what_the_closest_allow_lacked_it_would_hold(case: Case) -> None:
    for plan, decision, tree, facts in explained(case):
        wanting = () if tree.closest is None else (tree.closest, *tree.further)
        assert not wanting or decision.kind in {"no_allow", "credential_required", "allow_fault"}
        for way in wanting:
            trace = next(rule for rule in tree.rules if (rule.effect, rule.name) == ("allow", way.name))
            assert way.lacked
            assert any(lack.text == "until" for lack in way.lacked) is trace.expired
            whole = shown(plan, trace)
            if whole is not None:
                expr, traced = whole
                assert any(judged(expr, facts, answers) is True for answers in answered(way, traced))


def answered(way: Closest, traced: list[NodeTrace]) -> Iterator[dict[int, bool]]:
    """The nodes that a way would change, with what it needs of them; a place may be in a condition twice."""
    lacks = [lack for lack in way.lacked if lack.text != "until"]
    found = [
        [index for index, node in enumerate(traced) if (node.text, node.place) == (lack.text, lack.place)]
        for lack in lacks
    ]
    for chosen in product(*found):
        yield {index: lack.needed == "true" for index, lack in zip(chosen, lacks, strict=True)}


DOWN = """language 1
issuer corp { iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub  claims { sub: text(1..9) } }
metadata { fresh within 30s  blocked: bool  team: slug }
route orders { match GET on "/orders"  trust corp  upstream "http://127.0.0.1:9000" }
allow nobody on orders when claims.sub == "x"
"""


@pytest.mark.parametrize(("effect", "kind"), [("deny", "deny_fault"), ("allow", "allow_fault")])
def test_every_rule_without_an_answer_is_named(effect: str, kind: str) -> None:
    rules = f'{effect} r1 on orders when metadata.blocked\n{effect} r2 on orders when metadata.team == "a"\n'
    plan = plan_of(*module_of(DOWN + rules))
    members = {"iss": "https://corp.test", "aud": "api", "exp": pool.BASE + 60, "sub": "u"}
    question = Ask(pool.BASE * pool.SECOND, "GET", "/orders", payload=json_texts.without_gaps(members))
    decision, tree = simulation(plan).explain(question)
    assert (decision.kind, tree.decided_by) == (kind, ("r1", "r2"))
    assert all(name in tree.reason for name in tree.decided_by)
    assert [rule.name for rule in tree.rules if rule.decides] == ["r1", "r2"]
