"""Decoding: members of a payload become claims, once, by the decoding table of the language reference.

=================================================  ========  ========  =========  ========
the payload has                                    required  optional  default v  always v
=================================================  ========  ========  =========  ========
no such member, or a missing parent                refused   None      v          v
null (with ``null as absent``: the row above)      refused   refused   refused    v
wrong type, out of range, a parent that is no      refused   refused   refused    v
object, text "" unless ``text(0..n)``
a set's ``[]``, or ``""`` with ``split``           empty     empty     empty      v
a set's bad item, a string without ``split``       refused   refused   refused    v
=================================================  ========  ========  =========  ========

An item of an array that contains the declaration's separator is a bad item: ``["a b"]`` is not ``"a b"``.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from policylang.token.errors import MetadataRefused, TokenRefused
from policylang.token.members import ABSENT, MISPLACED, find
from policylang.token.scalars import Reader, scalar_reader
from policylang.token.shapes import ClaimSpec

Decoder = Callable[[Mapping[str, object]], tuple[Any, ...]]
Refuse = Callable[[str, str], Exception]

_One = Callable[[Mapping[str, object]], Any]


def decode_claims(specs: tuple[ClaimSpec, ...], payload: Mapping[str, object]) -> tuple[Any, ...]:
    """The claims of a payload that ``read_ijson`` gave, aligned with ``specs``; None is absence.

    Raises TokenRefused: ``claim_missing``, ``claim_null`` or ``claim_invalid`` with the claim's declared name.
    """
    return claims_decoder(specs)(payload)


def decode_fields(specs: tuple[ClaimSpec, ...], stored: Mapping[str, object]) -> tuple[Any, ...]:
    """The fields of an identity's stored metadata, as ``decode_claims``; raises MetadataRefused."""
    return _fields_decoder(specs)(stored)


@lru_cache(maxsize=256)
def claims_decoder(specs: tuple[ClaimSpec, ...]) -> Decoder:
    """``decode_claims`` prepared for one tuple of declarations."""
    return _decoder(specs, TokenRefused, "claim")


@lru_cache(maxsize=16)
def _fields_decoder(specs: tuple[ClaimSpec, ...]) -> Decoder:
    return _decoder(specs, MetadataRefused, "field")


def _decoder(specs: tuple[ClaimSpec, ...], refuse: Refuse, noun: str) -> Decoder:
    ones = tuple(_one(spec, refuse, noun) for spec in specs)

    def decode(payload: Mapping[str, object]) -> tuple[Any, ...]:
        return tuple([one(payload) for one in ones])

    return decode


def _one(spec: ClaimSpec, refuse: Refuse, noun: str) -> _One:
    if spec.always is not None:
        pinned = _constant(spec, spec.always)
        return lambda _payload: pinned
    name, source, null_as_absent = spec.name, spec.source, spec.null_as_absent
    may_lack = spec.optional or spec.default is not None
    fallback = _constant(spec, spec.default) if spec.default is not None else None
    read = _set_reader(spec) if spec.type[0] == "set" else scalar_reader(spec.type)

    def decode(payload: Mapping[str, object]) -> Any:
        found = payload.get(source[0], ABSENT) if len(source) == 1 else find(payload, source)
        if found is ABSENT or (found is None and null_as_absent):
            if may_lack:
                return fallback
            raise refuse(f"{noun}_missing", name)
        if found is None:
            raise refuse(f"{noun}_null", name)
        value = None if found is MISPLACED else read(found)
        if value is None:
            raise refuse(f"{noun}_invalid", name)
        return value

    return decode


def _constant(spec: ClaimSpec, boxed: tuple[Any, ...]) -> Any:
    """A declared value as it is at run time: plans write sets as sorted tuples."""
    return frozenset(boxed[0]) if spec.type[0] == "set" else boxed[0]


def _set_reader(spec: ClaimSpec) -> Reader:
    item, separator = scalar_reader(spec.type[1]), spec.split

    def read(value: object) -> frozenset[str] | None:
        if isinstance(value, str):
            if separator is None:
                return None
            parts: list[Any] = value.split(separator) if value else []
        elif isinstance(value, list):
            parts = value
            if separator is not None and any(isinstance(part, str) and separator in part for part in parts):
                return None
        else:
            return None
        items = [item(part) for part in parts]
        return None if None in items else frozenset(items)

    return read
