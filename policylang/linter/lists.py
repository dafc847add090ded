"""Entries of comma-separated lists, as places in the source."""

import re

from policylang.linter.subject import Subject
from policylang.source.spans import Span

_AHEAD = re.compile(r"[ \t]*,[ \t]*")
_BEHIND = re.compile(r"[ \t]*,[ \t]*$")


def without_item(span: Span, subject: Subject) -> Span | None:
    """What to cut out so that an entry and one comma go; None where comments or line ends stand between."""
    text = subject.tree.files[span.file].text
    before = _BEHIND.search(text, max(0, span.start - 80), span.start)
    if before is not None:
        return Span(span.file, before.start(), span.end)
    after = _AHEAD.match(text, span.end)
    return None if after is None else Span(span.file, span.start, after.end())
