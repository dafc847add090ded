"""Issuers, keys and signed tokens for tests. Keys are made once a run: an RSA key takes a tenth of a second."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from gateway.authn.verify import ALGORITHMS
from policylang.plan.model import Claim, Credential, Issuer, Keys

SECOND = 1_000_000
NOW = 1_769_947_200 * SECOND
"""2026-02-01T12:00:00Z"""

ISS = "https://auth.example.com"
AUDIENCE = "https://api.example.com"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey


def claim(name: str, term: tuple[Any, ...], **changes: Any) -> Claim:
    """A required claim of the token's member of the same name, but for ``changes``."""
    plain = Claim(name, term, (name,), optional=False, default=None, always=None, split=None, null_as_absent=False)
    return replace(plain, **changes)


CLAIMS = (
    claim("scope", ("set", ("text", 1, 4096)), split=" ", default=((),)),
    claim("sub", ("text", 1, 128)),
    claim("tenant", ("slug",), optional=True),
)

CORP = Issuer(
    name="corp",
    iss=ISS,
    keys=Keys("url", "https://auth.example.com/jwks.json"),
    algorithms=("ES256", "RS256"),
    audience=(AUDIENCE,),
    leeway_micros=30 * SECOND,
    lifetime_micros=None,
    marked=None,
    identity="sub",
    credential=Credential("authorization", ""),
    claims=CLAIMS,
    at=0,
)


def issuer(**changes: Any) -> Issuer:
    """CORP, but for ``changes``."""
    return replace(CORP, **changes)


def payload(**changes: Any) -> dict[str, Any]:
    """What CORP would say of user u1 for the next five minutes. A member changed to ``...`` is left out."""
    now = NOW // SECOND
    members = {"iss": ISS, "aud": AUDIENCE, "sub": "u1", "iat": now - 10, "exp": now + 300, "scope": "a b"} | changes
    return {name: value for name, value in members.items() if value is not ...}


def rsa_key(number: int = 0, bits: int = 2048, exponent: int = 65537) -> rsa.RSAPrivateKey:
    """The RSA key of this number."""
    return _rsa_key(number, bits, exponent)


def ec_key(number: int = 0, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """The key of this number on a curve."""
    return _ec_key(number, curve)


def ed_key(number: int = 0) -> ed25519.Ed25519PrivateKey:
    """The Ed25519 key of this number."""
    return _ed_key(number)


@cache
def _rsa_key(_number: int, bits: int, exponent: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(exponent, bits)


@cache
def _ec_key(_number: int, curve: type[ec.EllipticCurve]) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


@cache
def _ed_key(_number: int) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def jwk(key: PrivateKey, **members: Any) -> dict[str, Any]:
    """The public JWK of a private key, with more members."""
    public = key.public_key()
    algorithm: Any = RSAAlgorithm if isinstance(public, rsa.RSAPublicKey) else OKPAlgorithm
    if isinstance(public, ec.EllipticCurvePublicKey):
        algorithm = ECAlgorithm
    made: dict[str, Any] = algorithm.to_jwk(public, as_dict=True)
    made.pop("key_ops", None)
    return made | members


def b64(data: bytes) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sign(
    members: Mapping[str, Any] | bytes,
    key: PrivateKey | bytes,
    alg: str = "ES256",
    header: Mapping[str, Any] | bytes | None = None,
    **more: Any,
) -> bytes:
    """A compact token. ``members`` and ``header`` as bytes stand as they are; ``more`` are further header members."""
    head = header if header is not None else {"alg": alg, "typ": "at+jwt"} | more
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (head, members)]
    signing_input = b".".join(b64(part) for part in parts)
    return signing_input + b"." + b64(ALGORITHMS[alg].sign(signing_input, key))


def bearer(token: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """A request's headers with this token in Authorization."""
    return ((b"Host", b"api.example.com"), (b"Authorization", b"Bearer " + token), (b"Accept", b"*/*"))
