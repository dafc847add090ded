"""L028: a method of a route that no allow covers."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Methods that a route matches and that no allow in scope is for; a route without any allow is an error (R308)."""
    del options
    for route in subject.items(nodes.Route):
        name = route.name.text
        allows = subject.allows_by_route.get(name, ())
        covered = {method for rule in allows for method in subject.methods(rule, name)}
        for method in (method for match in route.matches for method in match.methods):
            if method.text not in covered:
                yield Finding(
                    method.span,
                    f"no `allow` on `{name}` is for {method.text}: it is always refused",
                    "never allowed",
                    help=(f"allow … on {name} for {method.text} when …   or take it out of the route: 405 then",),
                )


RULE = LintRule(
    code="L028",
    name="method-without-allow",
    severity="warning",
    what="A method that a route matches and that no `allow` on the route is for.",
    why="Such a request is matched, its token is verified, and it is refused whatever it is. Either a rule is missing, or "
    "the route promises a method that it does not have.",
    bad="""route orders { match GET, DELETE on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
""",
    good="""route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
""",
    check=check,
)
