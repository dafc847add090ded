"""One source file as text, and where its lines are.

Law of this file: offsets, lines and columns count code points; a line ends at LF, and a CR before it belongs to the end.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class SourceText:
    """A file of a rule set: ``path`` is POSIX, relative to the rule set's root.

    ``readable`` is False for a file that could not be read as text: it is listed so that a diagnostic can name it, its
    text is empty, and the parser passes over it.
    """

    path: str
    text: str
    readable: bool = True

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @property
    def line_count(self) -> int:
        """The number of lines; text that ends in a newline has an empty last line."""
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and the 1-based column, in code points, of an offset; offsets beyond the end are the end.

        >>> SourceText("a.rules", "ab\\ncd").position(4)
        (2, 2)
        """
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_start(self, number: int) -> int:
        """The offset at which line ``number`` (1-based) begins; IndexError where there is no such line."""
        if not 1 <= number <= len(self._starts):
            raise IndexError(f"line {number} of {len(self._starts)}")
        return self._starts[number - 1]

    def line(self, number: int) -> str:
        """The text of line ``number`` (1-based) without its line ending; IndexError where there is no such line.

        >>> SourceText("a.rules", "ab\\r\\ncd").line(1)
        'ab'
        """
        start = self.line_start(number)
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        text = self.text[start:end]
        return text.removesuffix("\r") if number < len(self._starts) else text
