"""Printing a document: lines broken where they must be, remarks where they stood.

Law of this file: nothing is written on a line behind a remark, and no remark is passed over, wherever it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from policylang.formatter.doc import INDENT, Block, Break, Doc, Fill, Group, Nest, flat, flat_block
from policylang.formatter.token import Remark, Token

WIDTH = 110


@dataclass(slots=True)
class Line:
    """A line of the output: its text, and the remark behind it with the further lines of that."""

    text: str
    trail: tuple[str, ...] = ()


Render = Callable[[Block, int], list[Line]]
Task = tuple[int, bool, Doc]
"""What is yet to be printed: the indentation of lines that begin within, whether none may, and the document."""


def add_remarks(lines: list[Line], remarks: Sequence[Remark], indent: int) -> None:
    """Add remarks on lines of their own, with the blank lines before them; none where ``lines`` begin."""
    for remark in remarks:
        if remark.blank and lines:
            lines.append(Line(""))
        lines.append(Line(" " * indent + remark.text))


@dataclass
class Printer:
    """Prints one unit. ``inside`` renders what is within a block; ``told`` is the token whose remarks are written already."""

    inside: Render
    told: Token
    text: str
    lines: list[Line] = field(default_factory=list)
    pending: bool = False

    def finish(self) -> list[Line]:
        """All lines."""
        if not self.pending:
            self._end_line()
        return self.lines

    def new_line(self, indent: int) -> None:
        """Go on in a new line, unless this one is new."""
        if self.pending:
            self.pending = False
        elif self.text.strip():
            self._end_line()
        self.text = " " * indent

    def _end_line(self, trail: tuple[str, ...] = ()) -> None:
        self.lines.append(Line(self.text.rstrip(), trail))
        self.text = ""

    def doc(self, doc: Doc, indent: int) -> None:
        """Print a document; lines that begin within it begin at ``indent`` or further in."""
        tasks: list[Task] = [(indent, False, doc)]
        while tasks:
            indent, straight, doc = tasks.pop()
            match doc:
                case str():
                    self._blanks(doc, indent)
                case Token():
                    self._token(doc, indent)
                case Break():
                    self._blanks(doc.flat, indent) if straight else self.new_line(indent)
                case Fill() if straight or self._goes_on(doc, tasks):
                    self._blanks(doc.flat, indent)
                case Fill():
                    self.new_line(indent)
                case Nest():
                    tasks.append((indent + INDENT, straight, doc.doc))
                case Group():
                    tasks.append((indent, straight or self._fits(doc.doc, tasks), doc.doc))
                case Block() if straight or self._fits(doc, tasks):
                    tasks.append((indent, True, flat_block(doc)))
                case Block():
                    self._split(doc, indent)
                case tuple():
                    tasks.extend((indent, straight, part) for part in reversed(doc))

    def _blanks(self, text: str, indent: int) -> None:
        """Text that is no token: dropped where a line begins, if it is blank."""
        if not text.strip() and (self.pending or not self.text.strip()):
            return
        if self.pending:
            self.new_line(indent)
        self.text += text

    def _token(self, token: Token, indent: int) -> None:
        lead = () if token is self.told else token.lead
        if self.pending or lead:
            self.new_line(indent)
        for remark in lead:
            self.lines.append(Line(" " * indent + remark.text))
        self.text += token.text
        if token.trail:
            self._end_line(token.trail)
            self.pending = True

    def _split(self, block: Block, indent: int) -> None:
        """A block over lines: its closing brace below the line that has the opening one."""
        if self.pending or block.open.lead:
            self.new_line(indent)
        base = len(self.text) - len(self.text.lstrip())
        self._token(block.open, indent)
        self.new_line(base)
        self.lines.extend(self.inside(block, base + INDENT))
        self.told, told = block.close, self.told
        self._token(block.close, base)
        self.told = told

    def _goes_on(self, fill: Fill, tasks: Sequence[Task]) -> bool:
        """Whether what follows goes on the same line; never behind a block that ended on this one."""
        if fill.forced or self.text.strip() == "}":
            return False
        return _reaches_break([*tasks, (0, True, fill.flat)], WIDTH - len(self.text))

    def _fits(self, doc: Doc, tasks: Sequence[Task]) -> bool:
        """Whether a document fits on one line, with what follows up to the next place where a line may break."""
        if self.pending or flat(doc) is None:
            return False
        return _reaches_break([*tasks, (0, True, doc)], WIDTH - len(self.text))


def _reaches_break(tasks: list[Task], room: int) -> bool:
    """Whether the text up to the next place where a line may break, or has to, takes no more than ``room``."""
    while tasks and room >= 0:
        indent, straight, doc = tasks.pop()
        match doc:
            case str():
                room -= len(doc)
            case Token():
                room -= len(doc.text)
                if doc.trail:
                    break
            case Break() | Fill():
                if not straight:
                    break
                room -= len(doc.flat)
            case Nest() | Group():
                tasks.append((indent, straight, doc.doc))
            case Block() if straight or flat(doc) is not None:
                tasks.append((indent, True, flat_block(doc)))
            case Block():
                room -= len(doc.open.text)
                break
            case tuple():
                tasks.extend((indent, straight, part) for part in reversed(doc))
    return room >= 0
