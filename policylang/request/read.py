"""The client's headers that rules read: each at most once, printable ASCII, by lower-case name."""

from collections.abc import Iterable
from typing import NamedTuple

from policylang.request.errors import HeaderRefused
from policylang.request.fields import printable_text


class HeadersFound(NamedTuple):
    """``values`` by lower-case name; ``unreadable``: lenient names whose lines cannot be one text value."""

    values: dict[str, str]
    unreadable: frozenset[str]


NOTHING_READ = HeadersFound({}, frozenset())


def read_headers(lines: Iterable[tuple[bytes, bytes]], strict: frozenset[str], lenient: frozenset[str]) -> HeadersFound:
    """Read these headers. Names compare without case; ``_`` is not ``-`` here: reading is not setting.

    Raises HeaderRefused ``header_repeated`` or ``header_not_text`` for a strict name: a repeated header is a list, and
    using it as one value would let the client choose which of the two a rule sees (R18).
    """
    if not strict and not lenient:
        return NOTHING_READ
    values: dict[str, str] = {}
    unreadable: set[str] = set()
    for raw, value in lines:
        name = raw.decode("latin-1").lower()
        if name not in strict and name not in lenient:
            continue
        text = printable_text(value)
        if text is None or name in values or name in unreadable:
            if name in strict:
                raise HeaderRefused("header_not_text" if text is None else "header_repeated")
            unreadable.add(name)
            values.pop(name, None)
        else:
            values[name] = text
    return HeadersFound(values, frozenset(unreadable))
