import json
from dataclasses import replace
from typing import Any

import pytest

from policylang.check.model import (
    And,
    Arm,
    CheckedModule,
    Compare,
    IdentityToken,
    Limit,
    Lit,
    Policy,
    Quota,
    Rate,
    Ref,
    Rule,
    Select,
    SetHeader,
    Template,
    TypedExpr,
)
from policylang.reference.encode import parts, virtual_identity
from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.runtime.decision import ChargeRecord, Decision
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Bool, Int, Slug, Text
from tests.strategies.checked import claim, issuer, module, route, rule

RISK = Ref(NOWHERE, Int(0, 9), "claims", "risk", False)
SUB = Ref(NOWHERE, Text(), "claims", "sub", False)
ROLE = Ref(NOWHERE, Slug(), "metadata", "role", False)
EVENT = Ref(NOWHERE, Text(0, 4096), "header", "x-event", True)


def equal(left: TypedExpr, value: str | int) -> TypedExpr:
    return Compare(NOWHERE, Bool(), "==", left, Lit(NOWHERE, left.type, value))


def ask(method: str = "GET", target: str = "/r", claims: dict[str, Any] | None = None, **rest: Any) -> Ask:
    members = {"iss": "https://corp.test", "aud": "api", "exp": 2_000_000_000, "sub": "u1", "risk": 0} | (claims or {})
    rest.setdefault("payload", json.dumps(members).encode())
    return Ask(1_700_000_000_000_000, method, target, **rest)


def small(**rest: Any) -> CheckedModule:
    rules = (rule("allow", "a"), rule("deny", "d", equal(RISK, 9)))
    return module(*rest.pop("rules", rules), issuers=(issuer("corp", claim("risk", Int(0, 9))),), **rest)


@pytest.mark.parametrize(
    ("question", "kind", "status"),
    [
        (ask(target="//r"), "malformed", 400), (ask(host=""), "malformed", 400), (ask(target="/x"), "no_route", 404),
        (ask("POST"), "method_not_allowed", 405), (ask(payload=None), "credential_missing", 401),
        (ask(payload=b"junk"), "credential_refused", 401), (ask(claims={"risk": 9}), "denied", 403), (ask(), "allow",
        200),
    ],
)  # fmt: skip
def test_answers_in_order(question: Ask, kind: str, status: int) -> None:
    decision = Oracle(small()).ask(question)
    assert (decision.kind, decision.status) == (kind, status)


def test_an_allowed_request_in_full() -> None:
    policy = Policy("p", Rate(1, 1_000_000, 1), None, frozenset(), NOWHERE)
    checked = small(
        policies=(policy,),
        selects=(Select(0, False, ("r",), (Arm("p", None, NOWHERE),), None, NOWHERE),),
        set_headers=(
            SetHeader("request", ("r",), "X_User", Template((SUB,)), None, NOWHERE),
            SetHeader("request", ("r",), "X-Always", Template(("yes",)), None, NOWHERE),
            SetHeader("response", ("r",), "Strict", Template(("on",)), None, NOWHERE),
            SetHeader("request", ("elsewhere",), "X-No", Template(("no",)), None, NOWHERE),
        ),
        identity_tokens=(IdentityToken("t", ("r",), "svc", SUB, 1, "X-Id", False, (("risk", RISK),), NOWHERE),),
    )
    oracle = Oracle(checked)
    identity = virtual_identity(b"\0" * 32, checked.issuers["corp"], "u1")
    charge = ChargeRecord("policy:p:rate", parts(b"policy:p:rate", b"i" + identity).hex(), ("rate", 1, 1_000_000, 1))
    assert oracle.ask(ask()) == Decision(
        kind="allow",
        status=200,
        route="r",
        issuer="corp",
        rule="a",
        policies=("p",),
        charges=(charge,),
        request_headers=(("X-Always", "yes"), ("X_User", "u1")),
        response_headers=(("Strict", "on"),),
        minted=(("t", "X-Id", "u1", (("risk", 0),)),),
    )
    assert oracle.ask(ask()) == Decision("limited", 429, route="r", issuer="corp", policies=("p",), charges=(charge,))
    assert oracle.ask(ask(claims={"sub": "u2"})).kind == "allow"


def with_metadata() -> CheckedModule:
    rules = (rule("allow", "a", equal(ROLE, "sre")), rule("shadow deny", "s", equal(ROLE, "x")))
    return small(rules=rules, fields=(claim("role", Slug()),))


@pytest.mark.parametrize(
    ("stored", "kind", "shadow"),
    [({"role": "sre"}, "allow", "false"), ({"role": "x"}, "no_allow", "true"), ({}, "allow_fault", "fault"),
     (None, "allow_fault", "fault"), ({"role": "SRE"}, "allow_fault", "fault"), ({"role": "sre", "more": 1.5},
     "allow", "false")],
)  # fmt: skip
def test_metadata_is_there_or_it_is_a_fault(stored: dict[str, Any] | None, kind: str, shadow: str) -> None:
    decision = Oracle(with_metadata()).ask(ask(metadata=stored))
    assert (decision.kind, decision.shadows) == (kind, (("s", shadow),))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ((("X-Event", "go"),), "allow"), ((("x-event", "no"),), "no_allow"), ((("X_Event", "go"),), "no_allow"),
        ((("X-Event", "go"), ("x-EVENT", "go")), "malformed"), ((("X-Event", "g\u00f6"),), "malformed"),
        ((("X-Event", "a\tb"),), "malformed"), ((("X-Event", "go"), ("X-Other", "\u00f6"), ("X-Other", "")), "allow"),
    ],
)  # fmt: skip
def test_headers_that_rules_read(headers: tuple[tuple[str, str], ...], kind: str) -> None:
    from policylang.check.model import And, Present

    condition = And(NOWHERE, Bool(), (Present(NOWHERE, Bool(), EVENT), equal(EVENT, "go")))
    rules = (rule("allow", "a", condition),)
    assert Oracle(small(rules=rules)).ask(ask(headers=headers)).kind == kind
    assert Oracle(small(rules=rules)).ask(ask(headers=headers, payload=None)).kind == (
        "malformed" if kind == "malformed" else "credential_missing"
    )


def test_a_shadow_turns_no_request_into_an_error() -> None:
    from policylang.check.model import Present

    shadow = rule("shadow deny", "s", Present(NOWHERE, Bool(), EVENT))
    twice = ask(headers=(("X-Event", "go"), ("X-Event", "go")))
    decision = Oracle(small(rules=(rule("allow", "a"), shadow))).ask(twice)
    assert (decision.kind, decision.shadows) == ("allow", (("s", "fault"),))


def test_rendering_comes_before_charging_and_faults_before_refusals() -> None:
    faulting = SetHeader("request", ("r",), "X-Role", Template((ROLE,)), None, NOWHERE)
    refusing = SetHeader("response", ("r",), "X-Sub", Template((SUB,)), None, NOWHERE)
    once = Limit("once", ("r",), "route", Quota(1, "day", None), "deny", NOWHERE)
    checked = small(set_headers=(refusing, faulting), fields=(claim("role", Slug()),), limits=(once,))
    oracle = Oracle(checked)
    bad_sub: dict[str, Any] = {"sub": "a\n"}
    assert oracle.ask(ask(claims=bad_sub)).kind == "render_fault"
    refused = oracle.ask(ask(claims=bad_sub, metadata={"role": "x"}))
    assert (refused.kind, refused.rule, refused.charges) == ("render_refused", None, ())
    assert oracle.ask(ask(metadata={"role": "x"})).kind == "allow"
    assert oracle.ask(ask(metadata={"role": "x"})).kind == "limited"


def test_what_a_limit_counts_by_must_be_had() -> None:
    limit = Limit("l", ("r",), ROLE, Rate(1, 1, 1), "deny", NOWHERE)
    checked = small(limits=(limit,), fields=(claim("role", Slug()),))
    assert Oracle(checked).ask(ask(metadata=None)).kind == "render_fault"
    assert Oracle(checked).ask(ask(metadata={"role": "x"})).charges[0].key.endswith(b"tx".hex())


def test_grants_fault_with_the_select_and_are_empty_when_it_refuses() -> None:
    from policylang.check.model import In
    from policylang.typesys.terms import SetOf

    grants = Ref(NOWHERE, SetOf(Text()), "policy", "grants", False)
    export = In(NOWHERE, Bool(), Lit(NOWHERE, Text(), "export"), grants)
    arm = Arm("p", equal(ROLE, "sre"), NOWHERE)
    checked = small(
        rules=(rule("allow", "a"), rule("allow", "export", export, methods=("GET",))),
        policies=(Policy("p", None, None, frozenset({"export"}), NOWHERE),),
        selects=(Select(0, False, ("r",), (arm,), None, NOWHERE),),
        fields=(claim("role", Slug()),),
    )
    assert Oracle(checked).ask(ask(metadata={"role": "sre"})).policies == ("p",)
    assert Oracle(checked).ask(ask(metadata={"role": "x"})).kind == "policy_refused"
    assert Oracle(checked).ask(ask(metadata=None)).kind == "policy_fault"
    only = replace(checked, rules=tuple(item for item in checked.rules if item.name == "export"))
    assert Oracle(only).ask(ask(metadata={"role": "x"})).kind == "no_allow"
    fault = Oracle(only).ask(ask(metadata=None))
    assert (fault.kind, fault.faults) == ("allow_fault", ("export",))


def test_anonymous_requests_have_no_issuer_and_no_claims() -> None:
    from policylang.check.model import IssuerIs

    routes = (route("r", "/r", anonymous=True),)
    rules = (rule("allow", "a", IssuerIs(NOWHERE, Bool(), None)), rule("allow", "b", IssuerIs(NOWHERE, Bool(), "corp")))
    oracle = Oracle(small(rules=rules, routes=routes))
    assert oracle.ask(ask(payload=None)) == Decision("allow", 200, route="r", rule="a")
    assert oracle.ask(ask()) == Decision("allow", 200, route="r", issuer="corp", rule="b")
    assert oracle.ask(ask(payload=b"{}")).kind == "credential_refused"
    assert Oracle(small(rules=rules[1:], routes=routes)).ask(ask(payload=None)).kind == "credential_required"


class Told:
    """A tracer that writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[object] = []

    def saw(self, expr: TypedExpr, value: object) -> None:
        self.lines.append((type(expr).__name__, value))

    def held(self, rule: Rule, value: object) -> None:
        self.lines.append((rule.name, value))

    def took(self, select: Select, arm: Arm | None) -> None:
        self.lines.append(("took", None if arm is None else arm.policy))

    def decided(self, ask: Ask, decision: Decision) -> None:
        self.lines.append((ask.method, decision.kind))


def test_a_tracer_is_told_what_was_looked_at_and_nothing_else() -> None:
    free = Policy("free", None, None, frozenset(), NOWHERE)
    arms = (Arm("free", equal(RISK, 3), NOWHERE), Arm("free", None, NOWHERE))
    checked = small(policies=(free,), selects=(Select(0, False, ("r",), arms, None, NOWHERE),))
    told = Told()
    oracle = Oracle(checked, tracer=told)
    assert oracle.ask(ask()) == Oracle(checked).ask(ask())
    assert told.lines == [
        ("Ref", 0), ("Lit", 3), ("Compare", False), ("took", "free"),
        ("Ref", 0), ("Lit", 9), ("Compare", False), ("d", False), ("a", True), ("GET", "allow"),
    ]  # fmt: skip
    told.lines.clear()
    oracle.ask(ask(payload=None))
    assert told.lines == [("GET", "credential_missing")]


def test_a_tracer_is_not_told_of_operands_behind_a_certain_one_nor_of_a_rule_that_has_ended() -> None:
    both = And(NOWHERE, Bool(), (equal(RISK, 1), equal(RISK, 2)))
    ended = replace(rule("allow", "b", both), until=0)
    told = Told()
    Oracle(small(rules=(rule("allow", "a", both), ended)), tracer=told).ask(ask())
    assert told.lines == [
        ("Ref", 0), ("Lit", 1), ("Compare", False), ("And", False), ("a", False), ("b", False), ("GET", "no_allow"),
    ]  # fmt: skip


def test_a_tracer_is_told_where_no_arm_holds() -> None:
    arms = (Arm("free", equal(RISK, 3), NOWHERE),)
    told = Told()
    Oracle(small(selects=(Select(0, True, ("r",), arms, None, NOWHERE),)), tracer=told).ask(ask())
    assert ("took", None) in told.lines
