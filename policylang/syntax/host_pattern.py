"""Host patterns: ``api.example.com``, ``*.example.com``, ``{tenant: slug}.example.com``.

Hosts are compared in lower case, without port and without a trailing dot, so patterns are written that way.
"""

import re
from collections.abc import Callable

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_patterns, nodes
from policylang.syntax.capture import capture, closing, complain_of_twins
from policylang.syntax.strings import Decoded

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
LENGTH_CAP = 253


def host_pattern(
    decoded: Decoded, span: Span, source: str, complain: Callable[[Diagnostic], None]
) -> nodes.HostPattern:
    """The pattern in a literal, label by label; ``text`` is the literal as written."""
    labels: list[nodes.Segment] = []
    bounds = _split(decoded)
    if len(decoded.text) > LENGTH_CAP:
        complain(errors_patterns.bad_host_label(span, "a host has at most 253 characters"))
        bounds = []
    for start, end in bounds:
        labels.append(_label(decoded, start, end, span.file, complain))
    complain_of_twins(labels, complain)
    return nodes.HostPattern(span, tuple(labels), source[1:-1])


def _split(decoded: Decoded) -> list[tuple[int, int]]:
    bounds, start, inside = [], 0, False
    for index, character in enumerate(decoded.text):
        if index in decoded.escaped:
            continue
        if character == "." and not inside:
            bounds.append((start, index))
            start = index + 1
        elif character in "{}":
            inside = character == "{"
    bounds.append((start, len(decoded.text)))
    return bounds


def _label(decoded: Decoded, start: int, end: int, file: int, complain: Callable[[Diagnostic], None]) -> nodes.Segment:
    text = decoded.text[start:end]
    span = Span(file, decoded.offsets[start], decoded.offsets[end])
    if start not in decoded.escaped and text.startswith("{") and closing(decoded, start, end) == end:
        return capture(decoded, start, end, file, complain)
    if text == "*" and start not in decoded.escaped:
        return nodes.Segment(span, "one")
    if not _LABEL.fullmatch(text):
        complain(errors_patterns.bad_host_label(span, _reason(text)))
    return nodes.Segment(span, "literal", text)


def _reason(text: str) -> str:
    if not text:
        return "a label is empty: no leading, trailing or doubled dot"
    if "*" in text or "{" in text or "}" in text:
        return "`*` and `{name: type}` stand for a whole label"
    if ":" in text:
        return "a host pattern has no scheme and no port"
    if text != text.lower():
        return "hosts are written in lower case"
    if not text.isascii():
        return "international names are written in their xn-- form"
    return "a label is made of letters, digits and inner hyphens, at most 63 of them"
