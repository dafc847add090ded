"""The decoding table: a JSON value and a declaration give a value, absence or a refusal. For claims and metadata."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, Literal

from policylang.check.model import Claim, Value
from policylang.reference.payload import RefusedError
from policylang.reference.values import ABSENT, Mark
from policylang.typesys import terms

LATEST = 253402300799
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"{ATEXT}(?:\.{ATEXT})*@{LABEL}(?:\.{LABEL})*")
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PREFIX = re.compile(r"[0-9A-Fa-f.:]+/(?:0|[1-9][0-9]{0,2})")


def decode_all(declared: tuple[Claim, ...], members: Mapping[str, Any]) -> dict[str, Value | Literal[Mark.ABSENT]]:
    """Every declared name with its value or ABSENT. Raises RefusedError when one does not decode."""
    return {claim.name: decode(claim, members) for claim in declared}


def decode(claim: Claim, members: Mapping[str, Any]) -> Value | Literal[Mark.ABSENT]:
    """One row of the table. Raises RefusedError."""
    if claim.always is not None:
        return claim.always
    found = look_up(claim.source, members)
    absent = found is ABSENT or (found is None and claim.null_as_absent)
    if not absent:
        return value_of(claim, found)
    if claim.default is not None:
        return claim.default
    if claim.optional:
        return ABSENT
    raise RefusedError(f"{claim.name} is missing")


def look_up(source: tuple[str, ...], members: Mapping[str, Any]) -> Any:
    """What stands at a path of member names: ABSENT without such a member or parent, None for null or a null parent."""
    here: Any = members
    for name in source:
        if here is None:
            return None
        if not isinstance(here, Mapping):
            raise RefusedError(f"the parent of {name} is no object")
        if name not in here:
            return ABSENT
        here = here[name]
    return here


def value_of(claim: Claim, found: Any) -> Value:
    """A value that is there, as its declared type. Raises RefusedError."""
    if not isinstance(claim.type, terms.SetOf):
        return scalar(claim.type, found)
    if isinstance(found, str) and claim.split is not None:
        items: list[Any] = found.split(claim.split) if found else []
    elif isinstance(found, list):
        items = found
        if claim.split is not None and any(isinstance(item, str) and claim.split in item for item in items):
            raise RefusedError(f"an item of {claim.name} contains the separator")
    else:
        raise RefusedError(f"{claim.name} is no array")
    return frozenset(str(scalar(claim.type.item, item)) for item in items)


def scalar(term: terms.Scalar, found: Any) -> str | int | bool:
    """A JSON value as a scalar type: nothing is coerced. Raises RefusedError."""
    match term:
        case terms.Bool():
            fits = isinstance(found, bool)
        case terms.Int():
            fits = type(found) is int and term.low <= found <= term.high
        case terms.Time():
            fits = is_numeric_date(found)
        case _:
            return textual(term, found)
    if not fits:
        raise RefusedError("a wrong type or out of range")
    value: int | bool = found
    return value


def textual(term: terms.Scalar, found: Any) -> str:
    """A JSON string as a type whose values are texts. Raises RefusedError."""
    if not isinstance(found, str) or any("\ud800" <= character <= "\udfff" for character in found):
        raise RefusedError("not text")
    match term:
        case terms.Text():
            fits = term.low <= len(found) <= term.high
        case terms.Slug():
            fits = SLUG.fullmatch(found) is not None
        case terms.Email():
            fits = len(found) <= 254 and EMAIL.fullmatch(found) is not None
        case terms.Enum():
            fits = found in term.values
        case terms.Cidr():
            return network(found)
        case _:
            fits = False
    if not fits:
        raise RefusedError("text that does not fit")
    return found


def network(text: str) -> str:
    """A network in prefix notation, in its canonical form. Raises RefusedError."""
    if PREFIX.fullmatch(text) is None:
        raise RefusedError("not prefix notation")
    try:
        return str(ip_network(text))
    except ValueError:
        raise RefusedError("not a network") from None


def is_numeric_date(found: Any) -> bool:
    """A NumericDate in whole seconds, from 1970 to the end of the year 9999."""
    return type(found) is int and 0 <= found <= LATEST
