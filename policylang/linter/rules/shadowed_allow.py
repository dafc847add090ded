"""L002: an allow that another allow makes superfluous."""

from collections.abc import Iterator

from policylang.check.model import Rule
from policylang.diagnostics.model import Label
from policylang.linter.conditions import implies, same
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.scope import at_least_as_wide, for_good, rivals
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Allows whose requests another allow grants anyway; equal ones are ``duplicate-allow``'s."""
    del options
    for rule in subject.allows:
        for other in rivals(rule, subject.allows_by_route):
            if same(rule.condition, other.condition) or not _outlasts(other, rule):
                continue
            if not at_least_as_wide(other, rule, subject) or not for_good(other, rule, subject):
                continue
            if implies(rule.condition, other.condition):
                yield Finding(
                    rule.span,
                    f"`{rule.name}` allows nothing that `{other.name}` does not allow",
                    "changes no decision",
                    help=(f"remove `{rule.name}`, or make `{other.name}` as narrow as it was meant",),
                    more=(Label(other.span, "allows all of it and more"),),
                )
                break


def _outlasts(other: Rule, rule: Rule) -> bool:
    return other.until is None or (rule.until is not None and other.until >= rule.until)


RULE = LintRule(
    code="L002",
    name="shadowed-allow",
    severity="warning",
    what="An `allow` whose condition implies that of another `allow` on the same routes and methods.",
    why="A request is allowed when some `allow` is true. The narrower of two therefore decides nothing: who tightens it "
    "later tightens nothing, and the wider one is probably wider than anybody meant.",
    bad='allow read  on orders for GET when "orders:read" in claims.scope\n'
    'allow gold  on orders for GET when "orders:read" in claims.scope and claims.plan == "gold"\n',
    good='allow read  on orders for GET when "orders:read" in claims.scope\n',
    check=check,
)
