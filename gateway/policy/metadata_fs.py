"""Facts from a file: JSON, issuer name, then identity claim value, then the facts.

``{"corp": {"u1": {"roles": ["admin"]}}}``. Values are looked up by virtual identity alone, so the names in the file are
gone from memory once it is read.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gateway.policy.identity_text import bearing
from policylang.embed import plan_model, virtual_identity

MAX_BYTES = 256 << 20


class MetadataFileRefused(ValueError):
    """A metadata file that cannot be used; the message says where, and repeats no value from it."""


def read_metadata(
    path: Path, issuers: Sequence[plan_model.Issuer], identity_key: bytes
) -> dict[bytes, Mapping[str, Any]]:
    """The file's entries by virtual identity. Raises MetadataFileRefused; an issuer that no rule names is a mistake too."""
    document = _document(path)
    known = {issuer.name: issuer for issuer in issuers}
    entries: dict[bytes, Mapping[str, Any]] = {}
    for place, (name, identities) in enumerate(document.items(), 1):
        issuer = known.get(name)
        if issuer is None:
            # The name is not repeated: in a file that lacks the level of issuers it is somebody's identity.
            raise MetadataFileRefused(
                f"{path.name}: member {place} is named for no issuer; the rules have {', '.join(sorted(known))}"
            )
        if not isinstance(identities, dict):
            raise MetadataFileRefused(f"{path.name}: {name}: not an object of identities")
        for number, (value, facts) in enumerate(identities.items(), 1):
            if not isinstance(facts, dict):
                raise MetadataFileRefused(f"{path.name}: {name}: entry {number} is not an object of facts")
            try:
                identity = virtual_identity(issuer, bearing(issuer, value), identity_key)
            except ValueError as error:
                raise MetadataFileRefused(f"{path.name}: {name}: entry {number}: {error}") from error
            entries[identity] = facts
    return entries


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


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MetadataFileRefused(f"{path.name}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise MetadataFileRefused(f"{path.name}: larger than {MAX_BYTES} bytes")
    try:
        document = json.loads(data, object_pairs_hook=_once)
    except _Repeated as error:
        raise MetadataFileRefused(f"{path.name}: a name stands twice in one object") from error
    except RecursionError as error:
        raise MetadataFileRefused(f"{path.name}: nested too deeply") from error
    except ValueError as error:
        raise MetadataFileRefused(f"{path.name}: not JSON: {_place(error)}") from error
    if not isinstance(document, dict):
        raise MetadataFileRefused(f"{path.name}: not an object of issuers")
    return document
