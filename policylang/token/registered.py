"""The registered claims of a token (RFC 7519 section 4.1), checked against what the rules say of its issuer.

Reasons: ``iss_mismatch``, ``cnf``, ``aud_invalid``, ``aud_mismatch``, ``sub_invalid``, ``exp_missing``,
``exp_invalid``, ``nbf_invalid``, ``iat_missing``, ``iat_invalid``, ``lifetime``, ``expired``, ``not_yet_valid``,
``issued_in_future``.
"""

from collections.abc import Mapping
from typing import NamedTuple

from policylang.token.errors import TokenRefused
from policylang.token.scalars import LAST_SECOND
from policylang.token.shapes import IssuerSpec

SECOND = 1_000_000


class Validity(NamedTuple):
    """Microseconds since 1970: the token holds while ``valid_from <= now < valid_until``, leeway included.

    ``expires`` is exp itself, without leeway: what is minted from the token must not outlive it.
    """

    valid_from: int
    valid_until: int
    expires: int


def check_registered(issuer: IssuerSpec, payload: Mapping[str, object], now: int) -> Validity:
    """When the token is valid, or TokenRefused. Instants are integers of seconds: a float or a text is refused."""
    if payload.get("iss") != issuer.iss:
        raise TokenRefused("iss_mismatch")  # equality of texts: RFC 8725 section 3.8
    if "cnf" in payload:
        raise TokenRefused("cnf")  # RFC 7800: bound to a key whose proof is not read here
    if not isinstance(payload.get("sub", ""), str):
        raise TokenRefused("sub_invalid")
    _check_audience(issuer.audience, payload.get("aud"))
    expires = _instant(payload, "exp")
    if expires is None:
        raise TokenRefused("exp_missing")
    begins, issued = _instant(payload, "nbf"), _instant(payload, "iat")
    if issuer.lifetime_micros is not None:
        if issued is None:
            raise TokenRefused("iat_missing")
        if expires - issued > issuer.lifetime_micros:
            raise TokenRefused("lifetime")
    leeway = issuer.leeway_micros
    if now >= expires + leeway:
        raise TokenRefused("expired")
    if begins is not None and now < begins - leeway:
        raise TokenRefused("not_yet_valid")
    if issued is not None and now < issued - leeway:
        raise TokenRefused("issued_in_future")
    return Validity(max(begins or 0, issued or 0) - leeway, expires + leeway, expires)


def _check_audience(wanted: tuple[str, ...], aud: object) -> None:
    """RFC 7519 section 4.1.3: one text or an array of texts, of which one names us."""
    named = [aud] if isinstance(aud, str) else aud
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise TokenRefused("aud_invalid")
    if not any(one in wanted for one in named):
        raise TokenRefused("aud_mismatch")


def _instant(payload: Mapping[str, object], member: str) -> int | None:
    """Microseconds of a NumericDate between 1970 and 9999, or None where there is no such member."""
    if member not in payload:
        return None
    value = payload[member]
    if type(value) is not int or not 0 <= value <= LAST_SECOND:
        raise TokenRefused(f"{member}_invalid")
    return value * SECOND
