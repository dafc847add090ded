"""All that can be said of a token without a key: what the gateway asks before it verifies, and ``explain`` alone.

Law of this file: in this order, each step only if the last one passed: form, issuer, algorithm, registered claims.
Nothing of a token that passes is believed yet: its signature is for others to check.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from policylang.token.choose import choose_issuer
from policylang.token.compact import Compact, read_compact
from policylang.token.errors import TokenRefused
from policylang.token.registered import Validity, check_registered
from policylang.token.shapes import IssuerSpec


class SignedIssuerSpec(IssuerSpec, Protocol):
    """As ``plan.model.Issuer``: an issuer that says what its tokens may be signed with (RFC 8725 section 3.1)."""

    @property
    def algorithms(self) -> tuple[str, ...]: ...


Candidate = TypeVar("Candidate", bound=SignedIssuerSpec)


class Unverified(NamedTuple):
    """A token taken apart, the name of the issuer whose it says it is, and when it holds."""

    compact: Compact
    issuer: str
    validity: Validity


def read_token(token: bytes, candidates: Sequence[Candidate], now: int) -> Unverified:
    """A token that one of ``candidates`` may have signed. ``now`` in microseconds since 1970.

    Raises TokenRefused: a reason of ``compact``, ``choose`` or ``registered``, or ``alg_not_allowed``.
    """
    compact = read_compact(token)
    issuer = choose_issuer(candidates, compact.payload)
    if compact.alg not in issuer.algorithms:
        raise TokenRefused("alg_not_allowed")
    return Unverified(compact, issuer.name, check_registered(issuer, compact.payload, now))
