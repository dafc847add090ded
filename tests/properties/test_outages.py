"""Metadata that cannot be had, at each place that may need it: oracle, plan and gateway say the same, and charge nothing."""

from typing import Any

import pytest

from gateway.message.ports import OUTAGE
from gateway.message.refusal import Refusal
from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from tests.strategies.checking import module_of
from tests.strategies.engines import plan_of, plan_without_passes, said, simulation, unhoisted
from tests.strategies.spine import HEAD, UPSTREAM, Facts, Gate, Spy, ask, caller, fields_of, kind, load, parts
from tests.strategies.tokens import NOW, SECOND

BASE = f"""
metadata {{ fresh within 30s  team: text(1..20) default "none"  tier: one of "a", "b" default "a"  ok: bool default true }}
policy a {{ rate 1 per 1h burst 1 }}
policy b {{ quota unlimited }}
route orders {{ match GET on "/orders"  trust corp  {UPSTREAM} }}
"""
ALLOW = "allow read on orders always\n"
LIMIT = "limit team on orders by metadata.team { quota 2 per day on outage allow }\n"
SELECT = "select policy on orders { use a otherwise }\n"
PLACES = {
    "limit": (ALLOW + LIMIT, "render_fault"),
    "limit beside a policy": (ALLOW + SELECT + LIMIT, "render_fault"),
    "limit beside a value that cannot be said": (
        ALLOW + LIMIT + 'request headers on orders { set X-Name "{claims.sub}" }\n',
        "render_fault",
    ),
    "limit after a denial": (ALLOW + LIMIT + 'deny all_of_it on orders when claims.tenant == "acme"\n', "denied"),
    "limit after a deny without an answer": (ALLOW + LIMIT + "deny bad on orders when not metadata.ok\n", "deny_fault"),
    "limit where no allow is true": (
        'allow read on orders when claims.tenant == "other"\n' + LIMIT,
        "no_allow",
    ),
    "limit after a select without an answer": (
        ALLOW + LIMIT + "select policy on orders { use metadata.tier }\n",
        "policy_fault",
    ),
    "limit after a select that refuses": (
        ALLOW + LIMIT + 'select policy on orders { use b when claims.tenant == "other"  refuse otherwise }\n',
        "policy_refused",
    ),
    "header": (ALLOW + 'request headers on orders { set X-Team "{metadata.team}" }\n', "render_fault"),
    "answer's header": (ALLOW + 'response headers on orders { set X-Team "{metadata.team}" }\n', "render_fault"),
    "identity token": (
        ALLOW + 'identity token t on orders { audience "s"  subject claims.sub  lifetime 60s  header X-Id '
        "claims { team: metadata.team } }\n",
        "render_fault",
    ),
    "allow": ("allow read on orders when metadata.ok\n", "allow_fault"),
}
NAMES = {"limit beside a value that cannot be said": "ä"}


def payload(name: str) -> bytes:
    text = '{"iss": "https://corp.test", "aud": "api", "exp": %d, "sub": "%s", "tenant": "acme"}'
    return (text % (NOW // SECOND + 300, name)).encode()


@pytest.mark.parametrize("content", [None, {"team": 3}, {"tier": "c"}], ids=["down", "of another type", "unknown word"])
@pytest.mark.parametrize("place", PLACES)
def test_every_engine_says_the_same(place: str, content: dict[str, Any] | None) -> None:
    rules, wanted = PLACES[place]
    name = NAMES.get(place, "u1")
    module, tree = module_of(HEAD + BASE + rules)
    plan = plan_of(module, tree)
    oracle, unpassed = Oracle(module), plan_without_passes(module, tree)
    engines = [simulation(plan), unhoisted(plan), simulation(unpassed), unhoisted(unpassed)]
    question = Ask(NOW, "GET", "/orders", payload=payload(name), metadata=content)
    good = Ask(NOW, "GET", "/orders", payload=payload(name), metadata={})
    for _ in range(3):
        decision = said(oracle.ask(question))
        assert decision.kind == wanted
        assert not decision.charges
        for engine in engines:
            assert said(engine.ask(question)) == decision
    after = said(oracle.ask(good))
    assert [said(engine.ask(good)) for engine in engines] == [after] * 4
    assert after.kind != "limited", "what was refused was not charged"


@pytest.mark.parametrize("place", PLACES)
def test_the_gateway_says_the_same(place: str) -> None:
    rules, wanted = PLACES[place]
    store = Facts()
    plan = load(BASE + rules, store)
    counters = Spy()
    made = parts(plan, Gate(caller(plan, sub=NAMES.get(place, "u1"))), counters)
    for _ in range(3):
        answer, _ = ask(made, "GET", "/orders")
        assert kind(answer) == wanted
    assert counters.charged == []
    if wanted == "render_fault":
        assert isinstance(answer, Refusal)
        assert answer.status == 503
    store.answer = (1, fields_of(plan, team="none", tier="a", ok=True))
    assert kind(ask(made, "GET", "/orders")[0]) != wanted or wanted in {"denied", "no_allow", "policy_refused"}


def test_an_outage_of_the_counters_is_another_thing() -> None:
    """``on outage`` speaks of the store that counts; here it lets a request through, and metadata does not."""
    plan = load(BASE + PLACES["limit"][0], Facts((1, ("none", True, "a"))))
    gate = Gate(caller(plan))
    assert kind(ask(parts(plan, gate, Spy(OUTAGE)), "GET", "/orders")[0]) == "allow"
