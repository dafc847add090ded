"""A JSON Web Key (RFC 7517, 7518, 8037) becomes a key, or is refused. Private and symmetric keys never come from a URL."""

from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from gateway.authn.keys import Key, KeyRefused, PublicKey, make_key
from policylang.embed import TokenRefused, decode_base64url

MAX_KID = 256

_PRIVATE = frozenset(("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"))
_CURVES: dict[str, tuple[ec.EllipticCurve, int]] = {
    "P-256": (ec.SECP256R1(), 32),
    "P-384": (ec.SECP384R1(), 48),
    "P-521": (ec.SECP521R1(), 66),
    "secp256k1": (ec.SECP256K1(), 32),
}
_MAX_MODULUS_BYTES = 1024 + 1


def public_key(jwk: object) -> Key:
    """The key of one member of ``keys``: for signatures, public, with parameters that make sense; or KeyRefused."""
    members, kid, alg = _common(jwk)
    if not _PRIVATE.isdisjoint(members):
        raise KeyRefused("private_key")  # what was published is known to others
    reader = _READERS.get(_text(members, "kty"))
    if reader is None:
        raise KeyRefused("kty")
    try:
        material = reader(members)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused("parameters") from None
    return make_key(kid, material, alg)


def secret_key(jwk: object) -> Key:
    """The symmetric key of a JWK that stands in a secret (RFC 7518 section 6.4); or KeyRefused."""
    members, kid, alg = _common(jwk)
    if _text(members, "kty") != "oct":
        raise KeyRefused("kty")
    return make_key(kid, _octets(members, "k"), alg)


def jwk_problem(jwk: object) -> str:
    """Why ``public_key`` refuses this JWK: a stable word, or "" for one that it takes."""
    try:
        public_key(jwk)
    except KeyRefused as refused:
        return refused.reason
    return ""


def _common(jwk: object) -> tuple[Mapping[str, object], str | None, str | None]:
    """The members, the key id and the one algorithm; RFC 7517 sections 4.2 to 4.5."""
    if not isinstance(jwk, Mapping):
        raise KeyRefused("not_object")
    if jwk.get("use", "sig") != "sig":
        raise KeyRefused("use")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise KeyRefused("key_ops")
    kid = _text(jwk, "kid") if "kid" in jwk else None
    if kid is not None and not 0 < len(kid) <= MAX_KID:
        raise KeyRefused("kid")
    return jwk, kid, _text(jwk, "alg") if "alg" in jwk else None


def _rsa(members: Mapping[str, object]) -> PublicKey:
    # Some libraries put a zero octet before the modulus (RFC 7518 section 6.3.1.1 warns of it): harmless
    modulus, exponent = _octets(members, "n"), _octets(members, "e")
    if len(modulus) > _MAX_MODULUS_BYTES or len(exponent) > 8:
        raise KeyRefused("rsa_size")
    return rsa.RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big")).public_key()


def _ec(members: Mapping[str, object]) -> PublicKey:
    curve, size = _CURVES.get(_text(members, "crv"), (None, 0))
    if curve is None:
        raise KeyRefused("curve")
    x, y = _octets(members, "x"), _octets(members, "y")
    if len(x) != size or len(y) != size:
        raise KeyRefused("parameters")  # RFC 7518 section 6.2.1.2: full length, zeros included
    return ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), curve).public_key()


def _okp(members: Mapping[str, object]) -> PublicKey:
    curve, x = _text(members, "crv"), _octets(members, "x")
    if curve == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(x)
    if curve == "Ed448":
        return ed448.Ed448PublicKey.from_public_bytes(x)
    raise KeyRefused("curve")


_READERS = {"RSA": _rsa, "EC": _ec, "OKP": _okp}


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise KeyRefused(name)
    return value


def _octets(members: Mapping[str, object], name: str) -> bytes:
    try:
        return decode_base64url(_text(members, name).encode())
    except TokenRefused:
        raise KeyRefused("parameters") from None
