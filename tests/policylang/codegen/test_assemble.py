"""Stages and the tree walk agree on every field of a verdict: hoisting is not observable."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policylang.codegen.assemble import source_steps
from policylang.codegen.compiled import CompiledPlan
from policylang.explain.evaluate import Facts
from policylang.plan.model import Plan
from policylang.plan.steps import run
from policylang.runtime.policies import Policies
from policylang.runtime.verdict import Verdict
from policylang.simulate.unhoisted import verdict
from tests.policylang.codegen.plan_strategies import Question, plans, questions
from tests.policylang.codegen.small_plans import (
    FIELDS,
    LOGIN,
    PATH_NUMBER,
    PATH_TENANT,
    ROLES,
    SUB,
    Build,
    claims_of,
    eq,
    fields_of,
    number,
    text,
    with_request,
)  # fmt: skip
from tests.strategies.profile import examples

IDENTITY = b"\7" * 16


def walked(plan: Plan, asked: Question) -> Verdict:
    issuer = None if asked.issuer is None else plan.issuers[asked.issuer]
    request = asked.request
    assert request.now is not None
    claims: Mapping[str, Any] = {}
    if issuer is not None:
        claims = dict(zip((c.name for c in issuer.claims), asked.claims, strict=True))
    fields = None if asked.fields is None else dict(zip((f.name for f in FIELDS), asked.fields, strict=True))
    facts = Facts(
        now=request.now,
        issuer=issuer.name if issuer else None,
        claims=claims,
        fields=fields,
        captures={"number": request.captures[0], "tenant": request.captures[1]},
        headers=request.headers,
        unreadable=request.unreadable,
        client_ip=request.client_ip,
        peer_ip=request.peer_ip,
    )
    return verdict(plan, {}, 0, asked.method, facts, identity_of(asked))


def identity_of(asked: Question) -> bytes:
    return b"" if asked.issuer is None else IDENTITY


def staged(compiled: CompiledPlan, asked: Question) -> Verdict:
    cell = compiled.cell(0, asked.method, asked.issuer)
    assert asked.request.now is not None
    token = cell.token_facts(asked.claims, identity_of(asked), asked.request.now)
    assert token.valid_from <= asked.request.now < token.valid_until
    identity = cell.identity_facts(token.slots, asked.claims, asked.fields)
    if not cell.reads_metadata:
        assert identity == ()
    return cell.decide(token.slots, identity, asked.request)


@given(plan=plans(), asked=st.lists(questions(), min_size=4, max_size=8))
@examples(60)
def test_stages_agree_with_a_tree_walk(plan: Plan, asked: list[Question]) -> None:
    compiled = CompiledPlan(plan, {})
    for question in asked:
        assert staged(compiled, question) == walked(plan, question), question


@given(plan=plans(), asked=questions(), later=st.integers(0, 3_000_000))
@examples(40)
def test_token_facts_hold_for_the_whole_of_their_interval(plan: Plan, asked: Question, later: int) -> None:
    compiled = CompiledPlan(plan, {})
    cell = compiled.cell(0, asked.method, asked.issuer)
    assert asked.request.now is not None
    kept = cell.token_facts(asked.claims, identity_of(asked), asked.request.now)
    for now in (kept.valid_from, kept.valid_until - 1, asked.request.now + later, asked.request.now - later):
        if not (kept.valid_from <= now < kept.valid_until and abs(now) < 2**60):
            continue
        then = replace(asked, request=replace(asked.request, now=now))
        identity = cell.identity_facts(kept.slots, asked.claims, asked.fields)
        assert cell.decide(kept.slots, identity, then.request) == walked(plan, then)


def test_many_rules_are_split_into_functions_that_decide_alike() -> None:
    conditions = [
        ("or", eq(SUB, text(f"u{i}")), ("and", ("in", text(f"s{i}"), ROLES), eq(PATH_NUMBER, number(i % 9))),
         ("and", ("present", LOGIN), ("older", LOGIN, i * 1_000_000)))
        for i in range(150)
    ]  # fmt: skip
    made = Build()
    for i, condition in enumerate(conditions):
        made.rule("allow", f"a{i:03}", ("and", condition, eq(PATH_TENANT, text("acme"))) if i % 3 else condition)
        made.rule("shadow deny", f"s{i:03}", condition)
        if i % 2:
            made.rule("deny", f"d{i:03}", ("and", condition, ("not", eq(SUB, text("u0")))))
    plan = made.plan()
    compiled = CompiledPlan(plan, {})
    source = run(source_steps(plan, {}, Policies(()), (0, "GET", 0)))
    assert max(len(list(ast.walk(function))) for function in source.functions) < 6000
    for sub, roles, login in (
        ("u0", "x", None),
        ("u77", "x", None),
        ("x", "s41", None),
        ("x", "x", 990),
        ("x", "x", None),
    ):
        claims = claims_of(sub=sub, login=login)
        for fields in (None, fields_of(roles=frozenset({roles}))):
            for captures in ((5, "acme"), (5, "x")):
                asked = Question("GET", 0, claims, fields, with_request(captures=captures))
                assert staged(compiled, asked) == walked(plan, asked)
