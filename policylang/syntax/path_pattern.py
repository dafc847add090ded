"""Path patterns: a string literal split into segments, refused unless it is the one way to write what it matches.

Requests are matched on percent-decoded segments, so a pattern is written decoded. What no accepted request can have
(dot segments, empty segments, backslash, semicolon, control characters) is refused here rather than never matched.
"""

import re
from collections.abc import Callable

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_patterns, nodes
from policylang.syntax.capture import capture, closing, complain_of_twins
from policylang.syntax.strings import Decoded

SEGMENTS_CAP = 64

_NEVER = frozenset("/\\;")
_SEPARATING = re.compile("[/{}]")
_TRIPLET = re.compile(r"%[0-9A-Fa-f]{2}")

Complain = Callable[[Diagnostic], None]


def path_pattern(decoded: Decoded, span: Span, source: str, complain: Complain) -> nodes.PathPattern:
    """The pattern in a literal. A trailing slash is an empty last segment; ``text`` is the literal as written."""
    text = decoded.text
    if not text.startswith("/"):
        complain(errors_patterns.no_leading_slash(span))
        return nodes.PathPattern(span, (), source[1:-1])
    bounds = _split(decoded)
    if len(bounds) > SEGMENTS_CAP:
        complain(errors_patterns.too_many_segments(span, SEGMENTS_CAP))
        return nodes.PathPattern(span, (), source[1:-1])
    segments = []
    for index, (start, end) in enumerate(bounds):
        last = index == len(bounds) - 1
        segment = _segment(decoded, start, end, span.file, complain)
        if segment.kind == "rest" and not last:
            complain(errors_patterns.rest_not_last(segment.span))
        if segment.kind == "literal" and not segment.text and not last:
            complain(
                errors_patterns.empty_segment(Span(span.file, decoded.offsets[start - 1], decoded.offsets[end + 1]))
            )
        segments.append(segment)
    complain_of_twins(segments, complain)
    return nodes.PathPattern(span, tuple(segments), source[1:-1])


def _split(decoded: Decoded) -> list[tuple[int, int]]:
    """The (start, end) of each segment: slashes inside braces or written as escapes do not separate."""
    bounds, start, inside = [], 1, False
    for match in _SEPARATING.finditer(decoded.text, 1):
        index, character = match.start(), match.group()
        if index in decoded.escaped:
            continue
        if character != "/":
            inside = character == "{"
        elif not inside:
            bounds.append((start, index))
            start = index + 1
    bounds.append((start, len(decoded.text)))
    return bounds


def _segment(decoded: Decoded, start: int, end: int, file: int, complain: Complain) -> nodes.Segment:
    text, escaped = decoded.text[start:end], decoded.escaped
    span = Span(file, decoded.offsets[start], decoded.offsets[end])
    if start not in escaped and text.startswith("{") and closing(decoded, start, end) == end:
        return capture(decoded, start, end, file, complain)
    if text in {"*", "**"} and escaped.isdisjoint(range(start, end)):
        return nodes.Segment(span, "one" if text == "*" else "rest")
    plain = "".join(c for i, c in enumerate(text, start) if i not in escaped) if escaped else text
    if "{" in plain or "}" in plain:
        complain(errors_patterns.partial_capture(span))
    elif "*" in plain:
        complain(errors_patterns.partial_star(span))
    elif text in {".", ".."}:
        complain(errors_patterns.dot_segment(span, text))
    elif _TRIPLET.search(text):
        complain(errors_patterns.percent_encoded(span))
    elif not (text.isprintable() and _NEVER.isdisjoint(text)):
        complain(errors_patterns.never_requested(span))
    elif "?" in plain or "#" in plain:
        complain(errors_patterns.not_path(span))
    return nodes.Segment(span, "literal", text)
