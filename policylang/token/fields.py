"""What is wrong with a stored object of metadata, member by member, for whoever can mend it.

Law of this file: a problem holds no value and no name that rules do not declare: in a file of the wrong shape such a name is
somebody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from policylang.token.claims import decode_fields
from policylang.token.errors import MetadataRefused
from policylang.token.shapes import ClaimSpec

_KINDS = {str: "a text", bool: "a boolean", int: "an integer", float: "a number with a fraction", list: "an array"}
_FITTING = {"set": list, "int": int, "time": int, "bool": bool}
"""What JSON value a type is read from; all others are texts."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """``spec`` is the declaration that does not fit; of an unknown member the one whose name is near, or None.

    ``member`` is the place among the members of the object, from 1; 0 where one is missing. ``found`` says in words what
    kind of value there is.
    """

    kind: Literal["unknown", "missing", "invalid"]
    spec: ClaimSpec | None
    member: int
    found: str = ""


def field_problems(specs: tuple[ClaimSpec, ...], stored: Mapping[str, object]) -> list[FieldProblem]:
    """The problems of one identity's metadata: members in their order, then what is missing. Empty: every field decodes."""
    declared = {spec.source[0]: spec for spec in specs}
    if stored.keys() <= declared.keys() and not _refused(specs, stored):
        return []
    problems = []
    for place, (name, value) in enumerate(stored.items(), 1):
        spec = declared.get(name)
        if spec is None:
            near = get_close_matches(name, declared, 1, 0.75)
            problems.append(FieldProblem("unknown", declared[near[0]] if near else None, place))
        elif _refused((spec,), stored):
            problems.append(FieldProblem("invalid", spec, place, _found(spec, value)))
    missing = [spec for name, spec in declared.items() if name not in stored and _refused((spec,), stored)]
    return [*problems, *(FieldProblem("missing", spec, 0) for spec in missing)]


def _refused(specs: tuple[ClaimSpec, ...], stored: Mapping[str, object]) -> bool:
    try:
        decode_fields(specs, stored)
    except MetadataRefused:
        return True
    return False


def _found(spec: ClaimSpec, value: object) -> str:
    if value is None:
        return "null"
    kind = _KINDS.get(type(value), "an object")
    fits = type(value) is _FITTING.get(spec.type[0], str)
    return f"{kind} that is none" if fits else kind
