"""Values as text: header lines for the wire, and what identity tokens say.

Law of this file: a value that could end a line, be read in two ways, or arrive as another value does not travel:
the request is refused. Nothing is escaped, cut or repaired.
"""

from collections.abc import Iterable
from typing import Any, Literal

from policylang.runtime.verdict import Mint

MAX_VALUE = 4096
"""Bytes of a header value that the gateway sets."""


def text_of(value: str | int | bool | None) -> str | None:
    """A scalar as it stands in a template: true and false in words, integers and times in decimal. Absence stays."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_field_text(text: str) -> bool:
    """Whether a text travels unchanged: printable ASCII (RFC 9110 section 5.5), no blank at either end, not too long."""
    return text.isascii() and text.isprintable() and len(text) <= MAX_VALUE and text == text.strip(" ")


class HeaderLine:
    """A header that a rule sets. Each method gives the line with its CRLF, b"" when left out, None when refused."""

    __slots__ = ("_empty", "_omit", "_prefix", "_separator")

    def __init__(self, name: str, omit: Literal["absent", "empty"] | None, separator: str) -> None:
        self._prefix = f"{name}: ".encode("ascii")
        self._empty = b"" if omit == "empty" else self._prefix + b"\r\n"
        self._omit = omit
        self._separator = separator

    def text(self, value: str | None) -> bytes | None:
        """The line of a template's text; None: a reference in it is absent."""
        if value is None:
            return None if self._omit is None else b""
        if not value:
            return self._empty
        # As is_field_text, without the call: it is asked for each request.
        if not (value.isascii() and value.isprintable()) or len(value) > MAX_VALUE or value != value.strip(" "):
            return None
        return self._prefix + value.encode("ascii") + b"\r\n"

    def joined(self, items: frozenset[str] | None) -> bytes | None:
        """The line of a set, its items in code-point order; an item that contains the separator is refused."""
        if items is None:
            return None if self._omit is None else b""
        separator = self._separator
        for item in items:
            if separator in item:
                return None
        return self.text(separator.join(sorted(items)))


def block(lines: tuple[bytes | None, ...]) -> bytes | None:
    """Lines, or blocks of lines, as one block; None when one of them is refused."""
    if None in lines:
        return None
    return b"".join(lines)  # type: ignore[arg-type]  # None was looked for above


def mint(token: int, subject: str | None, members: Iterable[tuple[str, Any]]) -> Mint:
    """What an identity token says: sets as sorted arrays, absent members left out."""
    claims = {name: sorted(v) if isinstance(v, frozenset) else v for name, v in members if v is not None}
    return Mint(token, "" if subject is None else subject, claims)
