"""L039: a shadow rule without an end."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Shadow rules without ``until``."""
    del options
    for rule in subject.module.rules:
        if rule.effect in {"shadow allow", "shadow deny"} and rule.until is None:
            yield Finding(
                rule.span,
                f"the shadow `{rule.name}` has no end",
                help=("say when the trial is over:  until 2026-07-01T00:00:00Z",),
            )


RULE = LintRule(
    code="L039",
    name="shadow-without-until",
    severity="note",
    what="A `shadow allow` or `shadow deny` without `until`.",
    why="A shadow rule is a trial. Without an end it stays, costs work on every request, and readers take it for a rule "
    "that decides.",
    bad="shadow deny risky on orders when claims.risk present and claims.risk > 50\n",
    good="shadow deny risky on orders when claims.risk present and claims.risk > 50   until 2026-07-01T00:00:00Z\n",
    check=check,
)
