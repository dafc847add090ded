"""L032: a limit that is gone when the store is."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Limits with ``on outage allow``."""
    del options
    for limit in subject.module.limits:
        if limit.on_outage == "allow":
            yield Finding(
                limit.span,
                f"without its store, `{limit.name}` limits nothing",
                "on outage allow",
                help=("write `on outage deny`, or allow this and say what else protects the service then",),
            )


RULE = LintRule(
    code="L032",
    name="outage-allow",
    severity="warning",
    what="A `limit` with `on outage allow`.",
    why="Who wants to get past the limit then only has to bring down the store that counts. Fail open where the limit is "
    "a courtesy, not where it is a protection.",
    bad="""limit each  on orders by identity { rate 10 per 1s burst 20     on outage deny }
limit total on orders by route    { rate 100 per 1s burst 100   on outage allow }
""",
    good="""limit each  on orders by identity { rate 10 per 1s burst 20     on outage deny }
limit total on orders by route    { rate 100 per 1s burst 100   on outage deny }
""",
    check=check,
)
