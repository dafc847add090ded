"""The tree walk against verdicts worked out by hand; against the stages it is tested in ``codegen/test_assemble``."""

from dataclasses import replace

from policylang.explain.evaluate import Facts
from policylang.plan import model
from policylang.plan.model import Quota, Rate
from policylang.runtime.policies import REFUSED, UNCOVERED
from policylang.runtime.verdict import Verdict
from policylang.simulate.unhoisted import holds, select, truth, verdict, with_grants
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    FLAG,
    GRANTS,
    PLAN,
    RISK,
    ROLES,
    SCOPE,
    SUB,
    Build,
    number,
    text,
)  # fmt: skip

FACTS = Facts(
    now=1_000_000_000, issuer="corp", claims={"sub": "u1", "flag": True, "scope": frozenset({"free"}), "plan": "gold"},
    fields={"blocked": False, "roles": frozenset({"a", "b"})}, captures={"number": 7, "tenant": "acme"}, headers={},
    unreadable=frozenset(), client_ip="10.0.0.1", peer_ip="::1",
)  # fmt: skip
DOWN = replace(FACTS, fields=None)
POLICIES = (model.Policy("free", Rate(1, 1, 1), None, ("a",), 0), model.Policy("gold", None, None, ("b",), 0))


def judged(made: Build, facts: Facts = FACTS, method: str = "GET") -> Verdict:
    return verdict(made.plan(), {"hush": "s3cret"}, 0, method, facts, b"me")


def test_order_of_the_answers() -> None:
    made = (
        Build()
        .rule("allow", "a", methods=("GET",))
        .rule("deny", "b", BLOCKED)
        .rule("deny", "c", BLOCKED, step_up="mfa")
    )
    assert judged(made) == Verdict("allow", 0)
    assert judged(made, method="POST") == Verdict("no_allow")
    assert judged(made, DOWN) == Verdict("deny_fault", 1, faults=(1, 2))
    assert judged(made, replace(FACTS, fields={"blocked": True})) == Verdict("denied", 1)
    made.rules.pop(1)
    assert judged(made, replace(FACTS, fields={"blocked": True})) == Verdict("step_up", 1, acr=("mfa",))
    assert judged(Build().rule("allow", "a", BLOCKED), DOWN) == Verdict("allow_fault", 0, faults=(0,))


def test_holding() -> None:
    allow = Build().rule("allow", "a", FLAG, until=1000).rules[0]
    assert holds(allow, FACTS) is False
    assert holds(allow, replace(FACTS, now=999_999_999)) is True
    assert truth(("cmp", "gt", RISK, number(1)), FACTS) is None


def test_selects() -> None:
    made = Build(policies=POLICIES).rule("allow", "a", ("in", text("b"), GRANTS)).choose((1, FLAG), (0, BLOCKED))
    route = made.plan().routes[0]
    chosen = select(made.plan(), route, FACTS)
    assert chosen is not None
    assert chosen.policies == (1,)
    assert with_grants(FACTS, chosen).grants == frozenset({"b"})
    assert with_grants(FACTS, None).grants is None
    assert judged(made).policies == (1,)
    unflagged = replace(FACTS, claims={})
    assert judged(made, unflagged).kind == "allow_fault", "an arm whose guard is absent has no answer"
    assert select(Build().plan(), Build().plan().routes[0], FACTS) is UNCOVERED
    every = Build(policies=POLICIES).choose((1, FLAG), (0, ("not", FLAG)), every=True)
    assert select(every.plan(), route, FACTS) == select(made.plan(), route, FACTS)
    for ref, expected in ((PLAN, (1,)), (SCOPE, (0,)), (ROLES, None)):
        named = Build(policies=POLICIES).choose()
        named.select = model.Select(True, (model.Arm(-1, ref, None, 0),), -1, 0)
        found = select(named.plan(), route, FACTS)
        assert found is REFUSED if expected is None else found is not None and found.policies == expected
        assert (select(named.plan(), route, DOWN) is None) is (ref is ROLES)


def test_what_is_said() -> None:
    made = Build(policies=POLICIES, secrets=("hush",)).rule("allow", "a").choose(otherwise=0)
    made.header("X-U", text("u="), SUB).header("X-A", secret="hush").header("X-R", joined=ROLES, separator=",")
    made.token("t", SUB, ("roles", ROLES), ("risk", RISK)).limit("l", "route", Quota(None, None, 0, "UTC"))
    made.limit("m", "identity", Rate(1, 1, 1)).limit("n", "ref", Rate(1, 1, 1), SUB).limit("o", "route", Rate(1, 1, 1))
    said = judged(made)
    assert said.set_request == b"X-A: s3cret\r\nX-R: a,b\r\nX-U: u=u1\r\n"
    assert said.mints[0].claims == {"roles": ["a", "b"]}
    assert [charge.name for charge in said.charges] == ["policy:free:rate", "m", "n", "o"]
    assert judged(made, DOWN) == Verdict("render_fault", policies=(0,))
    bad = replace(FACTS, claims={"sub": "\n"})
    assert judged(made, bad) == Verdict("render_refused", policies=(0,))
    assert judged(Build().rule("allow", "a").token("t", RISK)).kind == "render_refused"
    assert judged(Build().rule("allow", "a").limit("l", "ref", Rate(1, 1, 1), RISK)).kind == "render_refused"


def test_nobody_is_vouched_for() -> None:
    made = Build(anonymous=True).rule("allow", "a").token("t", SUB)
    assert [mint.subject for mint in judged(made).mints] == ["u1"]
    nobody = replace(FACTS, issuer=None, claims={}, fields=None)
    assert (judged(made, nobody).kind, judged(made, nobody).mints) == ("allow", ())
