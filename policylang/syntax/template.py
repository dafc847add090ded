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
    """The text without its holes, and the holes as (index into that text, reference).

    Of a literal whose braces are wrong the first wrong one is complained of, and nothing behind it is taken out.
    """
    kept: list[str] = []
    holes: list[tuple[int, nodes.Ref]] = []
    text, at = decoded.text, 0
    while at < len(text):
        if text[at] not in "{}" or at in decoded.escaped:
            kept.append(text[at])
            at += 1
            continue
        close = _closing(decoded, at) if text[at] == "{" else None
        if close is None:
            complain(_stray(decoded, at, literal.file))
            break
        hole = _reference(decoded, at, close, literal.file)
        if isinstance(hole, Diagnostic):
            complain(hole)
            break
        holes.append((len(kept), hole))
        at = close + 1
    return "".join(kept), tuple(holes)


def _stray(decoded: Decoded, at: int, file: int) -> Diagnostic:
    return errors_literals.stray_brace(Span(file, decoded.offsets[at], decoded.offsets[at + 1]), decoded.text[at])


def _reference(decoded: Decoded, opening: int, close: int, file: int) -> nodes.Ref | Diagnostic:
    """What stands between two braces, if it is a reference written without escapes."""
    match = _REF.fullmatch(decoded.text, opening + 1, close)
    if match is None or not decoded.escaped.isdisjoint(range(opening + 1, close)):
        span = Span(file, decoded.offsets[opening], decoded.offsets[close + 1])
        return errors_literals.no_reference(span, decoded.text[opening + 1 : close])
    span = Span(file, decoded.offsets[opening + 1], decoded.offsets[close])
    return nodes.Ref(span, cast("nodes.Root", match.group(1)), match.group(2))


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
