"""L029: a route for which no policy is selected, among routes that have one."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes with a token and without a select, where some other such route has one."""
    del options
    selected = {route for select in subject.module.selects for route in select.routes}
    guarded = [route for route in subject.module.routes.values() if route.trust and not route.anonymous]
    with_one = [route.name for route in guarded if route.name in selected]
    for route in guarded if with_one else ():
        if route.name not in selected:
            yield Finding(
                route.span,
                f"no policy is selected on `{route.name}`, so nobody is limited there",
                f"unlike `{with_one[0]}`",
                help=("widen the scope of a select, for instance:  select policy on routes trusting …",),
            )


RULE = LintRule(
    code="L029",
    name="route-without-policy",
    severity="warning",
    what="A route with a token that no `select policy` covers, where another such route is covered.",
    why="A policy limits what one caller may use up. A route that was added later and is not in the scope of the select "
    "has no limit, and nothing says so.",
    bad="""policy free { rate 5 per 1s burst 10 }
select policy on orders { use free otherwise }
route export { match GET on "/export"   trust corp   upstream "http://127.0.0.1:9000" }
allow export on export for GET when "orders:export" in claims.scope
""",
    good="""policy free { rate 5 per 1s burst 10 }
select policy on routes trusting corp { use free otherwise }
route export { match GET on "/export"   trust corp   upstream "http://127.0.0.1:9000" }
allow export on export for GET when "orders:export" in claims.scope
""",
    check=check,
)
