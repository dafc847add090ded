"""Words with what stands between them: remarks, blank lines, line breaks."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a line of its own; ``blank`` tells of a blank line before it."""

    text: str
    blank: bool


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word as it will be written.

    ``lead`` are the remarks on lines of their own before it, ``trail`` the one behind it on its line, further lines of
    that one included. ``blank`` tells of a blank line directly before it, ``begins_line`` of a line break since the token
    before it. Two tokens are the same only if they are one.
    """

    kind: str
    text: str
    lead: tuple[Remark, ...] = ()
    trail: tuple[str, ...] = ()
    blank: bool = False
    begins_line: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A piece of the concrete tree: the grammar's name for it, and all that it is made of, punctuation too."""

    rule: str
    children: "tuple[Branch | Token, ...]"


def tokens(part: Branch | Token) -> Iterator[Token]:
    """Every token of a part, in order."""
    if isinstance(part, Token):
        yield part
        return
    for child in part.children:
        yield from tokens(child)


def first_token(part: Branch | Token) -> Token:
    """The token that a part begins with; no branch is empty."""
    while isinstance(part, Branch):
        part = part.children[0]
    return part


def last_token(part: Branch | Token) -> Token:
    """The token that a part ends with."""
    while isinstance(part, Branch):
        part = part.children[-1]
    return part
