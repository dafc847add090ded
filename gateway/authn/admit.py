"""A token that cannot be answered from the cache alone: looked at again, or read, verified and decoded.

Law of this file: in this order, each step only if the last one passed: form, issuer, algorithm, registered claims, key,
signature, claims, revocation. So no fetch is made for a token that would be refused anyway, and no claim is believed before
the signature. A request waits for a key set once, and for an access key once.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace

from gateway.authn.desk import Answer, Desk
from gateway.authn.key_holder import KeyHolder
from gateway.authn.key_set import FOREVER
from gateway.authn.keys import KeyRefused
from gateway.authn.packing import Entry, fact_of
from gateway.authn.ring_verifiers import mark_of
from gateway.authn.trust import Trust, TrustedIssuer, TrustedSource
from gateway.authn.verify import signature_holds
from gateway.keys.names import KID, jti_digest
from gateway.keys.port import AccessKey
from gateway.keys.secrets import parse_opaque, secret_holds
from gateway.message.parked import Parked, then
from gateway.message.ports import Outage
from policylang.embed import (
    Compact,
    TokenRefused,
    Validity,
    read_token,
    virtual_identity,
)

SWEPT_PER_TOKEN = 2
SECOND = 1_000_000

BELIEVED = SECOND // 2
"""How long an access key stands unasked: a feed that fell silent tells nobody, so it is looked at this often."""

_Found = AccessKey | None | Outage


@dataclass(frozen=True, slots=True)
class Admission:
    """One token of one request. ``digest`` is its key in the cache; ``waits_left`` how often it may still wait for a key set;
    ``told`` what the store said of access keys while it waited, having been asked in the epoch ``told_in``.
    """

    desk: Desk
    trust: Trust
    source: TrustedSource
    token: bytes
    digest: bytes
    now: int
    waits_left: int = 1
    told: Mapping[tuple[str, str], _Found] = field(default_factory=dict)
    told_in: int | None = None

    def admit(self) -> Answer | Parked[Answer]:
        """The principal, a refusal, or parked until keys are here."""
        entry = self.desk.cache.awake(self.digest, self.now)
        if entry is not None and self._still_good(entry):
            return entry
        try:
            if self.source.opaque and self.token.count(b".") == 1:
                return self._admit_opaque()
            compact, trusted, validity = self._read()
            if trusted.holder is None:
                return self._verify_by_key(compact, trusted, validity)
            return self._verify(compact, trusted, trusted.holder, validity)
        except TokenRefused as refused:
            self.desk.cache.forget(self.digest)
            return self.desk.refuse(str(refused))

    def _read(self) -> tuple[Compact, TrustedIssuer, Validity]:
        """All that can be said of a token without a key; none of it is believed yet."""
        compact, issuer, validity = read_token(self.token, self.source.candidates, self.now)
        return compact, self.source.issuers[issuer], validity

    def _still_good(self, entry: Entry) -> bool:
        """Look again at what an epoch or a deadline put in doubt: does the key that verified it still stand, and the token?"""
        if entry.plan != self.trust.plan or not entry.valid_from <= self.now < entry.valid_until:
            return False
        trusted = next(one for one in self.source.issuers.values() if one.index == entry.issuer)
        check_until = self._key_stands(entry, trusted.holder)
        if self.now >= check_until or self._revoked(entry, trusted) is not False:
            return False
        entry.epoch = self.desk.epoch.value
        entry.check_until = min(entry.valid_until, check_until)
        entry.used = True
        self.desk.counters.rechecked += 1
        return True

    def _key_stands(self, entry: Entry, holder: KeyHolder | None) -> int:
        """Up to when the key that verified the entry may be believed; 0 where it cannot be said at once."""
        if holder is not None:
            keys = holder.usable(self.now)
            return holder.state.usable_until if keys is not None and entry.thumbprint in keys.thumbprints else 0
        if entry.key is None:
            return 0
        if self.desk.keys.changed_since(*entry.key, entry.epoch):
            found = self.desk.keys.find(*entry.key, self.now)
            if not isinstance(found, AccessKey) or found.disabled or mark_of(found) != entry.thumbprint:
                return 0
        return self.now + BELIEVED

    def _verify(
        self, compact: Compact, trusted: TrustedIssuer, holder: KeyHolder, validity: Validity
    ) -> Answer | Parked[Answer]:
        keys = holder.usable(self.now)
        if keys is None:
            return self._wait(holder.wait(self.now)) or self.desk.fault(holder.reason or "no_keys")
        believed = holder.state.usable_until
        thumbprint = self.desk.cache.thumbprint(self.digest)
        if thumbprint is not None and thumbprint in keys.thumbprints:
            return self._known(self._decode(compact, trusted, validity, thumbprint, believed), trusted)
        candidates = keys.candidates(compact.kid, compact.alg)
        for key in candidates:
            if signature_holds(compact.alg, key, compact.signing_input, compact.signature):
                return self._verified(self._decode(compact, trusted, validity, key.thumbprint, believed), trusted)
        if compact.kid is not None and compact.kid in keys.by_kid:
            raise TokenRefused("signature" if candidates else "alg_not_of_key")
        return self._unknown_kid(holder, "signature" if candidates else "no_such_key")

    def _verify_by_key(self, compact: Compact, trusted: TrustedIssuer, validity: Validity) -> Answer | Parked[Answer]:
        """A token of an issuer with a keyring: the one key that its kid names, or none."""
        if compact.kid is None:
            raise TokenRefused("kid_missing")
        if not KID.fullmatch(compact.kid):
            raise TokenRefused("no_such_key")
        access = self._access_key(trusted.issuer.keys.value, compact.kid)
        if isinstance(access, Parked):
            return access
        if isinstance(access, Outage):
            return self.desk.fault("key_store")
        if access is None:
            raise TokenRefused("no_such_key")
        if access.disabled:
            raise TokenRefused("key_disabled")
        mark = mark_of(access)
        if access.expires:
            validity = Validity(
                validity.valid_from, min(validity.valid_until, access.expires), min(validity.expires, access.expires)
            )
        name = (access.keyring, access.kid)
        if self.desk.cache.thumbprint(self.digest) == mark:
            return self._known(self._decode(compact, trusted, validity, mark, self.now + BELIEVED, name), trusted)
        try:
            key = self.desk.verifiers.key(access)
        except KeyRefused:
            return self.desk.fault("key_unusable")
        if key is None or compact.alg not in key.algorithms:
            raise TokenRefused("alg_not_of_key")
        if not signature_holds(compact.alg, key, compact.signing_input, compact.signature):
            raise TokenRefused("signature")
        return self._verified(self._decode(compact, trusted, validity, mark, self.now + BELIEVED, name), trusted)

    def _admit_opaque(self) -> Answer | Parked[Answer]:
        """An access key itself. The same work is done for a key that is not there."""
        parsed = parse_opaque(self.token)
        if parsed is None:
            raise TokenRefused("not_a_key")
        kid, secret = parsed
        found: list[_Found] = []
        for trusted in self.source.opaque:
            access = self._access_key(trusted.issuer.keys.value, kid)
            if isinstance(access, Parked):
                return access
            found.append(access)
        holding: list[tuple[TrustedIssuer, AccessKey]] = []
        for trusted, access in zip(self.source.opaque, found, strict=True):
            known = access if isinstance(access, AccessKey) else None
            holds = secret_holds(trusted.issuer.keys.value, kid, secret, None if known is None else known.digest)
            if holds and known is not None:
                holding.append((trusted, known))
        if not holding:
            if any(isinstance(access, Outage) for access in found):
                return self.desk.fault("key_store")
            raise TokenRefused("no_such_key" if not any(found) else "key_secret")
        if len(holding) > 1:
            raise TokenRefused("issuer_ambiguous")
        return self._opaque_entry(*holding[0])

    def _opaque_entry(self, trusted: TrustedIssuer, access: AccessKey) -> Answer:
        if access.disabled:
            raise TokenRefused("key_disabled")
        claims = trusted.decode(access.claims)
        expires = access.expires or FOREVER
        entry = self._entry(trusted, claims, Validity(0, expires, expires), mark_of(access), self.now + BELIEVED)
        entry.key, entry.issued = (access.keyring, access.kid), access.issued // SECOND
        return (
            self._known(entry, trusted) if self.desk.cache.thumbprint(self.digest) else self._verified(entry, trusted)
        )

    def _access_key(self, ring: str, kid: str) -> _Found | Parked[Answer]:
        """The key as it stands; parked while the store is asked, once."""
        if (ring, kid) in self.told:
            return self.told[ring, kid]
        epoch = self.desk.epoch.value if self.told_in is None else self.told_in
        found = self.desk.keys.find(ring, kid, self.now)
        if not isinstance(found, Parked):
            return found
        self.desk.counters.parked += 1
        # What is told may have changed by the time that it is used: what it leaves behind is of the epoch of the question
        return then(found, lambda told: replace(self, told={**self.told, (ring, kid): told}, told_in=epoch).admit())

    def _known(self, entry: Entry, trusted: TrustedIssuer) -> Answer:
        """A token that was here before: it leaves an entry."""
        refused = self._refused_as_revoked(entry, trusted)
        if refused is None:
            self.desk.cache.keep(self.digest, entry, self.now)
        return refused or entry

    def _verified(self, entry: Entry, trusted: TrustedIssuer) -> Answer:
        """A token whose signature was checked now: it leaves a fact."""
        refused = self._refused_as_revoked(entry, trusted)
        if refused is not None:
            return refused
        self.desk.counters.verified += 1
        self.desk.cache.forget(self.digest)
        self.desk.cache.note(self.digest, fact_of(entry))
        self.desk.cache.sweep(self.now, SWEPT_PER_TOKEN)
        return entry

    def _revoked(self, entry: Entry, trusted: TrustedIssuer) -> bool | Outage:
        return self.desk.revocations.revoked(trusted.issuer.name, entry.identity, entry.jti, entry.issued, self.now)

    def _refused_as_revoked(self, entry: Entry, trusted: TrustedIssuer) -> Answer | None:
        revoked = self._revoked(entry, trusted)
        if isinstance(revoked, Outage):
            return self.desk.fault("revocations_unconfirmed")
        if revoked:
            self.desk.counters.revoked += 1
            raise TokenRefused("revoked")
        return None

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

    def _decode(
        self,
        compact: Compact,
        trusted: TrustedIssuer,
        validity: Validity,
        thumbprint: bytes,
        believed: int,
        key: tuple[str, str] | None = None,
    ) -> Entry:
        """The entry of a token whose signature holds. ``believed``: up to when the key may be believed."""
        entry = self._entry(trusted, trusted.decode(compact.payload), validity, thumbprint, believed)
        issued, jti = compact.payload.get("iat"), compact.payload.get("jti")
        entry.key = key
        entry.issued = issued if type(issued) is int else None
        if isinstance(jti, str) or type(jti) is int:
            # RFC 7519 section 4.1.7: a text. A number can be revoked by its decimal spelling as well.
            entry.jti = jti_digest(trusted.issuer.name, str(jti))
        return entry

    def _entry(
        self, trusted: TrustedIssuer, claims: tuple[object, ...], validity: Validity, thumbprint: bytes, believed: int
    ) -> Entry:
        return Entry(
            trusted.index,
            claims,
            virtual_identity(trusted.issuer, claims, self.desk.identity_key),
            validity.expires,
            self.trust.plan,
            valid_from=validity.valid_from,
            valid_until=validity.valid_until,
            check_until=min(validity.valid_until, believed),
            epoch=self.desk.epoch.value if self.told_in is None else self.told_in,
            thumbprint=thumbprint,
            used=True,
        )
