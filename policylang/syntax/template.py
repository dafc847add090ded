"""Templates: references in braces, taken out of a string literal once, at compile time."""

import re
from collections.abc import Callable
from typing import cast

from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import errors_literals, nodes
from policylang.syntax.strings import Decoded

_REF = re.compile(r"(claims|metadata|policy|path|client|peer)\.([a-z][a-z0-9_]*)")


def holes_of(
    decoded: Decoded, literal: Span, complain: Callable[[Diagnostic], None]
) -> tuple[str, tuple[tuple[int, nodes.Ref], ...]]:
    """The text without its holes, and the holes as (index into that text, reference)."""
    kept: list[str] = []
    holes: list[tuple[int, nodes.Ref]] = []
    text, at, length = decoded.text, 0, len(decoded.text)
    size = 0
    while at < length:
        if text[at] not in "{}" or at in decoded.escaped:
            kept.append(text[at])
            size += 1
            at += 1
            continue
        close = _closing(decoded, at) if text[at] == "{" else None
        if close is None:
            complain(
                errors_literals.stray_brace(Span(literal.file, decoded.offsets[at], decoded.offsets[at] + 1), text[at])
            )
            at += 1
            continue
        span = Span(literal.file, decoded.offsets[at + 1], decoded.offsets[close])
        match = _REF.fullmatch(text, at + 1, close)
        if match is None or any(i in decoded.escaped for i in range(at + 1, close)):
            complain(
                errors_literals.no_reference(Span(literal.file, span.start - 1, span.end + 1), text[at + 1 : close])
            )
        else:
            holes.append((size, nodes.Ref(span, cast("nodes.Root", match.group(1)), match.group(2))))
        at = close + 1
    return "".join(kept), tuple(holes)


def _closing(decoded: Decoded, opening: int) -> int | None:
    """The index of the brace that closes the one at ``opening``; None where another opens first or none comes."""
    for index in range(opening + 1, len(decoded.text)):
        if index in decoded.escaped:
            continue
        if decoded.text[index] == "}":
            return index
        if decoded.text[index] == "{":
            return None
    return None
