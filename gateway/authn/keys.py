"""Keys and key sets as verification needs them: a key knows the algorithms that it may verify.

Law of this file: the algorithm belongs to the key (RFC 8725 section 3.1). A set is replaced as a whole, never merged.
"""

from dataclasses import dataclass, field
from hashlib import blake2b

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey | Ed448PublicKey
Material = PublicKey | bytes

MAX_CANDIDATES = 4
"""Signature checks that one token can cost."""

RSA_BITS = range(2048, 8192 + 1)
"""RFC 7518 section 3.3 sets the least; above the most, one check costs what a hundred should."""

_RSA_EXPONENTS = range(2**16 + 1, 2**32)  # FIPS 186-5 section A.1.1 sets the least
_RSA_ALGORITHMS = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"))
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512", "secp256k1": "ES256K"}
_HMAC_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}  # RFC 7518 section 3.2: as long as the hash


class KeyRefused(Exception):
    """A key, or the whole text it stands in, that is not used. ``reason`` is a stable word, without key data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Key:
    """``thumbprint`` tells two keys apart by everything that matters here: id, algorithms and material."""

    kid: str | None
    algorithms: frozenset[str]
    material: Material = field(repr=False)
    thumbprint: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeySet:
    """``skipped`` counts the keys that were refused. Equal ``digest``: the same keys, in whatever order."""

    keys: tuple[Key, ...]
    skipped: int
    digest: bytes
    by_kid: dict[str, tuple[Key, ...]] = field(repr=False)
    thumbprints: frozenset[bytes] = field(repr=False)

    def candidates(self, kid: str | None, alg: str) -> tuple[Key, ...]:
        """At most MAX_CANDIDATES keys that may have signed: those of the id, else those without id.

        A token without ``kid`` may be of any key.
        """
        named = self.keys
        if kid is not None:
            named = self.by_kid.get(kid) or tuple(key for key in self.keys if key.kid is None)
        return tuple(key for key in named if alg in key.algorithms)[:MAX_CANDIDATES]


def make_key(kid: str | None, material: Material, only: str | None = None) -> Key:
    """A key for all the algorithms of its kind, or for ``only`` one of them; KeyRefused where none is left."""
    algorithms = _algorithms_of(material)
    if only is not None:
        algorithms &= {only}
    if not algorithms:
        raise KeyRefused("alg_not_of_key")
    name = b"\0" if kid is None else b"\1" + kid.encode()
    thumbprint = _digest(name, " ".join(sorted(algorithms)).encode(), _encoded(material))
    return Key(kid, algorithms, material, thumbprint)


def make_key_set(keys: list[Key], skipped: int) -> KeySet:
    """A set of the given keys. Keys that share an id are all kept, in order."""
    by_kid: dict[str, tuple[Key, ...]] = {}
    for key in keys:
        if key.kid is not None:
            by_kid[key.kid] = (*by_kid.get(key.kid, ()), key)
    thumbprints = frozenset(key.thumbprint for key in keys)
    return KeySet(tuple(keys), skipped, _digest(*sorted(thumbprints)), by_kid, thumbprints)


def _algorithms_of(material: Material) -> frozenset[str]:
    if isinstance(material, bytes):
        fitting = frozenset(alg for alg, least in _HMAC_BYTES.items() if len(material) >= least)
        if not fitting:
            raise KeyRefused("secret_too_short")
        return fitting
    if isinstance(material, RSAPublicKey):
        if material.key_size not in RSA_BITS:
            raise KeyRefused("rsa_size")
        exponent = material.public_numbers().e
        if exponent not in _RSA_EXPONENTS or exponent % 2 == 0:
            raise KeyRefused("rsa_exponent")
        return _RSA_ALGORITHMS
    if isinstance(material, EllipticCurvePublicKey):
        if material.curve.name not in _CURVES:
            raise KeyRefused("curve")
        return frozenset((_CURVES[material.curve.name],))
    return frozenset(("EdDSA", "Ed25519" if isinstance(material, Ed25519PublicKey) else "Ed448"))


def _encoded(material: Material) -> bytes:
    if isinstance(material, bytes):
        return material
    return material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _digest(*parts: bytes) -> bytes:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()
