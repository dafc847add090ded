"""How a request is framed: what the HTTP library's parser lets through is looked at once more (R39, R44).

Law of this file: a request whose body another server could see elsewhere is refused, never repaired (RFC 9112 section 11.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from multidict import istr

CONTENT_LENGTH = istr("Content-Length")
TRANSFER_ENCODING = istr("Transfer-Encoding")
EXPECT = istr("Expect")

HTTP11 = (1, 1)
HTTP10 = (1, 0)


class Malformed(Exception):
    """A request that is no HTTP/1 request. The argument is a reason for the log, free of the request's bytes."""


class Fields(Protocol):
    """Header fields by name, whatever the case; the first of equal ones."""

    def get(self, name: str, /) -> str | None:
        """The value of a field."""
        ...


class Head(Protocol):
    """A request's head as the HTTP library read it. It has refused repeated framing fields, and both of them together."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def version(self) -> tuple[int, int]: ...
    @property
    def headers(self) -> Fields: ...
    @property
    def raw_headers(self) -> Sequence[tuple[bytes, bytes]]: ...
    @property
    def should_close(self) -> bool: ...
    @property
    def upgrade(self) -> bool: ...
    @property
    def chunked(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Framing:
    """``tail`` ends the head of a request without a body. ``length`` is None for a chunked body.

    ``has_body``: there is one, framed by ``length`` or by chunks. ``expects``: the client waits to be told to go on.
    """

    has_body: bool = False
    length: int | None = None
    expects: bool = False
    tail: bytes = b"\r\n"


UNFRAMED = Framing()
EMPTY_BODY = Framing(length=0, tail=b"Content-Length: 0\r\n\r\n")


def read_framing(head: Head, bodyless: bool) -> Framing:
    """The framing of a request; ``bodyless`` says what the HTTP library made of it. Raises Malformed."""
    version = head.version
    if version != HTTP11 and version != HTTP10:  # noqa: PLR1714 -- one comparison is enough nearly always
        raise Malformed("the version is neither HTTP/1.1 nor HTTP/1.0")
    if head.method == "CONNECT":
        raise Malformed("CONNECT: this is no proxy of that kind")
    fields = head.headers
    coding = fields.get(TRANSFER_ENCODING)
    length = fields.get(CONTENT_LENGTH)
    if coding is None and length is None:
        if not bodyless or head.chunked:
            raise Malformed("a body without framing")
        return UNFRAMED
    if coding is not None:
        return _chunked(head, coding, length)
    return _measured(head, str(length), bodyless)


def _chunked(head: Head, coding: str, length: str | None) -> Framing:
    # RFC 9112 section 6.1: no Transfer-Encoding in HTTP/1.0; a coding that is not understood cannot be framed anew.
    if head.version == HTTP10 or length is not None or coding.lower() != "chunked" or not head.chunked:
        raise Malformed("Transfer-Encoding is not chunked alone")
    return Framing(has_body=True, expects=_expects(head))


def _measured(head: Head, length: str, bodyless: bool) -> Framing:
    if not (length.isascii() and length.isdigit()) or head.chunked:
        raise Malformed("Content-Length is no number")
    size = int(length)
    if bodyless != (size == 0):
        raise Malformed("Content-Length is out of range")
    return EMPTY_BODY if bodyless else Framing(has_body=True, length=size, expects=_expects(head))


def _expects(head: Head) -> bool:
    """Whether the client waits for 100 (Continue); RFC 9110 section 10.1.1 knows no other expectation, HTTP/1.0 none."""
    wish = head.headers.get(EXPECT)
    if wish is None or head.version == HTTP10:
        return False
    if wish.lower() != "100-continue":
        raise Malformed("an expectation other than 100-continue")
    return True
