"""L004: a deny that no allowed request meets."""

from collections.abc import Iterator

from policylang.check.model import Rule
from policylang.linter.conditions import exclude, may_fault
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.scope import MOST, is_wide
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Denies that exclude every allow of every route they reach."""
    del options
    for rule in subject.denies:
        # A deny that may fault denies by that too; one with step_up changes the answer of a refusal.
        if rule.condition is None or rule.step_up is not None or may_fault(rule.condition):
            continue
        if is_wide(rule, subject):
            continue
        if rule.routes and not any(_meets(rule, route, subject) for route in rule.routes):
            yield Finding(
                rule.span,
                f"no request that is allowed meets `{rule.name}`",
                "changes no decision",
                help=("correct its condition, its scope or its methods, or remove it",),
            )


def _meets(rule: Rule, route: str, subject: Subject) -> bool:
    methods = subject.methods(rule, route)
    allows = [allow for allow in subject.allows_by_route.get(route, ()) if subject.methods(allow, route) & methods]
    if len(allows) > MOST:
        return True
    return any(
        not exclude(rule.condition, allow.condition, issuer) for allow in allows for issuer in subject.issuers(route)
    )


RULE = LintRule(
    code="L004",
    name="deny-without-effect",
    severity="warning",
    what="A `deny` on named routes whose condition is never true together with an `allow` of the same route and method.",
    why="Such a deny looks like a protection and is none. Often a value is misspelled, or the deny names a method that "
    "nothing allows. A deny on all routes of a kind is left alone: it is there for routes that are added later. One whose "
    "condition can never hold at all is an error of the compiler (R247).",
    bad='allow read on orders for GET when "orders:read" in claims.scope and claims.plan == "gold"\n'
    'deny  free on orders         when claims.plan == "free"\n',
    good='allow read on orders for GET when "orders:read" in claims.scope\n'
    'deny  free on orders         when claims.plan == "free"\n',
    check=check,
)
