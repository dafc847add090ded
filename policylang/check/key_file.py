"""Key files: a JWK, a JWK set or a PEM public key, looked at as data before the text goes into the plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 sections 6.2.2, 6.3.2, 6.4
_NEEDED = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}

_FAMILIES: dict[str, tuple[str, str]] = {
    "ES256": ("EC", "P-256"), "ES384": ("EC", "P-384"), "ES512": ("EC", "P-521"), "ES256K": ("EC", "secp256k1"),
    "EdDSA": ("OKP", "Ed25519"), "Ed25519": ("OKP", "Ed25519"),
    **{f"{scheme}{bits}": ("RSA", "") for scheme in ("RS", "PS") for bits in (256, 384, 512)},
}  # fmt: skip
"""Algorithm to key type and curve (RFC 7518 section 3.1, RFC 8037, RFC 8812, RFC 9864)."""


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """``kind`` tells a file with a secret in it from one that serves no purpose; ``reason`` follows the file's name."""

    kind: Literal["private", "unfit"]
    reason: str


def key_problem(text: str, algorithms: Sequence[str]) -> KeyProblem | None:
    """What is wrong with the text of a key file for an issuer of these algorithms; None when nothing is."""
    if "PRIVATE KEY-----" in text:
        return KeyProblem("private", "holds a private key")
    if "-----BEGIN " in text:
        family = _pem_family(text)
        families = [] if family is None else [family]
    else:
        keys = _jwks(text)
        if isinstance(keys, KeyProblem):
            return keys
        families = [family for key in keys if (family := _jwk_family(key)) is not None]
    if not families:
        return KeyProblem("unfit", "holds no public key that can be read")
    if not any(_FAMILIES.get(algorithm) in families for algorithm in algorithms):
        return KeyProblem("unfit", f"holds no key for {' or '.join(algorithms)}")
    return None


def _jwks(text: str) -> list[dict[str, Any]] | KeyProblem:
    try:
        value = json.loads(text, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return KeyProblem("unfit", "is neither JSON nor PEM")
    listed = value.get("keys") if isinstance(value, dict) else None
    keys: list[Any] = listed if isinstance(listed, list) else [value]
    if not all(isinstance(key, dict) and isinstance(key.get("kty"), str) for key in keys):
        return KeyProblem("unfit", "is neither a JWK nor a JWK set")
    for key in keys:
        if key["kty"] == "oct" or _PRIVATE_MEMBERS & key.keys():
            return KeyProblem("private", "holds a symmetric key" if key["kty"] == "oct" else "holds a private key")
    return keys


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):  # RFC 7517 section 4: member names are unique
        raise ValueError("a member is there twice")
    return members


def _jwk_family(key: dict[str, Any]) -> tuple[str, str] | None:
    kind = key["kty"]
    needed = _NEEDED.get(kind)
    if needed is None or not all(isinstance(key.get(member), str) and key[member] for member in needed):
        return None
    return kind, "" if kind == "RSA" else key["crv"]


def _pem_family(text: str) -> tuple[str, str] | None:
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    curves = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}
    match key:
        case rsa.RSAPublicKey():
            return "RSA", ""
        case ec.EllipticCurvePublicKey():
            return "EC", curves.get(key.curve.name, "")
        case ed25519.Ed25519PublicKey():
            return "OKP", "Ed25519"
        case _:
            return None
