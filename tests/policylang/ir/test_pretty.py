from dataclasses import replace

from policylang.ir.pretty import pretty
from policylang.plan.model import Keys
from tests.strategies.modules import everything, planned


def test_a_plan_is_printed_whole() -> None:
    plan = planned(everything())
    text = pretty(plan)
    assert text.startswith(f"plan {plan.semantic}\nwhole {plan.whole}\n")
    tables = (plan.issuers, plan.policies, plan.routes, plan.rules, plan.limits, plan.tokens)
    assert all(str(getattr(item, "name", None)) in text for table in tables for item in table)
    for line in (
        "route shop  trust corp, anonymous  upstream http://127.0.0.1:9000",
        "  GET on /{n: int 0..9} host {tenant: slug}.shop.test, www.{tenant: slug}.*",
        "  DELETE on /v1/{tenant: slug}/orders/*",
        "  allow ping always  b.rules:18:7",
        "  add claims.plan always  b.rules:23:7",
        "  use free otherwise",
        "  refuse otherwise",
        "  limit total by route  quota 9 per 30d from first use  on outage allow",
        '  request set X-Roles metadata.roles joined by ","  omit when empty  [identity]',
        "  response remove x-internal-*",
        "  identity token inner for svc in Authorization  [identity]",
        "policy none  quota unlimited  concurrent 4 held at most 1min",
        "  roles: set of slug  optional",
    ):
        assert line in text.splitlines()
    assert "hush" not in text.replace("secret.hush", "")


def test_a_keyring_is_printed_as_one() -> None:
    plan = planned(everything())
    partner = next(issuer for issuer in plan.issuers if issuer.name == "partner")
    ring = replace(partner, iss="", keys=Keys("keyring", "partner"), algorithms=())
    assert "\nkeyring partner  identity by claims.sub\n" in pretty(replace(plan, issuers=(plan.issuers[0], ring)))
