"""L001: an allow that is always true where a token is asked for."""

from collections.abc import Iterator

from policylang.check.model import Route
from policylang.check.wording import some_names
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Allows with ``always`` that reach a route which takes no request without a token."""
    del options
    for rule in subject.allows:
        if rule.condition is not None:
            continue
        guarded = [name for name in rule.routes if _asks(subject.module.routes[name])]
        if guarded:
            issuers = sorted({issuer for name in guarded for issuer in subject.module.routes[name].trust})
            yield Finding(
                rule.span,
                f"`{rule.name}` lets every valid token of {some_names(issuers)} in",
                f"always, on {some_names(guarded)}",
                help=('ask the token for something:  when "orders:read" in claims.scope',),
            )


def _asks(route: Route) -> bool:
    """Whether a route takes no request without a token."""
    return bool(route.trust) and not route.anonymous


RULE = LintRule(
    code="L001",
    name="allow-always",
    severity="warning",
    what="An `allow` with `always` on a route that asks for a token.",
    why="A valid token says who somebody is, not what they may do. An issuer gives tokens to many clients and for many "
    "purposes; with `always`, each of them opens the route. Where anonymous requests are taken too, `always` is fine.",
    bad="allow read on orders for GET always\n",
    good='allow read on orders for GET when "orders:read" in claims.scope\n',
    check=check,
)
