"""Readers of scalar values: one for each type term of a plan. A value that is not of the type reads as None.

Law of this file: no conversion. Text stays as it is (no case folding, no normal form); networks alone get their one
canonical spelling. JSON has no reader that turns one type into another.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Any

Reader = Callable[[object], Any]

LAST_SECOND = 253402300799
"""9999-12-31T23:59:59Z"""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5322 section 3.4.1 without quoted parts, comments and literals; RFC 1035 section 2.3.1 for the labels
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_CIDR = re.compile(r"[0-9A-Fa-f.:]{2,45}/(?:0|[1-9][0-9]{0,2})", re.ASCII)


def scalar_reader(term: tuple[Any, ...]) -> Reader:
    """The reader of a scalar term, such as ``("int", 0, 100)``. An unknown term is a KeyError.

    >>> scalar_reader(("int", 0, 100))(True) is None
    True
    """
    return _READERS[term[0]](*term[1:])


def _text(low: int, high: int) -> Reader:
    def read(value: object) -> str | None:
        return value if isinstance(value, str) and low <= len(value) <= high else None

    return read


def _slug() -> Reader:
    def read(value: object) -> str | None:
        return value if isinstance(value, str) and _SLUG.fullmatch(value) else None

    return read


def _email() -> Reader:
    def read(value: object) -> str | None:
        return value if isinstance(value, str) and len(value) <= 254 and _EMAIL.fullmatch(value) else None

    return read


def _enum(*members: str) -> Reader:
    known = frozenset(members)

    def read(value: object) -> str | None:
        return value if isinstance(value, str) and value in known else None

    return read


def _int(low: int, high: int) -> Reader:
    def read(value: object) -> int | None:
        # bool is an int to isinstance
        return value if type(value) is int and low <= value <= high else None

    return read


def _bool() -> Reader:
    def read(value: object) -> bool | None:
        return value if isinstance(value, bool) else None

    return read


def _cidr() -> Reader:
    def read(value: object) -> str | None:
        # ipaddress alone would also take netmasks, bare addresses and leading zeros in the prefix length
        if not (isinstance(value, str) and _CIDR.fullmatch(value)):
            return None
        try:
            return str(ipaddress.ip_network(value, strict=True))
        except ValueError:
            return None

    return read


def _time() -> Reader:
    return _int(0, LAST_SECOND)


_READERS: dict[str, Callable[..., Reader]] = {
    "text": _text,
    "slug": _slug,
    "email": _email,
    "enum": _enum,
    "int": _int,
    "bool": _bool,
    "time": _time,
    "cidr": _cidr,
}
