"""The names of records that concern keys and revocations: made in one place and taken apart in one place.

Law of this file: a name has one spelling. What does not fit exactly is no name.
"""

import re
from hashlib import blake2b
from typing import Literal, NamedTuple

KEYRING = re.compile(r"[a-z][a-z0-9_]{0,127}")
KID = re.compile(r"[0-9a-f]{16}")
ISSUER = KEYRING
JTI_DIGEST_BYTES = 15  # with it a bytes object takes 48 bytes; one more would take 64

_PURPOSE = b"policylang.jti.1"
_KEY = re.compile(rf"({KEYRING.pattern}):({KID.pattern})")
_IDENTITY = re.compile(r"identity:([0-9a-f]{32})")
_ISSUER = re.compile(rf"issuer:({ISSUER.pattern})")
_JTI = re.compile(rf"jti:({ISSUER.pattern}):([0-9a-f]{{{2 * JTI_DIGEST_BYTES}}})")

What = Literal["identity", "issuer", "jti"]


class Subject(NamedTuple):
    """What a revocation takes back: the tokens of an identity (16 bytes), those of an issuer, or the one with a jti.

    ``issuer`` is empty for an identity; ``digest`` is the identity or the digest of the jti, empty for an issuer.
    """

    what: What
    issuer: str
    digest: bytes


def key_name(keyring: str, kid: str) -> str:
    """The name of a key's record.

    >>> key_name("partners", "0123456789abcdef")
    'partners:0123456789abcdef'
    """
    return f"{keyring}:{kid}"


def parse_key_name(name: str) -> tuple[str, str] | None:
    """Keyring and key id, or None where the name is no key's."""
    found = _KEY.fullmatch(name)
    return None if found is None else (found[1], found[2])


def metadata_name(keyring: str, kid: str) -> str:
    """The name of the record of a key's own metadata."""
    return f"key:{keyring}:{kid}"


def revocation_name(subject: Subject) -> str:
    """The name of a revocation's record.

    >>> revocation_name(Subject("issuer", "corp", b""))
    'issuer:corp'
    """
    if subject.what == "identity":
        return f"identity:{subject.digest.hex()}"
    if subject.what == "issuer":
        return f"issuer:{subject.issuer}"
    return f"jti:{subject.issuer}:{subject.digest.hex()}"


def parse_revocation_name(name: str) -> Subject | None:
    """Whom the revocation of this name concerns, or None where it is no such name."""
    if found := _IDENTITY.fullmatch(name):
        return Subject("identity", "", bytes.fromhex(found[1]))
    if found := _ISSUER.fullmatch(name):
        return Subject("issuer", found[1], b"")
    if found := _JTI.fullmatch(name):
        return Subject("jti", found[1], bytes.fromhex(found[2]))
    return None


def jti_digest(issuer: str, jti: str) -> bytes:
    """15 bytes for a token's jti, with its issuer: two issuers may give the same one (RFC 7519 section 4.1.7).

    The text counts character for character, after JSON's escapes: how a token spells it changes nothing.
    """
    digest = blake2b(digest_size=JTI_DIGEST_BYTES)
    for part in (_PURPOSE, issuer.encode(), jti.encode()):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()
