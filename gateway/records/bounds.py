"""What a record may be called and hold: the same in every store, checked before anything is sent."""

import re

from gateway.records.port import MAX_CONTENT_BYTES, MAX_NAME, MAX_PAGE

LAST_MICROS = 2**53 - 1
"""Integers up to here are exact as the floats that Lua counts in; in microseconds, the year 2255."""

_NAME = re.compile(rf"[a-zA-Z0-9._:-]{{1,{MAX_NAME}}}")
_PREFIX = re.compile(rf"[a-zA-Z0-9._:-]{{0,{MAX_NAME}}}")


class RecordRefused(ValueError):
    """A name, a content or a number that no store takes. The message repeats none of it."""


def check_name(name: str) -> None:
    """Raises RecordRefused for a name that the port does not allow."""
    if not _NAME.fullmatch(name):
        raise RecordRefused(f"a record's name is 1 to {MAX_NAME} of a-z A-Z 0-9 . _ : -")


def check_write(name: str, content: bytes, expires: int) -> None:
    """Raises RecordRefused for a record that cannot be written."""
    check_name(name)
    if len(content) > MAX_CONTENT_BYTES:
        raise RecordRefused(f"a record holds {MAX_CONTENT_BYTES} bytes at the most")
    if not 0 <= expires <= LAST_MICROS:
        raise RecordRefused("a record ends at an instant in microseconds since 1970, or at 0: never")


def check_page(prefix: str, after: str, limit: int) -> None:
    """Raises RecordRefused for a page that cannot be asked for."""
    if not _PREFIX.fullmatch(prefix) or not _PREFIX.fullmatch(after):
        raise RecordRefused("a prefix and a place to go on after are parts of names")
    if not 1 <= limit <= MAX_PAGE:
        raise RecordRefused(f"a page has 1 to {MAX_PAGE} records")


def is_over(expires: int, now: int) -> bool:
    """Whether a record with this end is none any more.

    >>> is_over(0, 5), is_over(5, 5), is_over(6, 5)
    (False, True, False)
    """
    return 0 < expires <= now
