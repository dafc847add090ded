"""A token that cannot be answered from the cache alone: looked at again, or read, verified and decoded.

Law of this file: in this order, each step only if the last one passed: form, issuer, algorithm, registered claims, key,
signature, claims. So no fetch is made for a token that would be refused anyway, and no claim is believed before
the signature. A request waits for keys once.
"""

from collections.abc import Awaitable
from dataclasses import dataclass, replace

from gateway.authn.challenge import Challenge
from gateway.authn.epoch import Epoch
from gateway.authn.key_holder import KeyHolder
from gateway.authn.token_cache import Entry, TokenCache
from gateway.authn.trust import Trust, TrustedIssuer, TrustedSource
from gateway.authn.verify import signature_holds
from gateway.message.parked import Parked
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.embed import (
    Compact,
    TokenRefused,
    Validity,
    read_token,
    virtual_identity,
)

Answer = Principal | Refusal

SWEPT_PER_TOKEN = 2


@dataclass(slots=True)
class AuthnCounters:
    """Totals since the start, for the metrics. ``rechecked``: known tokens whose key was looked up again."""

    known: int = 0
    rechecked: int = 0
    verified: int = 0
    refused: int = 0
    parked: int = 0
    keys_fault: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What every admission works with."""

    cache: TokenCache
    epoch: Epoch
    identity_key: bytes
    challenge: Challenge
    counters: AuthnCounters

    def refuse(self, reason: str) -> Refusal:
        """401 for a token that was sent."""
        self.counters.refused += 1
        return Refusal("credential_refused", reason, headers=self.challenge.invalid())

    def fault(self, reason: str) -> Refusal:
        """503: there are no keys to check the token with."""
        self.counters.keys_fault += 1
        return Refusal("keys_fault", reason)


@dataclass(frozen=True, slots=True)
class Admission:
    """One token of one request. ``digest`` is its key in the cache; ``waits_left`` how often it may still wait for keys."""

    desk: Desk
    trust: Trust
    source: TrustedSource
    token: bytes
    digest: bytes
    now: int
    waits_left: int = 1

    def admit(self) -> Answer | Parked[Answer]:
        """The principal, a refusal, or parked until keys are here."""
        entry = self.desk.cache.entries.get(self.digest)
        if entry is not None and self._still_good(entry):
            return entry
        try:
            compact, trusted, validity = self._read()
            return self._verify(compact, trusted, validity)
        except TokenRefused as refused:
            self.desk.cache.forget(self.digest)
            return self.desk.refuse(str(refused))

    def _read(self) -> tuple[Compact, TrustedIssuer, Validity]:
        """All that can be said of a token without a key; none of it is believed yet."""
        compact, issuer, validity = read_token(self.token, self.source.candidates, self.now)
        return compact, self.source.issuers[issuer], validity

    def _still_good(self, entry: Entry) -> bool:
        """Look again at what an epoch or a deadline put in doubt: is the key that verified it still in the set?"""
        if entry.plan != self.trust.plan or not entry.valid_from <= self.now < entry.valid_until:
            return False
        holder = next(one.holder for one in self.source.issuers.values() if one.index == entry.issuer)
        keys = holder.usable(self.now)
        if keys is None or entry.thumbprint not in keys.thumbprints:
            return False
        entry.epoch = self.desk.epoch.value
        entry.check_until = min(entry.valid_until, holder.state.usable_until)
        entry.used = True
        self.desk.counters.rechecked += 1
        return True

    def _verify(self, compact: Compact, trusted: TrustedIssuer, validity: Validity) -> Answer | Parked[Answer]:
        keys = trusted.holder.usable(self.now)
        if keys is None:
            return self._wait(trusted.holder.wait(self.now)) or self.desk.fault(trusted.holder.reason or "no_keys")
        thumbprint = self._known_thumbprint()
        if thumbprint is not None and thumbprint in keys.thumbprints:
            entry = self._decode(compact, trusted, validity, thumbprint)
            self.desk.cache.keep(self.digest, entry, self.now)
            return entry
        candidates = keys.candidates(compact.kid, compact.alg)
        for key in candidates:
            if signature_holds(compact.alg, key, compact.signing_input, compact.signature):
                return self._verified(compact, trusted, validity, key.thumbprint)
        if compact.kid is not None and compact.kid in keys.by_kid:
            raise TokenRefused("signature" if candidates else "alg_not_of_key")
        return self._unknown_kid(trusted.holder, "signature" if candidates else "no_such_key")

    def _verified(self, compact: Compact, trusted: TrustedIssuer, validity: Validity, thumbprint: bytes) -> Entry:
        entry = self._decode(compact, trusted, validity, thumbprint)
        self.desk.counters.verified += 1
        self.desk.cache.forget(self.digest)
        self.desk.cache.note(self.digest, (thumbprint, validity.valid_until))
        self.desk.cache.sweep(self.now, SWEPT_PER_TOKEN)
        return entry

    def _unknown_kid(self, holder: KeyHolder, reason: str) -> Answer | Parked[Answer]:
        """The issuer may have changed its keys; where it cannot be asked, whose fault it is cannot be told."""
        if self.waits_left:
            parked = self._wait(holder.wait_for_unknown(self.now))
            if parked is not None:
                return parked
        if holder.state.failures:
            return self.desk.fault(holder.reason)
        raise TokenRefused(reason)

    def _wait(self, ready: Awaitable[None] | None) -> Parked[Answer] | None:
        if ready is None or not self.waits_left:
            return None
        self.desk.counters.parked += 1
        return Parked(ready, replace(self, waits_left=self.waits_left - 1).admit)

    def _known_thumbprint(self) -> bytes | None:
        """The key whose signature held when this very token was here before."""
        entry = self.desk.cache.entries.get(self.digest)
        if entry is not None:
            return entry.thumbprint
        fact = self.desk.cache.facts.get(self.digest)
        return None if fact is None else fact[0]

    def _decode(self, compact: Compact, trusted: TrustedIssuer, validity: Validity, thumbprint: bytes) -> Entry:
        claims = trusted.decode(compact.payload)
        return Entry(
            trusted.index,
            claims,
            virtual_identity(trusted.issuer, claims, self.desk.identity_key),
            validity.expires,
            self.trust.plan,
            valid_from=validity.valid_from,
            valid_until=validity.valid_until,
            check_until=min(validity.valid_until, trusted.holder.state.usable_until),
            epoch=self.desk.epoch.value,
            thumbprint=thumbprint,
            used=True,
        )
