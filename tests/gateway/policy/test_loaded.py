"""What the gateway derives of a plan once."""

from gateway.policy.loaded import GATEWAY_SAYS
from policylang.embed import PrefixChange
from tests.strategies.spine import HEAD, UPSTREAM, load

WEB = HEAD.replace(
    "identity by claims.sub\n", 'identity by claims.sub  credential cookie "session"\n'
) + HEAD.removeprefix("language 1\n").replace("corp", "partner").replace(
    "identity by claims.sub\n", 'identity by claims.sub  credential header "X-Partner-Token"\n'
)
RULES = f"""
route a {{ match GET on "/a/**"  trust corp, partner  upstream "https://one.test", "http://two.test:81"  strip prefix "/a" }}
route b {{ match GET on "/b"  trust anonymous  {UPSTREAM} }}
allow x on a always
allow y on b always
deny z on a when metadata.blocked
metadata {{ fresh within 30s  blocked: bool default false }}
request headers on a {{ remove "X_Debug", "X-Trace-*" }}
response headers on a {{ set X-Served "gateway"  remove Server, "X-Internal-*" }}
"""


def test_names_outlive_the_plan() -> None:
    plan = load(RULES, head=WEB)
    names = plan.names
    assert (names.routes, names.issuers, names.rules) == (("a", "b"), ("corp", "partner"), ("x", "y", "z"))
    assert names.digest == plan.compiled.plan.semantic


def test_what_a_route_drops_includes_its_credentials_and_nobody_elses() -> None:
    plan = load(RULES, head=WEB)
    a, b = plan.drops
    assert a.cookies == {b"session"}
    assert {b"x-partner-token", b"x-debug"} <= a.names
    assert a.prefixes == (b"x-trace-",)
    assert (b.names, b.prefixes, b.cookies) == (frozenset(), (), frozenset())


def test_what_answers_lose() -> None:
    a, b = load(RULES, head=WEB).edits
    assert a.remove == GATEWAY_SAYS | {b"server", b"x-served"}
    assert a.prefixes == (b"x-internal-",)
    assert b.remove == GATEWAY_SAYS
    assert a.add == b.add == b""


def test_hosts_and_prefixes_of_routes() -> None:
    plan = load(RULES, head=WEB)
    assert plan.hosts == (b"one.test", b"svc.test:9000")
    assert plan.prefixes == (PrefixChange(("a",), b""), None)


def test_facts_are_declared_or_not() -> None:
    assert load(RULES, head=WEB).declares_metadata
    bare = load(f'route b {{ match GET on "/b"  trust corp  {UPSTREAM} }}\nallow y on b always\n')
    assert not bare.declares_metadata
    assert bare.anonymous.issuer is None
    assert bare.anonymous.plan == bare.names.digest
