"""L016: a metadata field that is declared and never read."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.linter.usage import uses
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Fields of the ``metadata`` block that nothing reads."""
    del options
    read = {ref.name for _, ref in uses(subject.module) if ref.root == "metadata"}
    for block in subject.items(nodes.Metadata):
        for field in block.fields:
            if field.name.text not in read:
                yield Finding(
                    field.name.span,
                    f"nothing reads the metadata field `{field.name.text}`",
                    help=("remove the declaration",),
                )


RULE = LintRule(
    code="L016",
    name="unused-metadata",
    severity="warning",
    what="A field of the `metadata` block that nothing reads.",
    why="Facts are fetched and decoded whole: one field that does not fit makes all of them a fault. What nobody reads "
    "can only do harm.",
    bad="""metadata { fresh within 30s   roles: set of slug default []   blocked: bool default false }
deny blocked on orders when metadata.blocked
""",
    good="""metadata { fresh within 30s   blocked: bool default false }
deny blocked on orders when metadata.blocked
""",
    check=check,
)
