from policylang.linter.usage import claims_read, header_references, uses
from tests.policylang.linter.linting import compiled

TEXT = """secret stamp
metadata { roles: set of slug default []   blocked: bool default false }
policy free { quota 5 per day }
select policy on orders { use free when claims.plan == "free"   refuse otherwise }
deny blocked on orders when metadata.blocked
request headers on orders {
  set X-A "{claims.sub}/{path.tenant}"
  set X-B metadata.roles joined by ","   omit when empty
  set X-C secret.stamp
}
identity token t on orders { audience "a"   subject claims.sub   lifetime 60s   header X-Id   claims { t: claims.tenant } }
limit l on orders by claims.tenant { rate 1 per 1s burst 1   on outage deny }
"""


def test_every_place_is_looked_at() -> None:
    module = compiled(TEXT).module
    assert module is not None
    read = {f"{ref.root}.{ref.name}" for routes, ref in uses(module) if routes == ("orders",)}
    assert read == {
        "claims.scope", "claims.plan", "claims.sub", "claims.tenant", "path.tenant", "metadata.blocked", "metadata.roles",
    }  # fmt: skip


def test_a_secret_is_no_reference() -> None:
    module = compiled(TEXT).module
    assert module is not None
    by_name = {header.name: [ref.name for ref in header_references(header)] for header in module.set_headers}
    assert by_name == {"X-A": ["sub", "tenant"], "X-B": ["roles"], "X-C": []}


def test_claims_by_issuer_with_the_identity() -> None:
    module = compiled("").module
    assert module is not None
    assert claims_read(module) == {("corp", "sub"), ("corp", "scope")}
