"""L031: a limit whose key the client chooses."""

from collections.abc import Iterator

from policylang.check.model import Ref
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Limits by a capture; headers may be absent, and the compiler takes none as a key."""
    del options
    for limit in subject.module.limits:
        key = limit.key
        if isinstance(key, Ref) and key.root == "path":
            yield Finding(
                key.span,
                f"a client escapes the limit `{limit.name}` by sending another value",
                "the client writes this",
                help=("count by what the token proves:  by identity  or  by claims.tenant",),
            )


RULE = LintRule(
    code="L031",
    name="limit-by-client-value",
    severity="warning",
    what="A `limit` that counts by a part of the path.",
    why="Each new value has a new counter, and the client writes the value. The limit holds for the honest ones, and the "
    "store of counters grows as the others like.",
    bad="limit each on orders by path.tenant { rate 10 per 1s burst 20   on outage deny }\n",
    good="limit each on orders by claims.tenant { rate 10 per 1s burst 20   on outage deny }\n",
    check=check,
    notes="Where a `deny` compares the capture with a claim, the counted values are proved; allow the finding and say so.",
)
