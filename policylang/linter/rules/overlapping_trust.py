"""L026: two routes that share paths and trust different issuers."""

from collections.abc import Iterator

from policylang.check.model import Route
from policylang.diagnostics.model import Label
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.patterns import covers, overlapping, share_hosts, tree, written
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes of which some request fits both, with different trust; anonymous holes are ``L025``'s."""
    del options
    routes = subject.module.routes
    branches = tree(routes)
    told: set[frozenset[str]] = set()
    for route in routes.values():
        for pattern in route.patterns:
            for other, wide in overlapping(branches, pattern):
                pair = frozenset((route.name, other.name))
                if pair in told or route is other or _trust(route) == _trust(other) or not share_hosts(route, other):
                    continue
                if covers(pattern, wide) or (covers(wide, pattern) and route.anonymous and not other.anonymous):
                    continue  # told from the more specific side, or by the rule on anonymous routes
                told.add(pair)
                yield Finding(
                    pattern.span,
                    f"`{written(pattern)}` and `{written(wide)}` share paths, and trust different issuers",
                    f"route `{route.name}` trusts {_names(route)}",
                    help=("give them paths that do not meet, or the same `trust`",),
                    more=(Label(wide.span, f"route `{other.name}` trusts {_names(other)}"),),
                )


def _trust(route: Route) -> tuple[tuple[str, ...], bool]:
    return route.trust, route.anonymous


def _names(route: Route) -> str:
    return ", ".join((*route.trust, "anonymous") if route.anonymous else route.trust)


RULE = LintRule(
    code="L026",
    name="overlapping-trust",
    severity="warning",
    what="Two routes that some path fits both of, and that trust different issuers.",
    why="Which issuer may vouch for a request then depends on which pattern is more specific. That is well defined, and "
    "still a surprise to whoever adds a segment to one of them.",
    bad="""issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
route orders  { match GET on "/v1/{tenant: slug}/**"        trust corp    upstream "http://127.0.0.1:9000" }
route reports { match GET on "/v1/{tenant: slug}/reports"   trust staff   upstream "http://127.0.0.1:9000" }
allow read on orders, reports for GET when "orders:read" in claims.scope
""",
    good="""issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   claims { sub: text(1..128)   scope: set of text }
}
route orders  { match GET on "/v1/{tenant: slug}/**"         trust corp    upstream "http://127.0.0.1:9000" }
route reports { match GET on "/staff/{tenant: slug}/reports"   trust staff   upstream "http://127.0.0.1:9000" }
allow read on orders, reports for GET when "orders:read" in claims.scope
""",
    check=check,
)
