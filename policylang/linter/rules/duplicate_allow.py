"""L003: two allows with one condition."""

from collections.abc import Iterator

from policylang.diagnostics.model import Label
from policylang.linter.conditions import same
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.scope import rivals
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Allows that ask the same of a request that another, earlier by name, asks on a route and method of both."""
    del options
    for rule in subject.allows:
        for other in rivals(rule, subject.allows_by_route):
            if other.name >= rule.name or rule.until != other.until or not same(rule.condition, other.condition):
                continue
            shared = [
                route
                for route in rule.routes
                if route in other.routes and subject.methods(rule, route) & subject.methods(other, route)
            ]
            if shared and rule.condition is not None:
                yield Finding(
                    rule.span,
                    f"`{rule.name}` and `{other.name}` allow the same requests of `{shared[0]}`",
                    "the same condition",
                    help=("keep one of them, with the routes and methods of both",),
                    more=(Label(other.span, "the same condition here"),),
                )
                break


RULE = LintRule(
    code="L003",
    name="duplicate-allow",
    severity="warning",
    what="Two `allow`s with the same condition on the same route and method.",
    why="Who takes a permission away will find one of the two and believe that it is done.",
    bad='allow read    on orders for GET when "orders:read" in claims.scope\n'
    'allow reading on orders for GET when "orders:read" in claims.scope\n',
    good='allow read on orders for GET when "orders:read" in claims.scope\n',
    check=check,
)
