"""Secrets of access keys: derived from the operator's key and a salt, never stored; compared in constant time.

Law of this file: a purpose, a keyring, a key id and a salt give one secret, and no secret serves two purposes. The store
holds salts and digests: alone it gives no credential away, and the operator's key alone gives none either.
"""

import base64
import hmac
import re
from collections.abc import Callable
from hashlib import blake2b, sha256
from typing import Literal

from gateway.keys.names import KID
from policylang.embed import TokenRefused, decode_base64url

HmacAlgorithm = Literal["HS256", "HS384", "HS512"]
HMAC_BYTES: dict[HmacAlgorithm, int] = {"HS256": 32, "HS384": 48, "HS512": 64}
"""RFC 7518 section 3.2: a key as long as the hash."""

SALT_BYTES = 16
KID_BYTES = 8
SECRET_BYTES = 32
DIGEST_BYTES = 32

Random = Callable[[int], bytes]

_MASTER = b"policylang.keys.master.1"
_OPAQUE = "opaque"
_DIGEST = b"policylang.keys.opaque.digest.1"
_OPAQUE_FORM = re.compile(rb"(" + KID.pattern.encode() + rb")\.([A-Za-z0-9_-]{43})")


def master_of(identity_key: bytes) -> bytes:
    """The key that secrets are derived with, from the operator's identity key (1 to 64 bytes) by its own purpose."""
    return blake2b(_MASTER, digest_size=32, key=identity_key).digest()


def opaque_secret(master: bytes, keyring: str, kid: str, salt: bytes) -> bytes:
    """The 32 bytes of an opaque key's secret."""
    return _derived(master, _OPAQUE, keyring, kid, salt, SECRET_BYTES)


def hmac_secret(master: bytes, alg: HmacAlgorithm, keyring: str, kid: str, salt: bytes) -> bytes:
    """The secret that JWTs which name the key are signed with, as long as ``alg`` asks for."""
    return _derived(master, alg, keyring, kid, salt, HMAC_BYTES[alg])


def secret_digest(keyring: str, kid: str, secret: bytes) -> bytes:
    """32 bytes that tell the right opaque secret of this key, and of no other key, from any other."""
    return blake2b(_joined(_DIGEST, keyring.encode(), kid.encode(), secret), digest_size=DIGEST_BYTES).digest()


def secret_holds(keyring: str, kid: str, secret: bytes, digest: bytes | None) -> bool:
    """Does this secret have that digest? The same work whether it does, does not, or there is none (None)."""
    wanted = bytes(DIGEST_BYTES) if digest is None or len(digest) != DIGEST_BYTES else digest
    same = hmac.compare_digest(secret_digest(keyring, kid, secret), wanted)
    return same and wanted is digest


def opaque_credential(kid: str, secret: bytes) -> str:
    """What the holder of an opaque key presents: the key's id, a dot, the secret in base64url."""
    return f"{kid}.{base64url(secret)}"


def parse_opaque(credential: bytes) -> tuple[str, bytes] | None:
    """The key id and the secret of an opaque credential in its one spelling; None for anything else."""
    found = _OPAQUE_FORM.fullmatch(credential)
    if found is None:
        return None
    try:
        return found[1].decode(), decode_base64url(found[2])
    except TokenRefused:
        return None  # bits after the last byte that are not zero: another spelling of the same secret


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2).

    >>> base64url(b"\\x01")
    'AQ'
    """
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _derived(master: bytes, purpose: str, keyring: str, kid: str, salt: bytes, size: int) -> bytes:
    """HMAC-SHA256 over all that the secret is for; longer ones go on with the number of the block."""
    told = _joined(purpose.encode(), keyring.encode(), kid.encode(), salt)
    made = hmac.digest(master, told, sha256)
    block = 1
    while len(made) < size:
        block += 1
        made += hmac.digest(master, told + bytes((block,)), sha256)
    return made[:size]


def _joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
