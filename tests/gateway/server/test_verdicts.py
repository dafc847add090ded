"""Verdicts that refuse, as answers."""

from typing import Any, get_args

import pytest

from gateway.server.verdicts import refusal_of, step_up
from policylang.embed import STATUS, Verdict
from policylang.runtime.verdict import Kind
from tests.strategies.spine import UPSTREAM, plan_of

PLAN = plan_of(
    f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\n'
    + "".join(f'deny r{n:02} on a when claims.tenant == "t{n}"\n' for n in range(12))
    + "allow x on a always\n"
)
REFUSING = [kind for kind in get_args(Kind) if kind != "allow"]


@pytest.mark.parametrize("kind", REFUSING)
def test_each_kind_has_its_status_and_every_401_a_challenge(kind: Any) -> None:
    refusal = refusal_of(Verdict(kind, rule=3, acr=("mfa",)), PLAN)
    assert (refusal.kind, refusal.status, refusal.rule, refusal.reason) == (kind, STATUS[kind], 3, "")
    assert bool(refusal.headers) == (refusal.status == 401)
    assert {name for name, _ in refusal.headers} <= {"WWW-Authenticate"}


def test_without_a_credential_no_error_is_stated() -> None:
    assert refusal_of(Verdict("credential_required"), PLAN).headers == [("WWW-Authenticate", "Bearer")]


def test_answers_share_no_list() -> None:
    first, second = (refusal_of(Verdict("credential_required"), PLAN) for _ in range(2))
    first.headers.append(("X", "y"))
    assert len(second.headers) == 1


def test_faults_are_named_for_the_log_up_to_eight() -> None:
    refusal = refusal_of(Verdict("deny_fault", faults=tuple(range(12))), PLAN)
    assert refusal.reason == "no answer from " + ", ".join(PLAN.rules[n].name for n in range(8))


@pytest.mark.parametrize(
    ("acr", "quoted"),
    [(("mfa",), '"mfa"'), (("a", "b"), '"a b"'), (('q"x', "b\\s"), '"q\\"x b\\\\s"'), (("urn:x:y",), '"urn:x:y"')],
)
def test_the_step_up_challenge(acr: tuple[str, ...], quoted: str) -> None:
    assert step_up(acr) == f'Bearer error="insufficient_user_authentication", acr_values={quoted}'
