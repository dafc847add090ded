"""Work is bounded before any request: a cell's code runs straight through, and what is as deep or as many as may be compiles.

There is no step counter at run time, because none is needed. Generated code has no way back: each of its instructions is
executed once at most, so that their number bounds the steps of every request. The bound is linear in the rules' nodes.
Caps bound the rules themselves: 64 levels, and the numbers of things in ``policylang.check.caps``.
"""

import dis
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import given

from policylang.codegen.compiled import CompiledPlan
from policylang.compiler import compile_tree
from policylang.plan.model import Plan, Route
from policylang.plan.operators import preorder
from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.simulate.simulation import Simulation
from policylang.source.tree import tree_of
from policylang.syntax.builders.expressions import DEPTH_CAP
from policylang.syntax.parse import NESTING_CAP
from tests.strategies import json_texts, pool
from tests.strategies.checking import Case, cases, module_of
from tests.strategies.engines import plan_of, said, simulation, unhoisted
from tests.strategies.profile import FUZZ, examples

MANY = 10_000 if FUZZ else 800
CHOICES = 2_000 if FUZZ else 800
"""A choice of so many comparisons is still within the parts that one expression may have (R217)."""
"""Rules on one route, and tests in one condition."""

MOST_PER_NODE = 25
"""Instructions of a cell for each node, header, claim, arm or limit of its route, and for the cell itself."""


def steps_of(act: Callable[[], Any]) -> Counter[tuple[CodeType, int]]:
    """How often each instruction of generated code was executed; counted frame by frame, so a second call shows."""
    seen: Counter[tuple[CodeType, int]] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith("<policylang "):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            seen[frame.f_code, frame.f_lasti] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return seen


def code_of(function: Any, found: dict[CodeType, Any]) -> dict[CodeType, Any]:
    """The code of a generated function and of all that it calls."""
    if function.__code__ not in found:
        found[function.__code__] = function
        for name in function.__code__.co_names:
            called = function.__globals__.get(name)
            if getattr(called, "__code__", None) and called.__code__.co_filename == function.__code__.co_filename:
                code_of(called, found)
    return found


def cell_code(compiled: CompiledPlan, key: tuple[int, str, int | None]) -> dict[CodeType, Any]:
    cell = compiled.cell(*key)
    found: dict[CodeType, Any] = {}
    for stage in (cell.token_facts, cell.identity_facts, cell.decide):
        code_of(stage, found)
    return found


def size(plan: Plan, route: Route) -> int:
    """The nodes of all that a route's cells may evaluate, and the things that are said and charged."""
    conditions = [plan.rules[number].condition for number in route.rules]
    if route.select != -1:
        conditions += [arm.when for arm in plan.selects[route.select].arms]
    nodes = sum(1 if condition is None else len(preorder(condition.expr)) for condition in conditions)
    said_values = sum(1 + len(plan.set_headers[number].parts) for number in route.set_headers)
    minted = sum(1 + len(plan.tokens[number].claims) for number in route.tokens)
    return 1 + nodes + said_values + minted + len(route.limits)


def keys_of(plan: Plan) -> list[tuple[int, str, int | None]]:
    return [
        (number, method, issuer)
        for number, route in enumerate(plan.routes)
        for method in sorted({method for pattern in route.patterns for method in pattern.methods})
        for issuer in (*route.trust, *((None,) if route.anonymous else ()))
    ]


@given(cases(1))
@examples(15)
def test_generated_code_has_no_way_back_and_its_size_is_linear_in_the_rules(case: Case) -> None:
    plan = plan_of(case.kept.module, case.kept.tree)
    compiled = CompiledPlan(plan, pool.SECRETS)
    for key in keys_of(plan):
        codes = cell_code(compiled, key)
        for code in codes:
            assert not [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            assert not [one.opname for one in dis.get_instructions(code) if "BACKWARD" in one.opname]
            assert not [one.opname for one in dis.get_instructions(code) if one.opname in {"FOR_ITER", "SEND"}]
        assert sum(len(list(dis.get_instructions(code))) for code in codes) <= MOST_PER_NODE * size(
            plan, plan.routes[key[0]]
        )


@given(cases(4))
@examples(15)
def test_no_request_takes_more_steps_than_its_cell_has_instructions(case: Case) -> None:
    plan = plan_of(case.kept.module, case.kept.tree)
    compiled = CompiledPlan(plan, pool.SECRETS)
    engine = Simulation(compiled)
    most = max(sum(len(code.co_code) // 2 for code in cell_code(compiled, key)) for key in keys_of(plan))
    for question in case.questions:
        seen = steps_of(partial(engine.ask, question))
        assert set(seen.values()) <= {1}
        assert seen.total() <= most


HEAD = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  identity by claims.sub
"""
ROUTE = '\nroute r { match GET on "/r"  trust corp  upstream "http://127.0.0.1:9000" }\n'


def everybody(text: str, ask: Ask) -> list[Decision]:
    """What every engine says of a rule set without errors."""
    module, tree = module_of(text)
    plan = plan_of(module, tree)
    explained, _ = simulation(plan).explain(ask)
    engines = simulation(plan), unhoisted(plan), Oracle(module)
    return [said(explained), *(said(engine.ask(ask)) for engine in engines)]


def asked(**claims: Any) -> Ask:
    members = {"iss": "https://corp.test", "aud": "api", "exp": pool.BASE + 60, "sub": "u", **claims}
    return Ask(pool.BASE * pool.SECOND, "GET", "/r", payload=json_texts.without_gaps(members))


@pytest.mark.parametrize("answer", [True, False])
def test_a_condition_as_deep_as_may_be_written_is_decided_by_everybody(answer: bool) -> None:
    names = [f"b{number}" for number in range(DEPTH_CAP // 2 - 1)]
    condition = f"claims.{names[-1]}"
    for name in names[:-1]:
        condition = f"claims.{name} and not ({condition})"
    condition = f"{'not ' * (DEPTH_CAP + 1 - 2 * len(names))}({condition})"
    text = HEAD + "  claims { sub: text(1..9)  " + "  ".join(f"{name}: bool" for name in names) + " }\n}" + ROUTE
    decisions = everybody(f"{text}allow a on r when {condition}\n", asked(**dict.fromkeys(names, answer)))
    assert {decision.kind for decision in decisions} <= {"allow", "no_allow"}
    assert len(set(map(repr, decisions))) == 1
    one_more = compile_tree(tree_of({"a.rules": f"{text}allow a on r when not {condition}\n"}), None)
    assert one_more.plan is None


@pytest.mark.parametrize("word", ["", "not "])
def test_as_many_parentheses_as_may_be_are_read(word: str) -> None:
    text = HEAD + "  claims { sub: text(1..9)  ok: bool }\n}" + ROUTE
    levels = NESTING_CAP if not word else DEPTH_CAP // 2
    condition = f"{word}(" * levels + "claims.ok" + ")" * levels
    decisions = everybody(f"{text}allow a on r when {condition}\n", asked(ok=True))
    assert {decision.kind for decision in decisions} == {"allow"}
    over = f"{word}(" * (NESTING_CAP + 1) + "claims.ok" + ")" * (NESTING_CAP + 1)
    assert compile_tree(tree_of({"a.rules": f"{text}allow a on r when {over}\n"}), None).plan is None


def test_a_choice_of_hundreds_is_decided_by_everybody() -> None:
    many = " or ".join(f'claims.sub == "u{number}"' for number in range(CHOICES))
    text = HEAD + "  claims { sub: text(1..9) }\n}" + ROUTE
    for sub, kind in ((f"u{CHOICES - 1}", "allow"), (f"u{CHOICES}", "no_allow")):
        assert {one.kind for one in everybody(f"{text}allow a on r when {many}\n", asked(sub=sub))} == {kind}


def test_many_rules_on_one_route_are_decided_by_everybody() -> None:
    rules = [f'deny d{number:05} on r when claims.sub == "x{number}"' for number in range(MANY - 1)]
    text = HEAD + "  claims { sub: text(1..9) }\n}" + ROUTE + "allow a on r always\n" + "\n".join(rules) + "\n"
    last = MANY - 2
    for sub, rule in ((f"x{last}", f"d{last:05}"), ("u", "a")):
        assert {one.rule for one in everybody(text, asked(sub=sub))} == {rule}
