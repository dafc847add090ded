"""A rule set that uses most of the language, compiled, and requests for it."""

import json
from functools import cache
from typing import Any

from policylang.check.model import CheckedModule
from policylang.codegen.compiled import CompiledPlan
from policylang.compiler import compile_tree
from policylang.runtime.ask import Ask
from policylang.source.tree import tree_of

RULES = """language 1
secret upstream_key
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  leeway 10s
  identity by claims.sub
  claims {
    sub: text(1..4096)
    scope: set of text split " "
    tenant: slug
    plan: one of "free", "gold" default "free"
    risk: int 0..100 optional
    auth_time: time optional
  }
}
issuer robots {
  iss "https://robots.test"  keys "https://robots.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub
  claims { sub: text(1..64)  tenant: slug always "robots"  scope: set of text default ["orders:read"] }
}
metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }
policy free { rate 1 per 1s burst 2 }
policy gold { rate 100 per 1s burst 200  quota 1_000 per day  grants "bulk" }
select policy on orders { use gold when issuer is corp and claims.plan == "gold"  use free otherwise }
route orders { match GET, POST, DELETE on "/v1/{tenant: slug}/orders/**"  trust corp, robots  upstream "http://127.0.0.1:9000" }
route open { match GET on "/open/**"  trust corp, anonymous  upstream "http://127.0.0.1:9000" }
route health { match GET on "/health"  trust anonymous  upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
allow write on orders for POST when "orders:write" in claims.scope and header["X-Mode"] present and header["X-Mode"] == "on"
allow bulk on orders for DELETE when "bulk" in policy.grants until 2026-03-01T00:00:00Z
allow own on open when issuer is corp and claims.tenant == "acme"
allow ping on health always
deny cross on routes with path.tenant when claims.tenant != path.tenant
deny risky on orders when issuer is corp and (claims.risk absent or claims.risk > 50)
deny weak on orders when issuer is corp and (claims.auth_time absent or claims.auth_time older than 15min) answer step_up "mfa"
deny blocked on orders when metadata.blocked
shadow deny late on orders when header["X-Late"] present
request headers on orders {
  set X-User "{claims.sub}"
  set "X_Roles" metadata.roles joined by ","  omit when empty
  set X-Key secret.upstream_key
  set X-From "{path.tenant}"
}
response headers on all { set X-Served "policylang"  remove Server }
identity token for_orders on orders {
  audience "svc-orders"  subject claims.sub  lifetime 60s  header X-Identity
  claims { tenant: claims.tenant  roles: metadata.roles }
}
limit per_tenant on orders by claims.tenant { quota 3 per 1h from first use on outage deny }
"""

SECOND = 1_000_000
NOW = 1_769_947_200 * SECOND
SECRETS = {"upstream_key": "s3cret-key"}


@cache
def shop() -> tuple[CompiledPlan, CheckedModule]:
    result = compile_tree(tree_of({"rules/shop.rules": RULES}), None)
    assert result.plan is not None, [d.title for d in result.diagnostics]
    assert result.module is not None
    return CompiledPlan(result.plan, SECRETS), result.module


def payload(**members: Any) -> bytes:
    given = {
        "iss": "https://corp.test", "aud": "api", "exp": NOW // SECOND + 600, "sub": "u1", "tenant": "acme",
        "scope": "orders:read", "risk": 3, "auth_time": NOW // SECOND - 60,
    }  # fmt: skip
    return json.dumps({k: v for k, v in (given | members).items() if v is not None}).encode()


def ask(method: str = "GET", target: str = "/v1/acme/orders/7", **rest: Any) -> Ask:
    rest.setdefault("payload", payload())
    rest.setdefault("now", NOW)
    return Ask(method=method, target=target, secrets=SECRETS, **rest)
