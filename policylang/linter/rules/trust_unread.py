"""L006: a route that asks for a token and reads nothing of it."""

from collections.abc import Iterator

from policylang.check.model import Rule
from policylang.diagnostics.model import Label
from policylang.linter.conditions import roots
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject

_OF_CALLER = frozenset({"claims", "metadata", "policy", "issuer"})


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Routes with an issuer and an allow whose condition looks at the request alone, while no deny looks at the caller."""
    del options
    for name, route in subject.module.routes.items():
        if (
            not route.trust
            or route.anonymous
            or any(_of_caller(deny) for deny in subject.denies_by_route.get(name, ()))
        ):
            continue
        for rule in subject.allows_by_route.get(name, ()):
            if rule.condition is not None and not _of_caller(rule):
                yield Finding(
                    rule.span,
                    f"`{rule.name}` allows any valid token on `{name}`: no rule there reads who the caller is",
                    "looks at the request alone",
                    help=("read a claim, metadata or `issuer is …` in the allow, or in a deny on the route",),
                    more=(Label(route.span, f"trusts {', '.join(route.trust)}"),),
                )


def _of_caller(rule: Rule) -> bool:
    return not _OF_CALLER.isdisjoint(roots(rule.condition))


RULE = LintRule(
    code="L006",
    name="trust-unread",
    severity="warning",
    what="A route that trusts an issuer and has an `allow` that reads nothing of the caller, with no `deny` that does.",
    why="The token is then a ticket of any colour: whoever has one of the issuer's tokens, for whatever purpose, passes. "
    "Addresses and headers do not say what a token may be used for.",
    bad='allow inside on orders for GET when client.ip in ["10.0.0.0/8"]\n',
    good='allow inside on orders for GET when client.ip in ["10.0.0.0/8"] and "orders:read" in claims.scope\n',
    check=check,
)
