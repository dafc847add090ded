"""L042: facts that may be old."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """A ``fresh within`` that is longer than the option says."""
    longest = options.micros("longest")
    for block in subject.items(nodes.Metadata):
        if block.fresh is not None and block.fresh.micros > longest:
            yield Finding(
                block.fresh.span,
                f"a right that is taken away in the metadata holds for up to {block.fresh.text} more",
                f"longer than {options.text('longest')}",
                help=("fresh within 30s",),
            )


RULE = LintRule(
    code="L042",
    name="stale-metadata",
    severity="warning",
    what="A `metadata` block that is `fresh within` more than five minutes.",
    why="Metadata is where rights are taken away at once, which tokens cannot do. For as long as it counts as fresh, a "
    "caller who was blocked is not.",
    bad="""metadata { fresh within 1h   blocked: bool default false }
deny blocked on orders when metadata.blocked
""",
    good="""metadata { fresh within 30s   blocked: bool default false }
deny blocked on orders when metadata.blocked
""",
    check=check,
    options=(Option("longest", "duration", "5min", "The longest freshness that is not complained of."),),
)
