"""Facts from a file: JSON, issuer name, then identity claim value, then the facts.

``{"corp": {"u1": {"roles": ["admin"]}}}``. Values are looked up by virtual identity alone, so the names in the file are
gone from memory once it is read.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policylang.embed import plan_model, virtual_identity

MAX_BYTES = 256 << 20


class MetadataRefused(ValueError):
    """A metadata file that cannot be used; the message says where, and repeats no value from it."""


def read_metadata(
    path: Path, issuers: Sequence[plan_model.Issuer], identity_key: bytes
) -> dict[bytes, Mapping[str, Any]]:
    """The file's entries by virtual identity. Raises MetadataRefused; an issuer that no rule names is a mistake too."""
    document = _document(path)
    known = {issuer.name: issuer for issuer in issuers}
    entries: dict[bytes, Mapping[str, Any]] = {}
    for name, identities in document.items():
        issuer = known.get(name)
        if issuer is None:
            raise MetadataRefused(f"{path.name}: no issuer is called {name}; the rules have {', '.join(sorted(known))}")
        if not isinstance(identities, dict):
            raise MetadataRefused(f"{path.name}: {name}: not an object of identities")
        for number, (value, facts) in enumerate(identities.items(), 1):
            if not isinstance(facts, dict):
                raise MetadataRefused(f"{path.name}: {name}: entry {number} is not an object of facts")
            entries[virtual_identity(issuer, _bearing(issuer, value), identity_key)] = facts
    return entries


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise MetadataRefused(f"{path.name}: larger than {MAX_BYTES} bytes")
        document = json.loads(data)
    except OSError as error:
        raise MetadataRefused(f"{path.name}: cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise MetadataRefused(f"{path.name}: nested too deeply") from error
    except ValueError as error:
        place = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "not UTF-8"
        raise MetadataRefused(f"{path.name}: not JSON: {place}") from error
    if not isinstance(document, dict):
        raise MetadataRefused(f"{path.name}: not an object of issuers")
    return document


def _bearing(issuer: plan_model.Issuer, value: str) -> tuple[Any, ...]:
    """Claims that bear nothing but this identity. Member names are text, and an identity claim may be an integer."""
    identity = next(claim for claim in issuer.claims if claim.name == issuer.identity)
    typed: str | int = value
    if identity.type[0] in {"int", "time"}:
        try:
            typed = int(value)
        except ValueError as error:
            raise MetadataRefused(f"identities of {issuer.name} are integers") from error
    return tuple(typed if claim is identity else None for claim in issuer.claims)
