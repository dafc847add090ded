"""L046: a duration in a unit that is too small for it."""

from collections.abc import Iterator

from policylang.check.bounds import DAY, HOUR, MILLISECOND, MINUTE, SECOND
from policylang.diagnostics.model import Edit
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes

_UNITS = (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", SECOND), ("ms", MILLISECOND))
_SMALL = 120
"""Numbers up to this one are read at a glance: 90s and 60s stay as they are."""


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Durations of more than 120 of their unit that are a whole number of a larger one."""
    del options
    for node in subject.written(nodes.Duration):
        short = _shortest(node.micros)
        if int(node.text.rstrip("dhmins").replace("_", "")) > _SMALL and short != node.text:
            yield Finding(
                node.span,
                f"{node.text} is {short}",
                help=(f"write  {short}",),
                fix=Fix((Edit(node.span, short),)),
            )


def _shortest(micros: int) -> str:
    """A duration in the largest unit that it is a whole number of."""
    return next(f"{micros // unit}{word}" for word, unit in _UNITS if micros % unit == 0)


RULE = LintRule(
    code="L046",
    name="unwieldy-duration",
    severity="note",
    what="A duration such as `3600s` that is a whole number of a larger unit.",
    why="A reviewer should not have to divide.",
    bad="""policy free { rate 1_000 per 3600s burst 10 }
select policy on orders { use free otherwise }
""",
    good="""policy free { rate 1_000 per 1h burst 10 }
select policy on orders { use free otherwise }
""",
    check=check,
    fix="Writes the larger unit.",
)
