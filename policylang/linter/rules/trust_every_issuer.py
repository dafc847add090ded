"""L007: a route that trusts every issuer there is."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes that trust all issuers, where there are several of them."""
    there = frozenset(subject.module.issuers)
    if len(there) < options.count("fewest"):
        return
    for name, route in subject.module.routes.items():
        if frozenset(route.trust) == there:
            written = subject.route_nodes[name].trust[0]
            yield Finding(
                written[0].span.to(written[-1].span),
                f"route `{name}` trusts all {len(there)} issuers",
                "all issuers of the rule set",
                help=("name the issuers whose callers have business here",),
            )


RULE = LintRule(
    code="L007",
    name="trust-every-issuer",
    severity="warning",
    what="A route that trusts all issuers of the rule set, where there are three or more.",
    why="Each issuer adds everybody whom it vouches for, and everything that can go wrong with its keys. A list of all of "
    "them is usually copied, not chosen.",
    bad="""issuer shop {
  iss "https://shop.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
route orders { match GET on "/orders"   trust corp, shop, staff   upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
""",
    good="""issuer shop {
  iss "https://shop.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
route orders { match GET on "/orders"   trust corp, shop   upstream "http://127.0.0.1:9000" }
route tools  { match GET on "/tools"    trust staff        upstream "http://127.0.0.1:9000" }
allow read on orders, tools for GET when "orders:read" in claims.scope
""",
    check=check,
    options=(Option("fewest", "count", 3, "How many issuers a rule set has before this rule looks at it."),),
)
