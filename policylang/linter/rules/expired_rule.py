"""L040: a rule that is over."""

from collections.abc import Iterator

from policylang.diagnostics.model import Edit
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.subject import Subject
from policylang.source.spans import Span


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Rules whose ``until`` is not after the instant that was given; none without one."""
    del options
    for node in subject.rule_nodes.values():
        if subject.at is not None and node.until is not None and node.until.seconds <= subject.at:
            yield Finding(
                node.until.span,
                f"`{node.name.text}` ended {node.until.text}",
                "before the given instant",
                help=("remove the rule, or give it a later end",),
                fix=Fix((Edit(_lines(node.span, subject), ""),), "the rule is gone; it has held for no request since"),
            )


def _lines(span: Span, subject: Subject) -> Span:
    """A rule with the rest of its line, where nothing else is on it."""
    text = subject.tree.files[span.file].text
    line_end = text.find("\n", span.end)
    end = len(text) if line_end < 0 else line_end + 1
    alone = (span.start == 0 or text[span.start - 1] == "\n") and not text[span.end : end].strip()
    return Span(span.file, span.start, end) if alone else span


RULE = LintRule(
    code="L040",
    name="expired-rule",
    severity="warning",
    what="An `allow` or a shadow rule whose `until` is past. Only with `--at INSTANT`: the linter reads no clock.",
    why="It holds for no request any more. Readers still take it for a rule, and a new date brings back a permission "
    "that nobody thought about again.",
    bad='allow read  on orders for GET when "orders:read" in claims.scope\n'
    'allow trial on orders for GET when claims.plan == "free"   until 2025-01-01T00:00:00Z\n',
    good='allow read  on orders for GET when "orders:read" in claims.scope\n'
    'allow trial on orders for GET when claims.plan == "free"   until 2030-01-01T00:00:00Z\n',
    check=check,
    fix="Removes the rule.",
)
