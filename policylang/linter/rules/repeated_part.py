"""L048: a part of a condition that stands there twice."""

import re
from collections.abc import Iterator

from policylang.check.expr_print import written
from policylang.diagnostics.model import Edit, Label
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.subject import Subject
from policylang.source.spans import Span
from policylang.syntax import nodes

_JOINT = re.compile(r"\s+(?:and|or)\s+")


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Operands of ``and`` or ``or`` that are written like one before them."""
    del options
    for conjunction in subject.written(nodes.And):
        yield from _of(conjunction, subject)
    for disjunction in subject.written(nodes.Or):
        yield from _of(disjunction, subject)


def _of(node: nodes.And | nodes.Or, subject: Subject) -> Iterator[Finding]:
    first: dict[str, nodes.Expr] = {}
    for before, operand in zip((None, *node.operands), node.operands, strict=False):
        other = first.setdefault(written(operand), operand)
        if other is operand or before is None:
            continue
        cut = Span(operand.span.file, before.span.end, operand.span.end)
        joint = subject.text(Span(operand.span.file, before.span.end, operand.span.start))
        yield Finding(
            operand.span,
            "this part stands here twice",
            "adds nothing",
            help=("remove it, or write what was meant",),
            more=(Label(other.span, "the same before"),),
            fix=Fix((Edit(cut, ""),)) if _JOINT.fullmatch(joint) else None,
        )


RULE = LintRule(
    code="L048",
    name="repeated-part",
    severity="warning",
    what="A part of a condition that is joined with itself by `and` or `or`.",
    why="Nobody writes a test twice on purpose: one of the two was meant to be another.",
    bad='deny strange on orders when claims.plan == "gold" or claims.risk absent or claims.plan == "gold"\n',
    good='deny strange on orders when claims.plan == "gold" or claims.risk absent\n',
    check=check,
    fix="Removes the repetition.",
)
