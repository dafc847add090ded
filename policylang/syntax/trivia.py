"""Trivia: what a file holds beside its items. Comments carry no meaning and must survive formatting."""

from dataclasses import dataclass

from policylang.source.spans import Span


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its ``#`` to the end of the line; ``text`` is as written, blanks at its end taken off.

    ``own_line`` is True when nothing but blanks stands before it on its line.
    """

    span: Span
    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Trivia:
    """The comments of each file of a rule set, by file index, in source order."""

    comments: tuple[tuple[Comment, ...], ...]
