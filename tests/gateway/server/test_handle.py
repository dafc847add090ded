"""The spine: the order of answers, waits that change nothing, and what is kept of a caller."""

import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.message.forward import Forward
from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from gateway.policy.loaded import Loaded
from gateway.server.handle import handle
from tests.strategies.spine import (
    IDENTITY,
    UPSTREAM,
    Facts,
    Gate,
    LateFacts,
    LateGate,
    LateLimits,
    Spy,
    ask,
    ask_late,
    caller,
    fields_of,
    inbound,
    kind,
    load,
    parts,
    record,
    values,
)
from tests.strategies.tokens import NOW, SECOND

MINUTE = 60 * SECOND

RULES = f"""
metadata {{ fresh within 30s  roles: set of slug default []  blocked: bool default false }}
policy free {{ rate 2 per 1h burst 2 }}
select policy on orders {{ use free otherwise }}
route orders {{ match GET, POST on "/orders/**"  trust corp  {UPSTREAM} }}
route plain {{ match GET on "/plain"  trust corp  {UPSTREAM} }}
route open {{ match GET on "/open"  trust anonymous  {UPSTREAM} }}
allow read on orders for GET when header["X-Mode"] present
allow newest on plain always
allow see on open always
deny blocked on orders when metadata.blocked
deny stale on plain when claims.auth_time present and claims.auth_time older than 15min
shadow deny noted on plain when "admin" in metadata.roles
request headers on orders {{ set X-Tenant "{{claims.tenant}}"  set X-Roles metadata.roles joined by "," omit when empty }}
identity token inner on orders {{ audience "svc"  subject claims.sub  lifetime 60s  header X-Identity }}
"""
MODE = (b"X-Mode", b"on")


def orders(facts: Any = None) -> tuple[Loaded, Principal]:
    plan = load(RULES, facts)
    return plan, caller(plan)


REFUSED = Refusal("credential_refused", "signature")


@pytest.mark.parametrize(
    ("target", "headers", "gate", "blocked", "expected", "asked"),
    [
        ("/orders//1", [MODE, MODE], REFUSED, True, "malformed", 0),
        ("/nowhere", [MODE, MODE], REFUSED, True, "no_route", 0),
        ("/orders/1", [MODE, MODE], REFUSED, True, "malformed", 0),
        ("/orders/1", [], REFUSED, True, "credential_refused", 1),
        ("/orders/1", [], None, True, "denied", 1),
        ("/orders/1", [], None, False, "no_allow", 1),
        ("/orders/1", [MODE], None, False, "allow", 1),
    ],
)
def test_the_first_refusal_wins_and_no_later_step_is_asked(
    target: str, headers: list[tuple[bytes, bytes]], gate: Refusal | None, blocked: bool, expected: str, asked: int
) -> None:
    facts = Facts()
    plan, who = orders(facts)
    facts.answer = (1, fields_of(plan, roles=frozenset(), blocked=blocked))
    door, limits = Gate(gate or who), Spy()
    answer, kept = ask(parts(plan, door, limits), "GET", target, *headers)
    assert kind(answer) == expected
    assert door.asked == asked
    assert facts.asked == (1 if gate is None and asked else 0)
    assert limits.charged == (["policy:free:rate"] if expected == "allow" else [])
    assert kept.identity == (IDENTITY if gate is None and asked else b"")


@pytest.mark.parametrize("answer", [True, False, None])
def test_why_the_rules_refuse_is_told_where_it_is_wanted_and_without_a_value(answer: bool | None) -> None:
    facts = Facts()
    plan, who = orders(facts)
    facts.answer = OUTAGE if answer is None else (1, fields_of(plan, roles=frozenset({"s3cr3t"}), blocked=answer))
    made = parts(plan, Gate(who), Spy())
    assert ask(made, "GET", "/orders/1")[1].explanation is None
    refusal, kept = ask(replace(made, explains=True), "GET", "/orders/1")
    told = kept.explanation
    assert told is not None
    assert (told["kind"], told["route"], told["issuer"]) == (kind(refusal), "orders", "corp")
    states = {rule["name"]: rule["state"] for rule in told["rules"]}
    assert states == {"blocked": {True: "true", False: "false", None: "fault"}[answer], "read": "false"}
    assert (told["closest"] is not None) is (answer is False)
    assert not {"s3cr3t", "u1", "acme"} & set(json.dumps(told).replace('"', " ").split())
    assert ask(replace(made, explains=True), "GET", "/orders/1", MODE)[1].explanation is None or answer is not False


def test_a_method_that_the_path_does_not_take_is_405_before_any_credential() -> None:
    plan, who = orders()
    door = Gate(who)
    answer, _ = ask(parts(plan, door), "DELETE", "/orders/1")
    assert kind(answer) == "method_not_allowed"
    assert door.asked == 0


def test_rendering_comes_before_limits() -> None:
    """A fact that a header needs and that is not to be had is 503, and nothing is charged, though the limit is used up."""
    facts = Facts()
    plan, who = orders(facts)
    limits = Spy()
    made = parts(plan, Gate(who), limits)
    facts.answer = (1, fields_of(plan, roles=frozenset(), blocked=False))
    assert [kind(ask(made, "GET", "/orders/1", MODE)[0]) for _ in range(3)] == ["allow", "allow", "limited"]
    charged = len(limits.charged)
    facts.answer = OUTAGE
    refused, kept = ask(made, "GET", "/orders/1", MODE)
    assert kind(refused) in {"deny_fault", "render_fault"}
    assert refused.status == 503 if isinstance(refused, Refusal) else False
    assert len(limits.charged) == charged
    assert kept.kind != "allow"


@pytest.mark.parametrize("waiting", ["gate", "facts", "limits", "all"])
@pytest.mark.parametrize("blocked", [False, True])
async def test_a_wait_changes_no_answer(waiting: str, blocked: bool) -> None:
    answers = []
    for late in (False, True):
        facts = (LateFacts if late and waiting in {"facts", "all"} else Facts)()
        plan, who = orders(facts)
        facts.answer = (3, fields_of(plan, roles=frozenset({"a"}), blocked=blocked))
        gate = (LateGate if late and waiting in {"gate", "all"} else Gate)(who)
        limits = LateLimits() if late and waiting in {"limits", "all"} else None
        made = parts(plan, gate, limits)
        waits = late and not (blocked and waiting == "limits")
        for _ in range(3):
            answer, kept = (
                await ask_late(made, "GET", "/orders/1", MODE) if waits else ask(made, "GET", "/orders/1", MODE)
            )
            answers.append((late, shape(answer), replace(kept, plan=None)))
    now, later = [seen[1:] for seen in answers if not seen[0]], [seen[1:] for seen in answers if seen[0]]
    assert now == later
    assert {seen[0][0] for seen in now} == ({"denied"} if blocked else {"allow", "limited"})


def shape(answer: Any) -> tuple[Any, ...]:
    """An answer without the signature of its identity token, which is never the same twice."""
    if isinstance(answer, Refusal):
        return answer.kind, answer.reason, answer.rule, answer.headers
    assert isinstance(answer, Forward)
    head = [line for line in answer.head.split(b"\r\n") if not line.startswith(b"X-Identity")]
    return "allow", head, answer.edit, answer.targets


async def test_a_refusal_of_a_parked_authenticator() -> None:
    plan, _ = orders()
    answer, kept = await ask_late(parts(plan, LateGate(REFUSED)), "GET", "/orders/1", MODE)
    assert answer is REFUSED
    assert kept.identity == b""


def test_token_facts_are_kept_for_their_interval_and_made_anew_after_it() -> None:
    plan, _ = orders()
    who = caller(plan, auth_time=NOW // SECOND)
    made = parts(plan, Gate(who))
    assert kind(ask(made, "GET", "/plain")[0]) == "allow"
    first = who.cells[plan.names.routes.index("plain"), "GET"]
    end = NOW + 15 * MINUTE
    assert first.token.valid_until == end + 1
    assert kind(ask(made, "GET", "/plain", now=end)[0]) == "allow"
    assert who.cells[plan.names.routes.index("plain"), "GET"] is first
    assert kind(ask(made, "GET", "/plain", now=end + 1)[0]) == "denied"
    assert who.cells[plan.names.routes.index("plain"), "GET"] is not first
    assert kind(ask(made, "GET", "/plain", now=end - MINUTE)[0]) == "allow", "a clock that went back"


def test_identity_facts_are_made_anew_on_a_new_version_alone() -> None:
    facts = Facts()
    plan, who = orders(facts)
    made = parts(plan, Gate(who), Spy(OUTAGE))

    def roles() -> Any:
        answer, _ = ask(made, "GET", "/orders/1", MODE)
        return answer

    facts.answer = (4, fields_of(plan, roles=frozenset({"a"}), blocked=True))
    assert kind(roles()) == "denied"
    facts.answer = (4, fields_of(plan, roles=frozenset({"a"}), blocked=False))
    assert kind(roles()) == "denied", "a version never returns with other fields, so it is not looked at again"
    facts.answer = (5, fields_of(plan, roles=frozenset({"a"}), blocked=False))
    assert kind(roles()) == "limit_outage"
    facts.answer = (0, fields_of(plan, roles=frozenset(), blocked=True))
    assert kind(roles()) == "denied"


def test_a_fault_is_never_kept() -> None:
    facts = Facts()
    plan, who = orders(facts)
    made = parts(plan, Gate(who))
    good = (1, fields_of(plan, roles=frozenset({"a"}), blocked=False))
    assert kind(ask(made, "GET", "/orders/1", MODE)[0]) == "deny_fault"
    facts.answer = good
    assert values(ask(made, "GET", "/orders/1", MODE)[0], b"x-roles") == [b"a"]
    facts.answer = OUTAGE
    assert kind(ask(made, "GET", "/orders/1", MODE)[0]) == "deny_fault"
    facts.answer = good
    assert kind(ask(made, "GET", "/orders/1", MODE)[0]) == "allow"


@pytest.mark.parametrize(("left", "expected"), [(0, "credential_refused"), (-1, "credential_refused"), (1, "allow")])
def test_where_a_route_mints_leeway_does_not_extend_exp_and_nothing_is_charged(left: int, expected: str) -> None:
    plan = load(RULES)
    limits = Spy()
    made = parts(plan, Gate(caller(plan, NOW + left)), limits)
    answer, _ = ask(made, "GET", "/orders/1", MODE)
    assert kind(answer) == expected
    assert bool(limits.charged) == (expected == "allow")
    if isinstance(answer, Refusal):
        assert answer.status == 401
        assert answer.headers == [("WWW-Authenticate", 'Bearer error="invalid_token"')]
    assert kind(ask(made, "GET", "/plain")[0]) == "allow"


async def test_shadow_rules_never_wait() -> None:
    facts = LateFacts()
    plan, who = orders(facts)
    facts.answer = (1, fields_of(plan, roles=frozenset({"admin"}), blocked=False))
    answer, kept = ask(parts(plan, Gate(who)), "GET", "/plain")
    assert kind(answer) == "allow"
    noted = plan.names.rules.index("noted")
    assert kept.shadows == ((noted, None),)
    known = Facts(facts.answer)
    plan, who = orders(known)
    assert ask(parts(plan, Gate(who)), "GET", "/plain")[1].shadows == ((noted, True),)


def test_nobody_is_one_principal_for_whom_no_fact_is_asked() -> None:
    facts = Facts()
    plan, _ = orders(facts)
    nobody = Principal(None, (), b"", 0, "another")
    answer, kept = ask(parts(plan, Gate(nobody)), "GET", "/open")
    assert kind(answer) == "allow"
    assert facts.asked == 0
    assert (kept.issuer, kept.identity) == (-1, b"")
    assert list(plan.anonymous.cells) == [(plan.names.routes.index("open"), "GET")]
    assert nobody.cells == {}


def test_the_record_says_what_was_decided() -> None:
    facts = Facts()
    plan, who = orders(facts)
    facts.answer = (1, fields_of(plan, roles=frozenset(), blocked=False))
    _, kept = ask(parts(plan, Gate(who)), "GET", "/orders/1", MODE)
    assert kept.plan is plan.names
    assert (plan.names.routes[kept.route], plan.names.rules[kept.rule]) == ("orders", "read")
    assert (kept.issuer, kept.identity, kept.kind, kept.outage_allowed) == (0, IDENTITY, "allow", False)
    assert [plan.names.policies[policy] for policy in kept.policies] == ["free"]


async def test_a_parked_request_keeps_its_plan() -> None:
    """The plan is swapped while the credential is checked: the request is served by the one that it began with."""
    plan, who = orders()
    made = parts(plan, LateGate(who))
    current = [plan]
    made = replace(made, current=lambda: current[0])
    kept = record()
    parked = handle(made, inbound("GET", "/plain"), kept)
    assert isinstance(parked, Parked)
    current[0] = load(f'route other {{ match GET on "/x"  trust corp  {UPSTREAM} }}\nallow x on other always\n')
    answer: Any = parked
    while isinstance(answer, Parked):
        await answer.ready
        answer = answer.resume()
    assert kind(answer) == "allow"
    assert kept.plan is plan.names
