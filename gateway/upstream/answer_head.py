"""The head of an upstream's answer: which fields pass, which belong to the connection, and the lines that are written anew."""

import re
from http import HTTPStatus

# What a field is to a gateway (RFC 9110 section 7.6.1).
PASS, HOP, LENGTH, CONNECTION, CODING, DATE = range(6)

KINDS = {
    b"connection": CONNECTION,
    b"content-length": LENGTH,
    b"date": DATE,
    b"keep-alive": HOP,
    b"proxy-authenticate": HOP,
    b"proxy-authentication-info": HOP,
    b"proxy-authorization": HOP,
    b"proxy-connection": HOP,
    b"te": HOP,
    b"trailer": HOP,
    b"transfer-encoding": CODING,
    b"upgrade": HOP,
}

STATUS_LINES = {status: b"HTTP/1.1 %d " % status for status in range(200, 600)}

# reason-phrase = 1*( HTAB / SP / VCHAR / obs-text ), RFC 9112 section 4; llhttp lets control characters through.
REASON = re.compile(rb"[\t\x20-\x7e\x80-\xff]*").fullmatch

NAMES_KEPT = 1024
LONGEST_KEPT = 64

FieldName = tuple[int, bytes, bytes]
"""(kind, line start as the upstream spells the name, lower-case name)."""


class FieldNames(dict[bytes, FieldName]):
    """What is known of a field name as an upstream spells it. Bounded, so that no upstream can grow it."""

    def __missing__(self, name: bytes) -> FieldName:
        low = name.lower()
        known = (KINDS.get(low, PASS), b"\r\n%s: " % name, low)
        if len(name) <= LONGEST_KEPT:
            if len(self) >= NAMES_KEPT:
                self.clear()
            self[name] = known
        return known


def without_listed(lines: list[bytes], options: list[bytes]) -> list[bytes]:
    """Line starts and values in turn, without the fields that ``Connection`` names (RFC 9110 section 7.6.1).

    ``options`` are the values of the Connection fields. What frames the answer is not among the lines.

    >>> without_listed([b"\\r\\nX-A: ", b"1", b"\\r\\nX-B: ", b"2"], [b"close, x-a"])
    [b'\\r\\nX-B: ', b'2']
    """
    listed = {option.strip(b" \t").lower() for value in options for option in value.split(b",")}
    listed -= {b"", b"close", b"keep-alive"}
    if not listed:
        return lines
    kept: list[bytes] = []
    for start, value in zip(lines[::2], lines[1::2], strict=True):
        if start[2:-2].lower() not in listed:
            kept += (start, value)
    return kept


def reason_phrase(status: int) -> bytes:
    """The usual phrase for a status, as an answer of our own carries it.

    >>> reason_phrase(404)
    b'Not Found'
    """
    return HTTPStatus(status).phrase.encode("ascii")
