"""Facts from a file: JSON, issuer name, then identity claim value, then the facts.

``{"corp": {"u1": {"roles": ["admin"]}}}``. Values are looked up by virtual identity alone, so the names in the file are
gone from memory once it is read.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.policy.identity_text import bearing
from gateway.policy.json_place import line_of
from policylang.embed import FieldProblem, field_problems, plan_model, type_term, virtual_identity

MAX_BYTES = 256 << 20
PROBLEMS_SHOWN = 10

Specs = tuple[plan_model.Claim, ...]


class MetadataFileRefused(ValueError):
    """A metadata file that cannot be used; the message says where, and repeats no value from it."""


@dataclass(frozen=True, slots=True)
class _Misfit:
    """A problem of an entry; ``path`` are places of members: the issuer's, the entry's, the fact's (or none)."""

    path: tuple[int, ...]
    issuer: str
    problem: FieldProblem


def read_metadata(
    path: Path, issuers: Sequence[plan_model.Issuer], specs: Specs, identity_key: bytes
) -> dict[bytes, Mapping[str, Any]]:
    """The file's entries by virtual identity; ``specs`` are the fields that the rules declare.

    Raises MetadataFileRefused: an entry that does not decode, a member that no field is called and an issuer that no
    rule names are mistakes, and a file with a mistake is used in no part.
    """
    text, document = _document(path)
    known = {issuer.name: issuer for issuer in issuers}
    entries: dict[bytes, Mapping[str, Any]] = {}
    misfits: list[_Misfit] = []
    for place, (name, identities) in enumerate(document.items(), 1):
        issuer = known.get(name)
        if issuer is None or not isinstance(identities, dict):
            # The name is not repeated: in a file that lacks the level of issuers it is somebody's identity.
            unknown = f"member {place} is named for no issuer; the rules have {', '.join(sorted(known))}"
            wrong = unknown if issuer is None else f"{name}: not an object of identities"
            raise MetadataFileRefused(f"{path.name}:{line_of(text, (place,))}: {wrong}")
        for number, (value, facts) in enumerate(identities.items(), 1):
            identity = _identity(path, text, issuer, (place, number), value, facts, identity_key)
            misfits += [
                _Misfit((place, number, *((one.member,) if one.member else ())), name, one)
                for one in field_problems(specs, facts)
            ]
            entries[identity] = facts
    if misfits:
        raise MetadataFileRefused("\n".join(_told(path, text, specs, misfits)))
    return entries


def _identity(
    path: Path,
    text: str,
    issuer: plan_model.Issuer,
    place: tuple[int, int],
    value: str,
    facts: object,
    identity_key: bytes,
) -> bytes:
    if not isinstance(facts, dict):
        raise MetadataFileRefused(
            f"{path.name}:{line_of(text, place)}: {issuer.name}: entry {place[1]} is not an object of facts"
        )
    try:
        return virtual_identity(issuer, bearing(issuer, value), identity_key)
    except ValueError as error:
        raise MetadataFileRefused(
            f"{path.name}:{line_of(text, place)}: {issuer.name}: entry {place[1]}: {error}"
        ) from error


def _told(path: Path, text: str, specs: Specs, misfits: list[_Misfit]) -> Iterator[str]:
    for one in misfits[:PROBLEMS_SHOWN]:
        yield f"{path.name}:{line_of(text, one.path)}: {one.issuer}: entry {one.path[1]}: {_words(one.problem, specs)}"
    if len(misfits) > PROBLEMS_SHOWN:
        yield f"{path.name}: and {len(misfits) - PROBLEMS_SHOWN} more like these"
    yield f"nothing of {path.name} was loaded: mend it, or declare in the rules' metadata block what it holds"


def _words(problem: FieldProblem, specs: Specs) -> str:
    spec = problem.spec
    if problem.kind == "unknown":
        # Nor is this name repeated: in a file with a level too many it is an identity as well.
        declared = f"the rules declare {', '.join(one.name for one in specs)}" if specs else "the rules declare none"
        hint = "" if spec is None else f"; did you mean `{spec.name}`?"
        return f"member {problem.member} is no field of metadata: {declared}{hint}"
    expected = "" if spec is None else f"`{spec.name}`: expected {type_term(spec.type)}"
    return f"{expected}, found {problem.found}" if problem.found else f"{expected}, and there is no such member"


class _Repeated(Exception):
    """A name twice in one object: which of the two counts, JSON does not say (RFC 8259 section 4)."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else "a number is too long"


def _document(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MetadataFileRefused(f"{path.name}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise MetadataFileRefused(f"{path.name}: larger than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_once)
    except _Repeated as error:
        raise MetadataFileRefused(f"{path.name}: a name stands twice in one object") from error
    except RecursionError as error:
        raise MetadataFileRefused(f"{path.name}: nested too deeply") from error
    except ValueError as error:
        raise MetadataFileRefused(f"{path.name}: not JSON: {_place(error)}") from error
    if not isinstance(document, dict):
        raise MetadataFileRefused(f"{path.name}: not an object of issuers")
    return text, document
