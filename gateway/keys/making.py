"""What a new key or a changed one may be: claims, metadata, proofs and expiries, checked before anything is written."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gateway.keys.changes import Problem
from gateway.keys.names import KEYRING
from gateway.keys.records import HmacProof, OpaqueProof, Proof, PublicProof
from gateway.keys.secrets import (
    SALT_BYTES,
    HmacAlgorithm,
    Random,
    base64url,
    hmac_secret,
    opaque_credential,
    opaque_secret,
    secret_digest,
)
from gateway.records.bounds import LAST_MICROS
from gateway.records.port import MAX_CONTENT_BYTES
from policylang.embed import JsonRefused, TokenRefused, decode_claims, plan_model, read_ijson

JwkProblem = Callable[[object], str]
"""A stable word for what is wrong with a public JWK; "" for one that may verify."""

Issuers = Callable[[], Sequence[plan_model.Issuer]]

KeyKind = Literal["opaque", "HS256", "HS384", "HS512", "public"]

_ROOM_BYTES = 8 * 1024
"""Of a record's content, what is left to everything but claims."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made. ``kind``: presented itself, a shared secret for JWTs, or the public ``jwk`` for JWTs.

    ``expires`` in microseconds since 1970; 0 never. ``claims`` are for opaque keys: a JWT brings its own.
    """

    keyring: str
    kind: KeyKind
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    expires: int = 0
    jwk: Mapping[str, Any] | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class KeyPatch:
    """What to change of a key; None leaves it. Claims and metadata are replaced as a whole."""

    disabled: bool | None = None
    claims: Mapping[str, Any] | None = field(default=None, repr=False)
    metadata: Mapping[str, Any] | None = field(default=None, repr=False)
    expires: int | None = None


def made_proof(
    new: NewKey, master: bytes, kid: str, random: Random, jwk_problem: JwkProblem
) -> tuple[Proof, str | None] | Problem:
    """The proof of a new key, and the secret to show once."""
    if (new.kind == "public") != (new.jwk is not None):
        return Problem("jwk_refused", "jwk", "needed_for_public_keys_alone")
    if new.kind == "public" and new.jwk is not None:
        problem = jwk_problem(new.jwk)
        if problem:
            return Problem("jwk_refused", "jwk", problem)
        return PublicProof({name: value for name, value in new.jwk.items() if name != "kid"}), None
    if new.kind == "opaque":
        return opaque_proof(master, new.keyring, kid, random(SALT_BYTES))
    if new.kind == "public":
        return Problem("jwk_refused", "jwk")
    return hmac_proof(master, new.kind, new.keyring, kid, random(SALT_BYTES))


def opaque_proof(master: bytes, keyring: str, kid: str, salt: bytes) -> tuple[OpaqueProof, str]:
    """The proof of an opaque key and the credential itself."""
    secret = opaque_secret(master, keyring, kid, salt)
    return OpaqueProof(salt, secret_digest(keyring, kid, secret)), opaque_credential(kid, secret)


def hmac_proof(master: bytes, alg: HmacAlgorithm, keyring: str, kid: str, salt: bytes) -> tuple[HmacProof, str]:
    """The proof of a key for JWTs with a shared secret, and the secret in base64url."""
    return HmacProof(alg, salt), base64url(hmac_secret(master, alg, keyring, kid, salt))


def problem_of_new(new: NewKey, issuers: Sequence[plan_model.Issuer], now: int) -> Problem | None:
    """What is wrong with a key that is to be made under these rules."""
    rings = [issuer for issuer in issuers if issuer.keys.kind == "keyring" and issuer.keys.value == new.keyring]
    if not rings or not KEYRING.fullmatch(new.keyring):
        return Problem("keyring_unknown", "keyring")
    fitting = [issuer for issuer in rings if (issuer.opaque if new.kind == "opaque" else not issuer.opaque)]
    if new.kind.startswith("HS"):
        fitting = [issuer for issuer in fitting if new.kind in issuer.algorithms]
    if not fitting:
        return Problem("kind_not_of_keyring", "kind")
    return (
        problem_of_claims(new.claims, new.kind == "opaque", fitting)
        or problem_of_object(new.metadata, "metadata")
        or problem_of_expiry(new.expires, now)
    )


def problem_of_claims(claims: Mapping[str, Any], opaque: bool, issuers: Sequence[plan_model.Issuer]) -> Problem | None:
    """Do the claims decode as the rules declare them? Only opaque keys have some of their own."""
    if not opaque:
        return Problem("claims_invalid", "claims", "jwt_brings_its_own") if claims else None
    problem = problem_of_object(claims, "claims")
    if problem is not None:
        return problem
    for issuer in issuers:
        try:
            decode_claims(issuer.claims, claims)
        except TokenRefused as refused:
            return Problem("claims_invalid", f"claims.{refused.claim}", refused.reason)
    return None


def problem_of_object(members: Mapping[str, Any], what: Literal["claims", "metadata"]) -> Problem | None:
    """Is it I-JSON that comes back as it was written?"""
    reason: Literal["claims_invalid", "metadata_invalid"] = "claims_invalid" if what == "claims" else "metadata_invalid"
    try:
        content = written_object(members)
        if len(content) > MAX_CONTENT_BYTES - _ROOM_BYTES:
            return Problem("too_large", what)
        # A number with a fraction reads as no number at all: what would come back is not what was given
        if read_ijson(content, MAX_CONTENT_BYTES) != dict(members):
            return Problem(reason, what, "not_integers")
    except JsonRefused as refused:
        return Problem(reason, what, refused.reason)
    except (ValueError, TypeError, RecursionError):
        return Problem(reason, what, "not_json")
    return None


def problem_of_expiry(expires: int, now: int) -> Problem | None:
    """An expiry is never (0), or later than now and no later than a store can tell (the year 2255)."""
    return None if expires == 0 or now < expires <= LAST_MICROS else Problem("expires_invalid", "expires")


def written_object(members: Mapping[str, Any]) -> bytes:
    """The content of a record of metadata."""
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
