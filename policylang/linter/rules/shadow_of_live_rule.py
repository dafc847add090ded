"""L041: a shadow of a rule that decides already."""

from collections.abc import Iterator

from policylang.diagnostics.model import Label
from policylang.linter.conditions import same
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.scope import at_least_as_wide
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Shadow rules with the condition of a live rule of the same effect, which covers their routes and methods."""
    del options
    live = {"shadow allow": subject.allows_by_route, "shadow deny": subject.denies_by_route}
    for rule in subject.module.rules:
        by_route = live.get(rule.effect)
        if by_route is None:
            continue
        for other in by_route.get(rule.routes[0], ()) if rule.routes else ():
            if same(rule.condition, other.condition) and at_least_as_wide(other, rule, subject):
                yield Finding(
                    rule.span,
                    f"`{other.name}` does what the shadow `{rule.name}` tries out",
                    "the same condition",
                    help=("the trial is over: remove the shadow",),
                    more=(Label(other.span, "decides already"),),
                )
                break


RULE = LintRule(
    code="L041",
    name="shadow-of-live-rule",
    severity="warning",
    what="A shadow rule with the same condition as a rule that decides, on no more routes and methods.",
    why="The shadow was left behind when its rule was put in force. What it logs is no news.",
    bad="""deny        risky      on orders when claims.risk absent or claims.risk > 50
shadow deny risky_soon on orders when claims.risk absent or claims.risk > 50
""",
    good="""deny        risky      on orders when claims.risk absent or claims.risk > 50
shadow deny risky_soon on orders when claims.risk present and claims.risk > 30
""",
    check=check,
)
