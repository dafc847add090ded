"""The gateway's own signing keys: several, one active, so that they can rotate without a refused token.

A key is a PEM file with an EC P-256, Ed25519 or RSA (2048 bits or more) private key; its kid is its RFC 7638
thumbprint.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

MIN_RSA_BITS = 2048


class KeyRefused(ValueError):
    """A signing key that cannot be used; the message says why and holds no key material."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``algorithm`` is ES256, EdDSA or RS256; ``public`` the public JWK with kid, alg and use."""

    kid: str
    algorithm: str
    private: PrivateKey
    public: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``active`` signs; all of ``keys`` are published, so that tokens signed before a rotation still verify."""

    active: SigningKey
    keys: tuple[SigningKey, ...]

    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517 section 5)."""
        return {"keys": [key.public for key in self.keys]}


def signing_key(pem: bytes) -> SigningKey:
    """Read one PEM private key. Raises KeyRefused for anything else, an encrypted key or a weak one included."""
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused("not an unencrypted PEM private key") from error
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return _with_public("ES256", private, json.loads(ECAlgorithm.to_jwk(private.public_key())))
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return _with_public("EdDSA", private, json.loads(OKPAlgorithm.to_jwk(private.public_key())))
    if isinstance(private, rsa.RSAPrivateKey):
        if private.key_size < MIN_RSA_BITS:
            raise KeyRefused(f"the RSA key has {private.key_size} bits; {MIN_RSA_BITS} are needed")
        return _with_public("RS256", private, json.loads(RSAAlgorithm.to_jwk(private.public_key())))
    raise KeyRefused("the key is none of EC P-256 (ES256), Ed25519 (EdDSA) and RSA (RS256)")


def key_ring(pems: Sequence[bytes], active: str | None = None) -> KeyRing:
    """A ring of keys. ``active`` is a kid; None: the first key signs. Raises KeyRefused."""
    keys = tuple(signing_key(pem) for pem in pems)
    if not keys:
        raise KeyRefused("no signing key is given")
    if len({key.kid for key in keys}) != len(keys):
        raise KeyRefused("the same signing key is given twice")
    if active is None:
        return KeyRing(keys[0], keys)
    chosen = next((key for key in keys if key.kid == active), None)
    if chosen is None:
        raise KeyRefused(f"no signing key has the kid {active}; there are {', '.join(k.kid for k in keys)}")
    return KeyRing(chosen, keys)


def development_ring() -> KeyRing:
    """A fresh ES256 key that dies with the process. For development: tokens do not survive a restart."""
    private = ec.generate_private_key(ec.SECP256R1())
    key = _with_public("ES256", private, json.loads(ECAlgorithm.to_jwk(private.public_key())))
    return KeyRing(key, (key,))


def _with_public(algorithm: str, private: PrivateKey, jwk: dict[str, Any]) -> SigningKey:
    members: dict[str, Any] = {name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk}
    kid = _thumbprint(members)
    return SigningKey(kid, algorithm, private, {**members, "kid": kid, "alg": algorithm, "use": "sig"})


def _thumbprint(members: dict[str, Any]) -> str:
    """RFC 7638: SHA-256 over the required members, sorted, without blanks; base64url without padding."""
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
