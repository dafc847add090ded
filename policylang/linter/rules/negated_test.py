"""L045: a negation that has a word of its own."""

import re
from collections.abc import Iterator

from policylang.diagnostics.model import Edit
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.subject import Subject
from policylang.source.spans import Span
from policylang.syntax import nodes

_NOT = re.compile(r"not[ \t]+\(?[ \t]*")
_BLANK = re.compile(r"[ \t]*\)?")


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """``not`` before ``in``, ``present``, ``absent`` and ``issuer is``."""
    del options
    for node in subject.written(nodes.Not):
        yield from _of(node, subject)


def _of(node: nodes.Not, subject: Subject) -> Iterator[Finding]:
    words = _turned(node.operand, subject)
    if words is None:
        return
    before = subject.text(Span(node.span.file, node.span.start, node.operand.span.start))
    behind = subject.text(Span(node.span.file, node.operand.span.end, node.span.end))
    plain = _NOT.fullmatch(before) and _BLANK.fullmatch(behind) and before.count("(") == behind.count(")")
    yield Finding(
        node.span,
        "this negation reads more easily with a word of its own",
        help=(f"write  {words}",),
        fix=Fix((Edit(node.span, words),)) if plain else None,
    )


def _turned(expr: nodes.Expr, subject: Subject) -> str | None:
    """The contrary of a test, in its own text; None where there is no word for it."""
    match expr:
        case nodes.In(item=item, container=container, negated=negated):
            return f"{subject.text(item.span)} {'in' if negated else 'not in'} {subject.text(container.span)}"
        case nodes.Presence(ref=ref, absent=absent):
            return f"{subject.text(ref.span)} {'present' if absent else 'absent'}"
        case nodes.IssuerIs(issuer=issuer, negated=negated):
            return f"issuer is {'' if negated else 'not '}{issuer.text}"
        case _:
            return None


RULE = LintRule(
    code="L045",
    name="negated-test",
    severity="note",
    what="`not` before a test that has a negated form: `not x in y`, `not x present`, `not issuer is x`.",
    why="`not` binds less tightly than it looks. `x not in y`, `x absent` and `issuer is not x` cannot be misread.",
    bad='deny outside on orders when not client.ip in ["10.0.0.0/8"]\n',
    good='deny outside on orders when client.ip not in ["10.0.0.0/8"]\n',
    check=check,
    fix="Writes the negated form.",
)
