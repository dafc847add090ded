"""Documents: text with places where a line may break, and blocks of units."""

from collections.abc import Iterator
from dataclasses import dataclass

from policylang.formatter.token import Token

INDENT = 2
ENTRY_GAP = 3
PHRASE_GAP = 2
SLACK = 24


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a line may break; ``flat`` stands there where it does not."""

    flat: str


@dataclass(frozen=True, slots=True)
class Fill:
    """A place where a line breaks if what follows, up to the next such place, would not fit; ``forced``: in any case."""

    flat: str
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Broken at every ``Break`` of its own, or at none."""

    doc: "Doc"


@dataclass(frozen=True, slots=True)
class Nest:
    """Lines that begin within are indented once more."""

    doc: "Doc"


@dataclass(frozen=True, slots=True)
class Block:
    """Units in braces: ``split`` where the author began a new line behind the opening brace.

    On one line they are ``gap`` blanks apart.
    """

    open: Token
    units: "tuple[Unit, ...]"
    close: Token
    split: bool
    gap: int


Doc = str | Token | Break | Fill | Group | Nest | Block | tuple["Doc", ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a unit. ``gap`` blanks stand before it, ``column_gap`` where it stands in a column of a table.

    What is more than ``slack`` wider than the narrowest does not widen a column: it stands out. A ``clause`` goes to a
    line of its own where its unit does not fit on one.
    """

    doc: Doc
    gap: int = 1
    column_gap: int = 1
    slack: int = SLACK
    clause: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """What begins on a line of its own. Adjacent units of one ``table`` have their cells in columns; None: none do."""

    first: Token
    last: Token
    cells: tuple[Cell, ...]
    table: str | None = None


def heads(unit: Unit) -> tuple[Cell, ...]:
    """The cells of a unit that never go to lines of their own."""
    return tuple(cell for cell in unit.cells if not cell.clause)


def flat_block(block: Block) -> Doc:
    """A block on one line."""
    if not block.units:
        return block.open, block.close
    parts: list[Doc] = []
    for unit in block.units:
        parts += [" " * block.gap if parts else " ", flat_unit(unit)]
    return block.open, *parts, " ", block.close


def flat_unit(unit: Unit) -> Doc:
    """A unit on one line."""
    parts: list[Doc] = []
    for cell in unit.cells:
        parts += [" " * cell.gap, cell.doc] if parts else [cell.doc]
    return tuple(parts)


def pieces(doc: Doc) -> Iterator[str | Token | None]:
    """The text and the tokens of a document on one line; None for what cannot be on one."""
    match doc:
        case str() | Token():
            yield doc
        case Fill(forced=True):
            yield None
        case Break() | Fill():
            yield doc.flat
        case Group() | Nest():
            yield from pieces(doc.doc)
        case Block():
            if doc.split:
                yield None
            yield from pieces(flat_block(doc))
        case tuple():
            for part in doc:
                yield from pieces(part)


def flat(doc: Doc) -> str | None:
    """A document as one line; None if it cannot be one: its author broke it, or there is a remark inside.

    A remark before the first token is not inside, nor is one behind the last.
    """
    parts: list[str] = []
    begun = trailing = False
    for piece in pieces(doc):
        if piece is None or (trailing and piece):
            return None
        if isinstance(piece, str):
            parts.append(piece)
            continue
        if begun and piece.lead:
            return None
        parts.append(piece.text)
        begun, trailing = True, bool(piece.trail)
    return "".join(parts)
