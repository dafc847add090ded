"""Stages and the tree walk agree on every field of a verdict: hoisting is not observable."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policylang.codegen.compiled import CompiledPlan
from policylang.explain.evaluate import Facts
from policylang.plan.model import Plan
from policylang.runtime.verdict import Verdict
from policylang.simulate.unhoisted import verdict
from tests.policylang.codegen.plan_strategies import Question, plans, questions
from tests.policylang.codegen.small_plans import FIELDS

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


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), asked=st.lists(questions(), min_size=4, max_size=8))
def test_stages_agree_with_a_tree_walk(plan: Plan, asked: list[Question]) -> None:
    compiled = CompiledPlan(plan, {})
    for question in asked:
        assert staged(compiled, question) == walked(plan, question), question


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), asked=questions(), later=st.integers(0, 3_000_000))
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
