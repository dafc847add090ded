"""Whether a constant is a value of a type: defaults, pinned values, and the facts of a test.

This is the compile-time reading of constants that an author wrote; how tokens are decoded is ``policylang.token``'s.
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from policylang.typesys.describe import describe
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Ip, Scalar, SetOf, Slug, Text, Time, Type

Constant = str | int | bool | frozenset[str]

LAST_SECOND = 253402300799
"""9999-12-31T23:59:59Z, the last instant that a date can be written for."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a constant is no value of a type: a clause that follows "because"."""

    reason: str


def fit(term: Type, value: Constant) -> Constant | Misfit:
    """The constant as a value of the type, in canonical form, or why it is none.

    Instants are accepted as integers of seconds and as ``2026-01-01T00:00:00Z``; networks lose nothing but their
    spelling.

    >>> fit(Int(0, 100), 120)
    Misfit(reason='120 is above 100')
    >>> fit(Cidr(), "FD00::/8")
    'fd00::/8'
    """
    if isinstance(term, SetOf):
        return _set(term.item, value)
    if isinstance(value, frozenset):
        return Misfit(f"a list stands where {describe(term)} is wanted")
    if isinstance(value, bool):
        return value if isinstance(term, Bool) else Misfit(f"a truth value stands where {describe(term)} is wanted")
    if isinstance(value, int):
        return _number(term, value)
    return _text(term, value)


def _set(item: Scalar, value: Constant) -> Constant | Misfit:
    if not isinstance(value, frozenset):
        return Misfit("a set is written as a list in brackets")
    members: set[str] = set()
    for text in sorted(value):
        member = fit(item, text)
        if isinstance(member, Misfit):
            return member
        members.add(str(member))
    return frozenset(members)


def _number(term: Scalar | Ip, value: int) -> int | Misfit:
    if isinstance(term, Time):
        term = Int(0, LAST_SECOND)
    if not isinstance(term, Int):
        return Misfit(f"a number stands where {describe(term)} is wanted")
    if value < term.low:
        return Misfit(f"{value} is below {term.low}")
    if value > term.high:
        return Misfit(f"{value} is above {term.high}")
    return value


def _text(term: Scalar | Ip, value: str) -> Constant | Misfit:
    match term:
        case Text(low, high):
            length = len(value)
            fits = low <= length <= high
            return value if fits else Misfit(f"it has {length} characters, not {low} to {high}")
        case Slug():
            return (
                value
                if _SLUG.fullmatch(value)
                else Misfit(
                    "a slug has 1 to 64 lower-case letters, digits, `-` and `_`, and begins with a letter or a digit"
                )
            )
        case Email():
            fits = len(value) <= 254 and _EMAIL.fullmatch(value) is not None
            return value if fits else Misfit("it is not an address like name@example.com")
        case Enum(values):
            return value if value in values else Misfit(f"it is not {describe(term)}")
        case Cidr():
            return _network(value)
        case Time():
            return _instant(value)
        case _:
            return Misfit(f"a text stands where {describe(term)} is wanted")


def _network(value: str) -> str | Misfit:
    try:
        return str(ipaddress.ip_network(value, strict=True))
    except ValueError:
        return Misfit("it is no network in prefix notation without host bits, like 10.0.0.0/8")


def _instant(value: str) -> int | Misfit:
    if not _INSTANT.fullmatch(value):
        return Misfit("an instant is written as 2026-01-01T00:00:00Z")
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return Misfit("there is no such day or time")
    seconds = int(moment.timestamp())
    return seconds if seconds >= 0 else Misfit("it is before 1970")
