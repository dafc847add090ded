"""Identity tokens: what a service behind the gateway may trust, signed by the gateway for one audience.

A minted token is kept with the principal for most of its life, and used again while what it says is the same.
"""

from typing import Any

import jwt

from gateway.message.principal import Principal
from gateway.rewrite.keys import KeyRing
from policylang.embed import Mint, plan_model

TYPE = "identity+jwt"
"""The ``typ`` of our tokens. Access tokens of this type are refused at the edge, so ours cannot come back in (R41)."""

REUSE_TENTHS = 8
SECOND = 1_000_000


Minted = tuple[str, dict[str, Any], str, int, bytes]
"""A token as a principal keeps it: subject and claims that it says, the key it is signed with, until when (microseconds)
it is handed out, and itself. Plain values: a principal that is not in use is packed away by whoever caches it."""


class Minter:
    """Signs identity tokens with the ring's active key, in the name of ``issuer``."""

    def __init__(self, ring: KeyRing, issuer: str) -> None:
        self._issuer = issuer
        self.ring = ring
        self.signed = 0

    def mint(self, spec: plan_model.Token, says: Mint, principal: Principal, now: int) -> bytes:
        """The compact token, new or from the principal's cache.

        ``exp`` is the earlier of the rule's lifetime and the access token's own ``exp``; the caller has refused access
        tokens past theirs. ``now`` in microseconds; claims in the token in seconds (RFC 7519 section 2).
        """
        active = self.ring.active
        kept: Minted | None = principal.minted.get(says.token)
        if kept is not None:
            subject, claims, key, until, reused = kept
            if now < until and subject == says.subject and claims == says.claims and key == active.kid:
                return reused
        issued = now // SECOND
        expires = min((now + spec.lifetime_micros) // SECOND, principal.expires // SECOND)
        payload = {
            **says.claims,
            "iss": self._issuer,
            "sub": says.subject,
            "aud": spec.audience,
            "iat": issued,
            "exp": expires,
        }
        headers = {"kid": active.kid, "typ": TYPE}
        token = jwt.encode(payload, active.private, algorithm=active.algorithm, headers=headers).encode("ascii")
        self.signed += 1
        until = issued * SECOND + (expires - issued) * SECOND * REUSE_TENTHS // 10
        principal.minted[says.token] = (says.subject, says.claims, active.kid, until, token)
        return token
