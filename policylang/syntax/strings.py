"""String literals: escapes resolved, with the place of every character, so that what is inside can be pointed at."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_literals

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))")
_SIMPLE = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "{": "{", "}": "}"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a literal. ``offsets`` has the file offset of each, and one more for the end.

    ``escaped`` holds the indices that were written as escapes: they never have a special meaning.
    """

    text: str
    offsets: tuple[int, ...]
    escaped: frozenset[int]


def decode(source: str, span: Span, complain: Callable[[Diagnostic], None]) -> Decoded:
    """Resolve the escapes of a quoted literal that begins at ``span``; a bad ``\\u{…}`` is complained of and becomes ``?``."""
    if "\\" not in source:
        return Decoded(source[1:-1], tuple(range(span.start + 1, span.start + len(source))), frozenset())
    characters: list[str] = []
    offsets: list[int] = []
    escaped: set[int] = set()
    at, end = 1, len(source) - 1
    while at < end:
        match = _ESCAPE.match(source, at, end) if source[at] == "\\" else None
        offsets.append(span.start + at)
        if match is None:
            characters.append(source[at])
            at += 1
            continue
        escaped.add(len(characters))
        characters.append(_escape(match, Span(span.file, span.start + at, span.start + match.end()), complain))
        at = match.end()
    offsets.append(span.start + end)
    return Decoded("".join(characters), tuple(offsets), frozenset(escaped))


def _escape(match: re.Match[str], span: Span, complain: Callable[[Diagnostic], None]) -> str:
    digits, simple = match.group(1), match.group(2)
    if digits is None:
        return _SIMPLE.get(simple, "?")
    point = int(digits, 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        complain(errors_literals.no_such_character(span, digits))
        return "?"
    return chr(point)
