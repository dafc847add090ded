"""L005: a deny that another deny makes superfluous."""

from collections.abc import Iterator

from policylang.diagnostics.model import Label
from policylang.linter.conditions import implies, may_fault, same
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.scope import at_least_as_wide, for_good, rivals
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Denies whose requests another deny with the same answer denies anyway; of two equal ones the later by name."""
    del options
    for rule in subject.denies:
        for other in rivals(rule, subject.denies_by_route):
            equal = same(rule.condition, other.condition)
            if rule.step_up != other.step_up or (
                equal and other.name > rule.name and at_least_as_wide(rule, other, subject)
            ):
                continue
            if not equal and may_fault(rule.condition):
                continue
            if not at_least_as_wide(other, rule, subject) or not for_good(other, rule, subject):
                continue
            if implies(rule.condition, other.condition):
                yield Finding(
                    rule.span,
                    f"`{rule.name}` denies nothing that `{other.name}` does not deny",
                    "changes no decision",
                    help=(f"remove `{rule.name}`, or correct the condition that is wider than it was meant",),
                    more=(Label(other.span, "denies all of it"),),
                )
                break


RULE = LintRule(
    code="L005",
    name="shadowed-deny",
    severity="warning",
    what="A `deny` whose condition implies that of another `deny` on the same routes and methods, with the same answer.",
    why="The narrower deny decides nothing. Either it is a leftover, or the wider one is wider than it was meant.",
    bad="deny risky      on orders when claims.risk absent or claims.risk > 50\n"
    "deny very_risky on orders when claims.risk present and claims.risk > 90\n",
    good="deny risky on orders when claims.risk absent or claims.risk > 50\n",
    check=check,
)
