"""Spans are offsets; lines and columns are computed at the edge, by whoever prints them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points in file number ``file`` of a source tree."""

    file: int
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of ``other``, in the same file."""
        return Span(self.file, self.start, other.end)


NOWHERE = Span(0, 0, 0)
