"""A compact token (RFC 7515 section 7.1), taken apart without trust: nothing here is verified.

Law of this file: what a header says is read, and never obeyed: no key, no address of a key and no extension of a
token is used. RFC 8725 lets ``jku``, ``x5u`` and ``jwk`` be ignored; they are refused, because a token that carries one
was made for a verifier that obeys it. ``x5c`` and the ``x5t`` digests only describe a key and are ignored.

Reasons: ``too_large``, ``encrypted``, ``not_compact``, ``not_base64url``, ``header_…`` and ``payload_…`` (a reason of
``ijson``, or ``not_object``), ``alg_missing``, ``alg_none``, ``crit``, ``b64``, ``jku``, ``x5u``, ``jwk``, ``zip``,
``nested``, ``kid_invalid``, ``typ_not_allowed``, ``signature_missing``.
"""

import base64
import binascii
from dataclasses import dataclass, field

from policylang.token.errors import JsonRefused, TokenRefused
from policylang.token.ijson import read_ijson

MAX_TOKEN_BYTES = 16 * 1024
MAX_KID = 256

# ``enc`` marks an encrypted token, ``cty`` a token within the token (RFC 7519 section 5.2): neither is unwrapped.
_REFUSED = (
    ("crit", "crit"),
    ("b64", "b64"),
    ("jku", "jku"),
    ("x5u", "x5u"),
    ("jwk", "jwk"),
    ("zip", "zip"),
    ("enc", "encrypted"),
    ("cty", "nested"),
)
# RFC 9068 section 4 has at+jwt, RFC 7519 section 5.1 has JWT. Identity tokens of a gateway have a typ of their own.
_TYPES = frozenset(("jwt", "at+jwt"))


@dataclass(frozen=True, slots=True)
class Compact:
    """``typ`` is lower-case and without ``application/``. ``signing_input`` is what the signature covers."""

    header: dict[str, object] = field(repr=False)
    payload: dict[str, object] = field(repr=False)
    alg: str
    kid: str | None
    typ: str | None
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_compact(token: bytes, max_bytes: int = MAX_TOKEN_BYTES) -> Compact:
    """The parts of a signed token in compact form, or TokenRefused."""
    if len(token) > max_bytes:
        raise TokenRefused("too_large")
    parts = token.split(b".", 5)
    if len(parts) == 5:
        raise TokenRefused("encrypted")  # RFC 7516 section 3.1: five parts
    if len(parts) != 3:
        raise TokenRefused("not_compact")
    header = _object(parts[0], "header", max_bytes)
    alg, kid, typ = _read_header(header)
    payload = _object(parts[1], "payload", max_bytes)
    signature = decode_base64url(parts[2])
    if not signature:
        raise TokenRefused("signature_missing")
    return Compact(header, payload, alg, kid, typ, token[: len(parts[0]) + 1 + len(parts[1])], signature)


def decode_base64url(part: bytes) -> bytes:
    """Base64url without padding (RFC 7515 section 2), in its one canonical spelling; TokenRefused otherwise.

    >>> decode_base64url(b"AQ")
    b'\\x01'
    """
    try:
        data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise TokenRefused("not_base64url") from None
    # The decoder skips foreign characters and takes non-zero trailing bits: encoding again shows both.
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise TokenRefused("not_base64url")
    return data


def _object(part: bytes, which: str, max_bytes: int) -> dict[str, object]:
    try:
        value = read_ijson(decode_base64url(part), max_bytes)
    except JsonRefused as refused:
        raise TokenRefused(f"{which}_{refused.reason}") from None
    if not isinstance(value, dict):
        raise TokenRefused(f"{which}_not_object")
    return value


def _read_header(header: dict[str, object]) -> tuple[str, str | None, str | None]:
    for member, reason in _REFUSED:
        if member in header:
            raise TokenRefused(reason)
    alg = header.get("alg")
    if not isinstance(alg, str) or not alg:
        raise TokenRefused("alg_missing")
    if alg.lower() == "none":
        raise TokenRefused("alg_none")
    kid = header.get("kid")
    if "kid" in header and not (isinstance(kid, str) and 0 < len(kid) <= MAX_KID and kid.isprintable()):
        raise TokenRefused("kid_invalid")
    return alg, kid if isinstance(kid, str) else None, _media_type(header)


def _media_type(header: dict[str, object]) -> str | None:
    """``typ`` as RFC 7515 section 4.1.9 compares it: without case, ``application/`` left out."""
    if "typ" not in header:
        return None
    typ = header["typ"]
    short = typ.lower().removeprefix("application/") if isinstance(typ, str) else ""
    if short not in _TYPES:
        raise TokenRefused("typ_not_allowed")
    return short
