"""Prefixes that a route takes off a path and puts before it: runs of whole segments, in decoded text."""

import re
from collections.abc import Sequence

from policylang.check import errors_routes as errors
from policylang.check.environment import Sink
from policylang.check.texts import constant
from policylang.syntax import nodes

_NEVER = re.compile(r"[?#;%\\*{}\x00-\x1f\x7f-\x9f]")


def strip_prefix(given: nodes.Str | None, paths: Sequence[nodes.PathPattern], sink: Sink) -> str:
    """The prefix to take off, "" for none. Every pattern begins with its segments, as literals."""
    prefix = _prefix("strip", given, sink)
    if given is None or not prefix:
        return ""
    segments = prefix[1:].split("/")
    for path in paths:
        beginning = [segment.text if segment.kind == "literal" else None for segment in path.segments[: len(segments)]]
        if path.segments and beginning != segments:
            sink.add(errors.prefix_not_stripped(prefix, given.span, path.span))
            break
    return prefix


def add_prefix(given: nodes.Str | None, sink: Sink) -> str:
    """The prefix to put before what is left, "" for none."""
    return _prefix("add", given, sink)


def _prefix(word: str, given: nodes.Str | None, sink: Sink) -> str:
    if given is None:
        return ""
    text = constant("a prefix", given, sink)
    reason = None if given.holes else _problem(text)
    if reason is None:
        return "" if given.holes else text
    sink.add(errors.prefix_malformed(word, reason, given.span))
    return ""


def _problem(text: str) -> str | None:
    if not text.startswith("/"):
        return "does not begin with a slash"
    segments = text[1:].split("/")
    if segments[-1] == "":
        return "ends with a slash"
    if not {"", ".", ".."}.isdisjoint(segments):
        return "has a segment that is empty, `.` or `..`"
    return "has a character that is not written as itself in a path" if _NEVER.search(text) else None
