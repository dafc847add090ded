"""Captures in path and host patterns: ``{name: type}``, with the types that one segment of text can have."""

import re
from collections.abc import Callable
from typing import Literal

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_patterns, nodes
from policylang.syntax.strings import Decoded

UNNAMED = "_"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PLAIN: dict[str, Literal["slug", "text", "email"]] = {"slug": "slug", "text": "text", "email": "email"}
_TEXT = re.compile(r"text *\( *([0-9]{1,9}) *\.\. *([0-9]{1,9}) *\)")
_INT = re.compile(r"int +(-?[0-9]{1,19}) *\.\. *(-?[0-9]{1,19})")


def capture(decoded: Decoded, start: int, end: int, file: int, complain: Callable[[Diagnostic], None]) -> nodes.Segment:
    """The capture between the braces at ``start`` and ``end`` (exclusive) of a decoded pattern."""
    span = Span(file, decoded.offsets[start], decoded.offsets[end])
    before, colon, after = decoded.text[start + 1 : end - 1].partition(":")
    name, written = before.strip(" "), after.strip(" ")
    if not _NAME.fullmatch(name):
        complain(errors_patterns.bad_capture_name(span, name))
        name = UNNAMED
    if not colon:
        complain(errors_patterns.untyped_capture(span, name))
        return nodes.Segment(span, "capture", name, nodes.TypeTerm(span, "text"))
    type_at = start + len(before) + 2 + len(after) - len(after.lstrip(" "))
    type_span = Span(file, decoded.offsets[type_at], decoded.offsets[type_at + len(written)])
    term = _type_of(written, type_span)
    if term is None:
        complain(errors_patterns.bad_capture_type(type_span, written))
        term = nodes.TypeTerm(type_span, "text")
    return nodes.Segment(span, "capture", name, term)


def _type_of(written: str, span: Span) -> nodes.TypeTerm | None:
    if written in _PLAIN:
        return nodes.TypeTerm(span, _PLAIN[written])
    if match := _TEXT.fullmatch(written):
        return nodes.TypeTerm(span, "text", int(match.group(1)), int(match.group(2)))
    if match := _INT.fullmatch(written):
        low, high = int(match.group(1)), int(match.group(2))
        if low >= -(2**63) and high < 2**63:
            return nodes.TypeTerm(span, "int", low, high)
    return None


def closing(decoded: Decoded, opening: int, end: int) -> int | None:
    """The index just after the brace that closes the one at ``opening``, before ``end``; None where there is none."""
    for index in range(opening + 1, end):
        if index not in decoded.escaped and decoded.text[index] == "}":
            return index + 1
    return None


def complain_of_twins(segments: list[nodes.Segment], complain: Callable[[Diagnostic], None]) -> None:
    """Refuse two captures of one name in a pattern."""
    seen: dict[str, nodes.Segment] = {}
    for segment in segments:
        if segment.kind == "capture" and segment.text != UNNAMED:
            first = seen.setdefault(segment.text, segment)
            if first is not segment:
                complain(errors_patterns.repeated_capture(segment.span, first.span, segment.text))
