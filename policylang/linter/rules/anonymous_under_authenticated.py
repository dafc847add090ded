"""L025: a route without a token below one that asks for it."""

from collections.abc import Iterator

from policylang.diagnostics.model import Label
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.patterns import covers, overlapping, share_hosts, tree, written
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Anonymous routes whose paths a wider pattern of a route with tokens alone would take."""
    del options
    routes = subject.module.routes
    branches = tree({name: route for name, route in routes.items() if not route.anonymous})
    for route in routes.values():
        for pattern in route.patterns if route.anonymous else ():
            for other, wide in overlapping(branches, pattern):
                if covers(wide, pattern) and share_hosts(route, other):
                    yield Finding(
                        pattern.span,
                        f"`{written(pattern)}` needs no token, and `{written(wide)}` around it does",
                        "the more specific path decides",
                        help=("move it out from under the prefix, or allow this with the reason why it is open",),
                        more=(Label(wide.span, f"route `{other.name}` asks for a token"),),
                    )
                    break


RULE = LintRule(
    code="L025",
    name="anonymous-under-authenticated",
    severity="warning",
    what="A route with `trust anonymous` whose path lies under the wider path of a route that asks for a token.",
    why="Who reads the wider route believes that everything below it needs a token. A hole in a wall should be seen by "
    "those who look at the wall.",
    bad="""route orders { match GET on "/v1/orders/**"        trust corp        upstream "http://127.0.0.1:9000" }
route export { match GET on "/v1/orders/export"   trust anonymous   upstream "http://127.0.0.1:9000" }
allow export on export always
""",
    good="""route orders { match GET on "/v1/orders/**"   trust corp        upstream "http://127.0.0.1:9000" }
route export { match GET on "/export"         trust anonymous   upstream "http://127.0.0.1:9000" }
allow export on export always
""",
    check=check,
)
