"""What the tests of the test runner share: one rule set with something of everything, and shorthands to run tests on it."""

from collections.abc import Mapping

from policylang.compiler import CompileResult, compile_tree
from policylang.diagnostics.render_text import render_text
from policylang.source.tree import tree_of
from policylang.testing.model import Case, Engines, Failure, Outcome
from policylang.testing.suite import cases_of, engines_of, run_case

RULES = """language 1
secret upstream_key
issuer corp {
  iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
  lifetime at most 1h  identity by claims.sub
  claims {
    sub: text(1..128)  tenant: slug from "https://example.com/tenant"  scope: set of text split " " default []
    plan: one of "free", "gold" default "free"  auth_time: time optional  level: int 0..9 optional
    org: slug from ["ctx", "org"] optional  kind: one of "person", "robot" always "person"
  }
}
issuer robots {
  iss "https://robots.example.com"  keys "https://robots.example.com/jwks"  algorithms ES256  audience "api", "other"
  marked ["ctx", "kind"] is "robot"  identity by claims.sub  claims { sub: text  scope: set of text default [] }
}
metadata { fresh within 30s  roles: set of slug default []  since: time optional }
policy free { rate 5 per 1s burst 5  quota 1_000 per day }
policy gold { rate 500 per 1s burst 500  concurrent 2 held at most 30s }
select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
route orders {
  match GET, POST on "/v1/{tenant: slug}/orders/**"  trust corp
  upstream "http://127.0.0.1:9000"
}
route public { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
route machine { match GET on "/machine"  host "m.example"  trust robots  upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
allow write on orders for POST when "orders:write" in claims.scope
allow ping on public always
allow run on machine when "run" in claims.scope
deny cross_tenant on orders when claims.tenant != path.tenant
deny stale on orders for POST when claims.auth_time absent or claims.auth_time older than 15min  answer step_up "mfa"
deny outside on machine when client.ip not in ["10.0.0.0/8"]
deny relayed on machine when peer.ip in ["192.0.2.0/24"] or header["X-Debug"] present
shadow deny no_level on orders when claims.level absent
limit shared on routes with path.tenant by claims.tenant { quota 10 per day on outage deny }
request headers on orders {
  set X-User "{claims.sub}"  set X-Roles metadata.roles joined by "," omit when empty  set X-Key secret.upstream_key
  remove X-Trace, "X-Debug-*"
}
response headers on orders { set X-Mode "{claims.plan}"  remove Server, "X-Internal-*" }
identity token inner on orders {
  audience "svc"  subject claims.sub  lifetime 60s  header X-Identity
  claims { tenant: claims.tenant  roles: metadata.roles  level: claims.level  since: metadata.since }
}
given ana { token corp { sub: "ana"  tenant: "acme"  scope: "orders:read" } }
given writer { token corp { sub: "wri"  tenant: "acme"  scope: "orders:write"  auth_time: 5min ago } }
test "every fixture is used" {
  given ana  given writer  request GET "/v1/acme/orders/1"  expect deny 403 as no_allow
}
"""

ASK = 'given ana  request GET "/v1/acme/orders/1"'


def compiled(tests: str, others: Mapping[str, str] | None = None) -> CompileResult:
    """The rule set with more tests in ``a.tests.rules``; nothing worse than a warning is said."""
    files = {"main.rules": RULES, "a.tests.rules": f"language 1\n{tests}", **(others or {})}
    result = compile_tree(tree_of(files), None)
    assert result.plan is not None, render_text(result.diagnostics, result.tree.files)
    return result


def ready(tests: str) -> tuple[tuple[Case, ...], Engines]:
    """The cases in a text, without the rule set's own, and the engines that they run on."""
    result = compiled(tests)
    assert result.module is not None
    assert result.plan is not None
    return cases_of(result.module)[:-1], engines_of(result.module, result.plan)


def outcome(steps: str) -> Outcome:
    """What becomes of one test with these steps."""
    (case,), engines = ready(f'test "t" {{ {steps} }}')
    return run_case(case, engines)


def sides(steps: str) -> list[tuple[str, str, str]]:
    """What failed, what was expected, and what came."""
    return [(failure.what, failure.expected, failure.actual) for failure in failures(steps)]


def failures(steps: str) -> tuple[Failure, ...]:
    return outcome(steps).failures


def passes(steps: str) -> bool:
    found = failures(steps)
    assert found == (), [(f.what, f.expected, f.actual) for f in found]
    return True
