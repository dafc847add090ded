"""What the gateway says upstream: values that are printable or refused, taken as they are, and never a client's."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.message.forward import Drops
from gateway.rewrite.head import HeadBuilder, origin_lines
from policylang.codegen.compiled import CompiledPlan
from policylang.reference.render import folded
from policylang.request.fields import fold
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from tests.strategies import json_texts, pool
from tests.strategies.checking import Case, cases, kept, module_of
from tests.strategies.engines import plan_of, simulation
from tests.strategies.profile import examples
from tests.strategies.rule_sets import RuleSet, rule_sets

RULES = r"""language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub
  claims { sub: text(1..64)  note: text(0..64)  roles: set of text(0..64)  n: int 0..9 optional }
}
route r { match GET on "/r"  trust corp  upstream "http://127.0.0.1:9000" }
allow all_of_it on r always
request headers on r {
  set X-Sub      "{claims.sub}"
  set "X_Both"   "sub={claims.sub}; note={claims.note}"
  set X-Literal  "\{claims.sub\}"
  set X-Roles    claims.roles joined by ","
  set X-Some     claims.roles joined by ";" omit when empty
  set X-N        "{claims.n}" omit when absent
}
response headers on r { set X-Note "<{claims.note}>" }
identity token t on r { audience "svc"  subject claims.sub  lifetime 60s  header X-Id  claims { note: claims.note  n: claims.n } }
"""
MODULE, TREE = module_of(RULES)
PLAN = plan_of(MODULE, TREE)

TEXT = st.text(max_size=12) | st.sampled_from((*pool.TEXTS, *pool.ODD_TEXTS, "{claims.note}", "}{", "a: b", "x" * 64))


def decide(sub: str, note: str, roles: list[str], **more: Any) -> Decision:
    """The decision on a token with these values."""
    members = {
        "iss": "https://corp.test",
        "aud": "api",
        "exp": pool.BASE + 60,
        "sub": sub,
        "note": note,
        "roles": roles,
    }
    payload = json_texts.without_gaps({**members, **more})
    return simulation(PLAN).ask(Ask(pool.BASE * pool.SECOND, "GET", "/r", payload=payload))


def fits(text: str) -> bool:
    """Whether a text can travel in a header and arrive as itself."""
    return all(" " <= character <= "~" for character in text) and text == text.strip(" ")


@given(TEXT.filter(bool), TEXT, st.lists(TEXT, max_size=3))
@example("a\r\nX-Evil: 1", "", [])
@example("u", "\u00e9", [])
@example(" root", "", [])
@example("u", "", ["a,b"])
@example("u", "", ["a;b"])
@example("u", "", [""])
@example("{claims.note}", "secret", [])
@examples(200)
def test_values_travel_unchanged_or_refuse_the_request(sub: str, note: str, roles: list[str]) -> None:
    decision = decide(sub, note, roles)
    if decision.kind == "credential_refused":
        return
    items = sorted(set(roles))
    values = [sub, f"sub={sub}; note={note}", f"<{note}>", ",".join(items), ";".join(items)]
    separable = not any("," in item or ";" in item for item in items)
    if not (all(fits(value) for value in values) and separable):
        assert (decision.kind, decision.request_headers, decision.minted) == ("render_refused", (), ())
        return
    wanted = {
        "X-Sub": sub,
        "X_Both": f"sub={sub}; note={note}",
        "X-Literal": "{claims.sub}",
        "X-Roles": ",".join(items),
    } | ({"X-Some": ";".join(items)} if ";".join(items) else {})
    assert dict(decision.request_headers) == wanted
    assert len(decision.request_headers) == len(wanted)
    assert decision.response_headers == (("X-Note", f"<{note}>"),)
    assert decision.minted == (("t", "X-Id", sub, (("note", note),)),)


@given(cases())
@examples(25)
def test_what_is_said_is_what_the_rules_declare(case: Case) -> None:
    found, questions = case.kept, case.questions
    engine = simulation(plan_of(found.module, found.tree))
    for question in questions:
        decision = engine.ask(question)
        if decision.status != 200:
            assert (decision.request_headers, decision.response_headers, decision.minted) == ((), (), ())
            continue
        said = [*decision.request_headers, *decision.response_headers]
        declared = {header.name for header in found.module.set_headers if decision.route in header.routes}
        assert {name for name, _ in said} <= declared
        assert len({name for name, _ in said}) == len(said)
        assert all(fits(value) for _, value in said)
        tokens = {token.name: token for token in found.module.identity_tokens if decision.route in token.routes}
        assert {name for name, *_ in decision.minted} == tokens.keys()
        for name, header, _, claims in decision.minted:
            assert header == tokens[name].header
            assert {claim for claim, _ in claims} <= {claim for claim, _ in tokens[name].claims}


NO_DROPS = Drops(frozenset(), (), frozenset())
SPELLINGS: st.SearchStrategy[Any] = st.sampled_from(
    (str.upper, str.lower, str.title, lambda name: name.replace("-", "_"), lambda name: name.replace("_", "-"))
)


@given(rule_sets(), st.lists(st.tuples(st.integers(0, 99), SPELLINGS, SPELLINGS), max_size=6))
@examples(40)
def test_a_clients_copy_of_what_rules_set_never_arrives(rule_set: RuleSet, copies: list[tuple[int, Any, Any]]) -> None:
    found = kept(rule_set)
    compiled = CompiledPlan(plan_of(found.module, found.tree), pool.SECRETS)
    headers = [header.name for header in found.module.set_headers if header.direction == "request"]
    names = headers + [token.header for token in found.module.identity_tokens]
    if not names:
        return
    sent = [(two(one(names[number % len(names)])).encode(), b"forged") for number, one, two in copies]
    builder = HeadBuilder(compiled.output_names)
    head = builder.build(
        line=b"GET /",
        headers=(*sent, (b"X-Kept", b"yes")),
        listed=frozenset(),
        drops=NO_DROPS,
        own=origin_lines(b"127.0.0.1", b"http", b"h", b"id"),
        host=b"h",
    )
    lines = [line.partition(b":")[0] for line in head.split(b"\r\n")[1:] if line]
    assert b"forged" not in head
    assert b"X-Kept" in lines
    assert not {fold(line) for line in lines} & {folded(name).encode() for name in names}
