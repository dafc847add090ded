"""The contents of a key's record and of a revocation's: written in one way, read strictly.

Law of this file: what cannot be read in full is RecordUnreadable, whoever wrote it; a reader takes that for an outage and
never for a key. Contents hold salts, digests and public keys: no secret.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from gateway.keys.secrets import DIGEST_BYTES, SALT_BYTES, HmacAlgorithm, base64url
from gateway.records.port import MAX_CONTENT_BYTES
from policylang.embed import JsonRefused, TokenRefused, decode_base64url, read_ijson

VERSION = 1
LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""

_PRIVATE = frozenset(("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"))


class RecordUnreadable(Exception):
    """Content that is no record of this version. ``member`` is where it went wrong; never a value."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


@dataclass(frozen=True, slots=True)
class OpaqueProof:
    """The key is presented itself: its secret is derived with ``salt`` and has ``digest``."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HmacProof:
    """JWTs that name the key are signed with a secret derived with ``salt``."""

    alg: HmacAlgorithm
    salt: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublicProof:
    """JWTs that name the key are verified with its public JWK."""

    jwk: Mapping[str, Any]


Proof = OpaqueProof | HmacProof | PublicProof


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """``created`` and ``issued`` in microseconds since 1970; ``issued`` moves with each rotation."""

    proof: Proof
    claims: Mapping[str, Any] = field(repr=False)
    disabled: bool
    created: int
    issued: int


@dataclass(frozen=True, slots=True)
class RevocationRecord:
    """``before``: seconds since 1970; tokens issued before then are taken back. None: all are. ``created``: microseconds."""

    before: int | None
    created: int


def write_key(record: KeyRecord) -> bytes:
    """The content of a key's record."""
    return _written(
        {
            "version": VERSION,
            "proof": _proof_members(record.proof),
            "claims": record.claims,
            "disabled": record.disabled,
            "created": record.created,
            "issued": record.issued,
        }
    )


def read_key(content: bytes) -> KeyRecord:
    """A key's record, or RecordUnreadable."""
    members = _object(content, frozenset(("version", "proof", "claims", "disabled", "created", "issued")))
    claims, disabled = members["claims"], members["disabled"]
    if not isinstance(claims, dict):
        raise RecordUnreadable("claims")
    if not isinstance(disabled, bool):
        raise RecordUnreadable("disabled")
    return KeyRecord(
        _proof(members["proof"]), claims, disabled, _instant(members, "created"), _instant(members, "issued")
    )


def write_revocation(record: RevocationRecord) -> bytes:
    """The content of a revocation's record."""
    return _written({"version": VERSION, "before": record.before, "created": record.created})


def read_revocation(content: bytes) -> RevocationRecord:
    """A revocation's record, or RecordUnreadable."""
    members = _object(content, frozenset(("version", "before", "created")))
    before = members["before"]
    if before is not None and (type(before) is not int or not 0 <= before <= LAST_SECOND):
        raise RecordUnreadable("before")
    return RevocationRecord(before, _instant(members, "created"))


def read_object(content: bytes) -> dict[str, Any]:
    """A record's content as an object, or RecordUnreadable."""
    try:
        members = read_ijson(content, MAX_CONTENT_BYTES)
    except JsonRefused as refused:
        raise RecordUnreadable(refused.reason) from None
    if not isinstance(members, dict):
        raise RecordUnreadable("not_object")
    return members


def _object(content: bytes, wanted: frozenset[str]) -> dict[str, Any]:
    members = read_object(content)
    if type(members.get("version")) is not int or members["version"] != VERSION:
        raise RecordUnreadable("version")
    if members.keys() != wanted:
        raise RecordUnreadable("members")
    return members


def _proof_members(proof: Proof) -> dict[str, Any]:
    if isinstance(proof, OpaqueProof):
        return {"kind": "opaque", "salt": base64url(proof.salt), "digest": base64url(proof.digest)}
    if isinstance(proof, HmacProof):
        return {"kind": "hmac", "alg": proof.alg, "salt": base64url(proof.salt)}
    return {"kind": "public", "jwk": proof.jwk}


def _proof(members: object) -> Proof:
    if not isinstance(members, dict):
        raise RecordUnreadable("proof")
    kind = members.get("kind")
    if kind == "opaque" and members.keys() == {"kind", "salt", "digest"}:
        return OpaqueProof(_octets(members, "salt", SALT_BYTES), _octets(members, "digest", DIGEST_BYTES))
    if kind == "hmac" and members.keys() == {"kind", "alg", "salt"} and members["alg"] in get_args(HmacAlgorithm):
        return HmacProof(members["alg"], _octets(members, "salt", SALT_BYTES))
    if kind == "public" and members.keys() == {"kind", "jwk"}:
        jwk = members["jwk"]
        if isinstance(jwk, dict) and _PRIVATE.isdisjoint(jwk):
            return PublicProof(jwk)
    raise RecordUnreadable("proof")


def _octets(members: Mapping[str, Any], name: str, size: int) -> bytes:
    value = members[name]
    try:
        data = decode_base64url(value.encode("ascii")) if isinstance(value, str) else b""
    except (TokenRefused, UnicodeEncodeError):
        raise RecordUnreadable(name) from None
    if len(data) != size:
        raise RecordUnreadable(name)
    return data


def _instant(members: Mapping[str, Any], name: str) -> int:
    value = members[name]
    if type(value) is not int or not 0 <= value <= LAST_SECOND * 1_000_000:
        raise RecordUnreadable(name)
    return value


def _written(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
