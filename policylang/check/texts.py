"""Constant texts: those that take no reference, and those that must also be printable and say something."""

from policylang.check import errors_names as errors
from policylang.check.environment import Sink
from policylang.syntax import nodes


def constant(place: str, literal: nodes.Str, sink: Sink) -> str:
    """The text of a literal where no template may stand; ``place`` begins the complaint about references in it."""
    if literal.holes:
        sink.add(errors.no_reference_here(place, literal.span))
    return literal.value


def printable(place: str, literal: nodes.Str, sink: Sink) -> str | None:
    """A constant of one or more printable characters; None after a complaint."""
    text = constant(place, literal, sink)
    if literal.holes:
        return None
    if not text:
        sink.add(errors.empty_text(place, literal.span))
        return None
    if not text.isprintable():
        sink.add(errors.unprintable_text(place, literal.span))
        return None
    return text
