"""Any payload, target, header and metadata: a decision, no exception."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.runtime.decision import STATUS
from tests.strategies import json_texts, pool
from tests.strategies.checking import kept, module_of
from tests.strategies.engines import plan_of, said, simulation
from tests.strategies.profile import examples
from tests.strategies.rule_sets import RuleSet, rule_sets

RULES = r"""language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub
  claims {
    sub:    text(1..128)
    a:      text(0..16)      optional null as absent
    b:      int -1..100      default 7 from ["a", "b"]
    scope:  set of text      default [] split " "
    when:   time             optional from "\u{e9}"
    net:    cidr             optional
    big:    int -9_223_372_036_854_775_808..9_223_372_036_854_775_807 optional
  }
}
keyring ring {
  identity by claims.sub
  claims {
    sub:    text(1..128)
    a:      text(0..16)      optional null as absent
    b:      int -1..100      default 7 from ["a", "b"]
    scope:  set of text      default [] split " "
    net:    cidr             optional
  }
}
metadata { fresh within 30s  tier: one of "base", "free" default "base"  label: text(0..8) optional }
policy base { rate 1_000 per 1s burst 1_000  grants "bulk" }
policy free { quota 1_000 per day }
select policy on r, s { use metadata.tier }
route p { match GET on "/p/{name: text(0..16)}"  trust corp, anonymous  upstream "http://127.0.0.1:9000" }
route r { match GET, POST on "/r/{name: text(0..16)}/**"  trust corp  upstream "http://127.0.0.1:9000" }
route s { match GET on "/s/**"  host "*.test"  trust corp  upstream "http://127.0.0.1:9000" }
route k { match GET on "/k"  trust ring, corp  upstream "http://127.0.0.1:9000" }
allow e on k when claims.b > 3 or "x" in claims.scope
allow see on p when issuer is anonymous or claims.b > 3 or path.name == "a"
allow a on r for GET when "bulk" in policy.grants or claims.b > 3
allow b on s when (claims.a ?? "x") != "y" or claims.when absent or claims.when older than 1s
deny c on all when header["X-Event"] present and header["X-Event"] matches "*evil*"
deny d on s when claims.net present and client.ip in ["10.0.0.0/8"] and metadata.label absent
request headers on s { set X-A "{claims.a}" omit when absent  set X-Scope claims.scope joined by ","  set X-Sub "{claims.sub}" }
identity token t on s { audience "svc"  subject claims.sub  lifetime 60s  header X-Id  claims { a: claims.a  big: claims.big } }
limit l on s by claims.b { rate 1_000 per 1s burst 1_000 on outage deny }
"""


MODULE, TREE = module_of(RULES)
PLAN = plan_of(MODULE, TREE)

GOOD = {"iss": "https://corp.test", "aud": "api", "exp": pool.BASE + 60, "sub": "u1"}
ANY_TEXT = st.text(alphabet=st.characters(), max_size=12)


@st.composite
def payloads(draw: st.DrawFn) -> bytes:
    """Any bytes; any JSON; or any JSON in the members of a token that is otherwise good."""
    form = draw(st.integers(0, 3))
    if form == 0:
        return draw(st.binary(max_size=30) | json_texts.texts())
    names = st.sampled_from(("a", "scope", "\u00e9", "net", "big", "sub", "x"))
    more = draw(st.dictionaries(names, json_texts.values(), max_size=4))
    return json_texts.without_gaps({**GOOD, **more})


def asked(payload: bytes | None, **rest: Any) -> Ask:
    return Ask(pool.BASE * pool.SECOND, "GET", rest.pop("target", "/s/x"), host="a.test", payload=payload, **rest)


def judged_alike(question: Ask) -> None:
    """Both decide, and alike; an exception of either is a failure."""
    decision = said(simulation(PLAN).ask(question))
    assert decision.status == STATUS[decision.kind]
    assert decision == said(Oracle(MODULE).ask(question))


@given(payloads(), st.sampled_from(("/s/x", "/r/a/b", "/p/a")))
@example(b'{"iss":"https://corp.test","aud":"api","exp":1e400,"sub":"u"}', "/s/x")
@example(b'{"a":' + b"[" * 10_000, "/s/x")
@example(b'{"a":NaN}', "/p/a")
@example(b'{"sub":"\\ud800"}', "/p/a")
@examples(200)
def test_any_payload_gets_a_decision(payload: bytes, target: str) -> None:
    judged_alike(asked(payload, target=target))


@given(payloads(), st.sampled_from(("/k", "/k", "/s/x", "/p/a")), st.sampled_from(("ring", "ring", "corp", "no")))
@example(b'{"sub": "u", "exp": 0, "iss": "https://corp.test"}', "/k", "ring")
@example(b'{"iss": "", "aud": "", "exp": 9999999999, "sub": "u"}', "/k", "corp")
@examples(150)
def test_any_claims_of_an_access_key_get_a_decision(payload: bytes, target: str, keyring: str) -> None:
    judged_alike(asked(payload, target=target, keyring=keyring))
    if target != "/k" or keyring != "ring":
        assert simulation(PLAN).ask(asked(payload, target=target, keyring=keyring)).status == 401


@given(
    ANY_TEXT.map("/".__add__) | st.sampled_from(("/s", "/r//", "/r/a", "/p/")), ANY_TEXT | st.just("a.test"), ANY_TEXT
)
@examples(150)
def test_any_target_host_and_method_get_a_decision(target: str, host: str, method: str) -> None:
    judged_alike(Ask(pool.BASE * pool.SECOND, method, target, host=host))
    judged_alike(Ask(pool.BASE * pool.SECOND, "GET", target, host=host))


@given(st.lists(st.tuples(st.sampled_from(("X-Event", "x-event", "X_Event")), ANY_TEXT), max_size=3))
@examples(100)
def test_any_headers_get_a_decision(headers: list[tuple[str, str]]) -> None:
    judged_alike(asked(json_texts.without_gaps(GOOD), headers=tuple(headers)))


@given(st.none() | st.dictionaries(st.sampled_from(("tier", "label", "x")), json_texts.values(), max_size=3))
@examples(100)
def test_any_metadata_get_a_decision(metadata: dict[str, Any] | None) -> None:
    judged_alike(asked(json_texts.without_gaps(GOOD), metadata=metadata))


@given(rule_sets(), st.lists(json_texts.texts(), min_size=1, max_size=4))
@examples(25)
def test_any_rules_decide_any_payload(rule_set: RuleSet, some: list[bytes]) -> None:
    found = kept(rule_set)
    engine, oracle = simulation(plan_of(found.module, found.tree)), Oracle(found.module)
    for payload in some:
        for route in rule_set.routes:
            for method in route.methods:
                question = Ask(pool.BASE * pool.SECOND, method, "/v1/acme/orders/x", payload=payload)
                assert said(engine.ask(question)) == said(oracle.ask(question))
