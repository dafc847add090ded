"""Text as a terminal shows it: every character safe to print, and how many cells it takes."""

from rich.cells import cell_len

TAB = 4


def printable(text: str) -> str:
    """The text with everything that could drive a terminal, or hide in it, replaced by U+FFFD; tabs are kept."""
    return "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in text)


def shown(text: str, column: int = 0) -> str:
    """The text as it is printed from a cell column on: tabs become blanks up to the next multiple of four."""
    pieces: list[str] = []
    at = column
    for character in printable(text):
        piece = " " * (TAB - at % TAB) if character == "\t" else character
        pieces.append(piece)
        at += width(piece)
    return "".join(pieces)


def width(text: str) -> int:
    """The number of terminal cells that printable text takes: wide characters two, combining ones none."""
    return cell_len(text)
