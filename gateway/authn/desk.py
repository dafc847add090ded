"""What every admission of a token works with."""

from dataclasses import dataclass, field

from gateway.authn.challenge import Challenge
from gateway.authn.epoch import Epoch
from gateway.authn.ring_verifiers import RingVerifiers
from gateway.authn.token_cache import TokenCache
from gateway.keys.port import AccessKeys, NoAccessKeys, NoRevocations, Revocations
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal

Answer = Principal | Refusal


@dataclass(slots=True)
class AuthnCounters:
    """Totals since the start, for the metrics. ``rechecked``: known tokens whose key was looked up again."""

    known: int = 0
    rechecked: int = 0
    verified: int = 0
    refused: int = 0
    parked: int = 0
    keys_fault: int = 0
    revoked: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """``verifiers`` are access keys as signatures are checked with them."""

    cache: TokenCache
    epoch: Epoch
    identity_key: bytes
    challenge: Challenge
    counters: AuthnCounters
    keys: AccessKeys = field(default_factory=NoAccessKeys)
    revocations: Revocations = field(default_factory=NoRevocations)
    verifiers: RingVerifiers = field(default_factory=RingVerifiers)

    def refuse(self, reason: str) -> Refusal:
        """401 for a token that was sent."""
        self.counters.refused += 1
        return Refusal("credential_refused", reason, headers=self.challenge.invalid())

    def fault(self, reason: str) -> Refusal:
        """503: there are no keys to check the token with, or no telling whether it was taken back."""
        self.counters.keys_fault += 1
        return Refusal("keys_fault", reason)
