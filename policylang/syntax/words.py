"""Words: what the lexer makes of text, and the scanner that finds them.

The scanner reads the terminals of ``rules.lark`` and splits text exactly as Lark's basic lexer does (a test holds the two
against each other); it is here because Lark's makes a string object with eight fields for each token, and takes most of
the time of a parse.
"""

import re
from collections.abc import Iterator, Sequence

from lark.lexer import TerminalDef


class Word:
    """A token: the terminal's name, the text, and its half-open range of offsets. Lark's parser asks for ``type`` only."""

    __slots__ = ("end", "start", "type", "value")

    def __init__(self, type_: str, value: str, start: int, end: int) -> None:
        self.type = type_
        self.value = value
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"Word({self.type!r}, {self.value!r}, {self.start}, {self.end})"


class Scanner:
    """Splits text into words. ``keywords`` maps each reserved word to its terminal."""

    def __init__(self, terminals: Sequence[TerminalDef], ignored: str) -> None:
        """``terminals`` as Lark lists them; ``ignored`` is the terminal that stands for blanks."""
        name = re.compile(next(t for t in terminals if t.name == "NAME").pattern.to_regexp())
        self.keywords = {
            t.pattern.value: t.name
            for t in terminals
            if t.pattern.type == "str" and t.priority == 0 and name.fullmatch(t.pattern.value)
        }
        ordered = sorted(
            (t for t in terminals if t.name != ignored and t.name not in self.keywords.values()),
            key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
        )
        choices = "|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ordered)
        self._finditer = re.compile(rf"[ \t\r\n]*(?:{choices}|(?P<_END>\Z)|(?P<_NONE>))", re.DOTALL).finditer

    def words(self, text: str, at: int, comments: list[Word]) -> Iterator[Word]:
        """The words from offset ``at``; the last has the type ``_END``, or ``_NONE`` where no word begins.

        Comments go to ``comments``.
        """
        keywords = self.keywords
        for match in self._finditer(text, at):
            kind, group = match.lastgroup, match.lastindex
            if kind is None or group is None:
                return
            start, end = match.span(group)
            value = text[start:end]
            if kind == "NAME":
                kind = keywords.get(value, "NAME")
            elif kind == "COMMENT":
                comments.append(Word(kind, value, start, end))
                continue
            yield Word(kind, value, start, end)
            if not value and kind in {"_END", "_NONE"}:
                return
