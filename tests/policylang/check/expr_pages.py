"""The pages of complaints about expressions, tried in a world that has what their examples speak of."""

import inspect
import re

from policylang.check.check import check
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse
from tests.policylang.check.error_pages import Complaint, example

_ISSUER = """issuer {0} {{ iss "https://{0}.example"  keys "https://{0}.example/jwks"  algorithms ES256
  audience "api"  identity by claims.sub  claims {{ {1} }} }}"""

PRELUDE = {
    "issuer staff ": _ISSUER.format(
        "staff",
        """sub: text(1..128)  tenant: slug  scope: set of text split " "  plan: one of "free", "gold" default "free"
        acr: one of "pwd", "mfa" default "pwd"  auth_time: time  risk: int 0..100 optional  level: int 0..9
        email: email  role: text  roles: set of text  version: text  logged_in: int 0..4102444800
        score: int 0..100  tier: one of "reader", "silver" default "reader"
        counter: int 0..9223372036854775807  used: int 0..1000000""",
    ),
    "issuer partner ": _ISSUER.format("partner", "sub: text(1..64)  tenant: slug  scope: set of text  level: text"),
    "issuer hooks ": _ISSUER.format("hooks", "sub: text(1..64)  events: set of text"),
    "metadata ": "metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }",
    "policy reader ": 'policy reader { rate 5 per 1s burst 10  grants "orders:read" }',
    "policy free ": "policy free { rate 5 per 1s burst 10 }",
    "policy gold ": 'policy gold { rate 50 per 1s burst 100  grants "orders:export" }',
    "select policy ": "select policy on orders, ops { use gold when claims.scope == []  use reader otherwise }",
    "route orders ": 'route orders { match GET on "/v1/{tenant: slug}/orders"  trust staff  upstream "http://o:1" }',
    "route mixed ": 'route mixed { match GET on "/mixed/{tenant: slug}"  trust staff, partner  upstream "http://o:1" }',
    "route shop ": 'route shop { match GET on "/shop"  trust staff, anonymous  upstream "http://o:1" }',
    "route ops ": 'route ops { match GET on "/ops"  trust staff  upstream "http://o:1" }',
    "route docs ": 'route docs { match GET on "/docs"  trust staff  upstream "http://o:1" }',
    "route hook ": 'route hook { match POST on "/hook"  trust hooks  upstream "http://o:1" }',
    "route health ": 'route health { match GET on "/health"  trust anonymous  upstream "http://o:1" }',
    "allow any": "allow any_of_all on orders, mixed, shop, ops, docs, hook, health always",
}
"""What stands beside every example that does not declare it itself."""


def told(text: str) -> dict[str, str]:
    """Code to severity of what an example is told, in a rule set of its own."""
    lines = [text]
    for opening, prelude in PRELUDE.items():
        if not re.search(rf"^(# no )?{opening}", text, re.MULTILINE):
            lines.append(prelude)
    tree = tree_of({"main.rules": "language 1\n" + "\n".join(lines) + "\n"})
    parsed = parse(tree)
    assert not parsed.diagnostics, [found.title for found in parsed.diagnostics]
    return {found.code: found.severity for found in check(parsed.rule_set, tree, None).diagnostics}


def prove(complaint: Complaint) -> None:
    """Assert that a page names its code, that its bad example is told it, and that its good example is told no error."""
    page = inspect.getdoc(complaint) or ""
    assert re.match(r"R2[0-4]\d: .*\.$", page.splitlines()[0])
    bad, good = example(page, "Bad"), example(page, "Good")
    if bad is None or good is None:
        assert re.search(r"^Bad: .+", page, re.MULTILINE)
        assert re.search(r"^Good: .+", page, re.MULTILINE)
        return
    assert page[:4] in told(bad)
    assert "error" not in told(good).values(), told(good)
