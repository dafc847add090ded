"""L019: a fact about a person as the key of a counter."""

from collections.abc import Iterator

from policylang.check.model import Ref
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.personal import PERSONAL, SUBJECTS, is_personal
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Limits that count by a personal claim, or by one that tells persons apart."""
    names = options.words("names") | options.words("subjects")
    for limit in subject.module.limits:
        if isinstance(limit.key, Ref) and is_personal(limit.key, names, subject.module):
            yield Finding(
                limit.key.span,
                f"the limit `{limit.name}` keeps `{limit.key.root}.{limit.key.name}` in the store of counters",
                "a fact about a person",
                help=("count by the digest that stands for the caller:  by identity",),
            )


RULE = LintRule(
    code="L019",
    name="personal-data-in-limit-key",
    severity="warning",
    what="A `limit` that counts by an email address, a name, a telephone number or a subject.",
    why="The value becomes a key in the store of counters, where nobody expects personal data and nobody deletes it. "
    "`by identity` counts for the same person by a keyed digest.",
    bad="limit per_user on orders by claims.sub { rate 10 per 1s burst 20   on outage deny }\n",
    good="limit per_user on orders by identity { rate 10 per 1s burst 20   on outage deny }\n",
    check=check,
    options=(PERSONAL, SUBJECTS),
)
