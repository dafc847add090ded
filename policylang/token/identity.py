"""The virtual identity: one caller, whichever of its tokens it shows."""

from hashlib import blake2b
from typing import Any

from policylang.token.shapes import IssuerSpec

_PURPOSE = b"policylang.identity.1"


def virtual_identity(issuer: IssuerSpec, claims: tuple[Any, ...], identity_key: bytes) -> bytes:
    """16 bytes: a keyed digest of issuer, claim and value. ``claims`` are aligned with ``issuer.claims``.

    Every part goes in with its length before it, so that no two callers can share a digest by moving a boundary.
    ``identity_key`` has 1 to 64 bytes and is the deployment's own: identities cannot be computed without it.
    """
    index = next(i for i, claim in enumerate(issuer.claims) if claim.name == issuer.identity)
    digest = blake2b(digest_size=16, key=identity_key)
    for part in (
        _PURPOSE,
        issuer.name.encode(),
        issuer.iss.encode(),
        issuer.identity.encode(),
        _tagged(claims[index]),
    ):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()


def _tagged(value: str | int | bool) -> bytes:
    """The kind's letter and the value, so that the text "1", the integer 1 and true are three identities."""
    if isinstance(value, bool):
        return b"b1" if value else b"b0"
    if isinstance(value, int):
        return b"n%d" % value
    return b"t" + value.encode()
