"""L047: a long number without groups."""

import re
from collections.abc import Iterator

from policylang.diagnostics.model import Edit
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes

_LONG = re.compile(r"[0-9]{5,}", re.ASCII)


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Numbers of five digits and more without ``_``, in policies, limits and conditions."""
    del options
    for node in subject.written(nodes.Int):
        text = subject.text(node.span)
        if _LONG.fullmatch(text):
            grouped = f"{int(text):_}"
            yield Finding(
                node.span,
                f"{text} is {grouped}",
                help=(f"write  {grouped}",),
                fix=Fix((Edit(node.span, grouped),)),
            )


RULE = LintRule(
    code="L047",
    name="ungrouped-number",
    severity="note",
    what="A number of five or more digits without `_` between its groups.",
    why="`1000000` and `100000` look alike, and one of them is ten times the quota.",
    bad="""policy free { rate 5 per 1s burst 10   quota 100000 per day }
select policy on orders { use free otherwise }
""",
    good="""policy free { rate 5 per 1s burst 10   quota 100_000 per day }
select policy on orders { use free otherwise }
""",
    check=check,
    fix="Puts `_` between groups of three digits.",
)
