"""L043: a cookie that another site can use."""

from collections.abc import Iterator

from policylang.check.model import Route
from policylang.diagnostics.model import Label
from policylang.linter.conditions import references
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes that change something, take a token from a cookie, and have no deny that reads a header."""
    del options
    by_cookie = {name for name, issuer in subject.module.issuers.items() if issuer.credential.kind == "cookie"}
    for name, route in subject.module.routes.items():
        trusted = sorted(by_cookie.intersection(route.trust))
        unsafe = [method for method in route.methods if method not in _SAFE]
        if trusted and unsafe and not _looks(route, subject):
            yield Finding(
                route.span,
                f"another site can make a browser send {unsafe[0]} to `{name}` with the caller's cookie",
                "takes a token from a cookie",
                help=(
                    'deny forged on … for POST when (header["Sec-Fetch-Site"] ?? "none") not in ["same-origin", "none"]',
                ),
                more=(Label(subject.module.issuers[trusted[0]].span, "travels in a cookie"),),
            )


def _looks(route: Route, subject: Subject) -> bool:
    denies = subject.denies_by_route.get(route.name, ())
    return any(ref.root == "header" for deny in denies for ref in references(deny.condition))


RULE = LintRule(
    code="L043",
    name="cookie-without-origin",
    severity="warning",
    what="A route that takes a token from a cookie, has methods that change something, and no `deny` that reads a header.",
    why="A browser sends cookies with requests that other sites make (cross-site request forgery). A header such as "
    "`Sec-Fetch-Site` or `Origin` says who made the request, and scripts of other sites cannot set it.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   credential cookie "session"
  claims { sub: text(1..128)   scope: set of text split " " }
}
route orders { match POST on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow write on orders for POST when "orders:write" in claims.scope
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   credential cookie "session"
  claims { sub: text(1..128)   scope: set of text split " " }
}
route orders { match POST on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow write  on orders for POST when "orders:write" in claims.scope
deny  forged on orders for POST when (header["Sec-Fetch-Site"] ?? "none") not in ["same-origin", "none"]
""",
    check=check,
)
