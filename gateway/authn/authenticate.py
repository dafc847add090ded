"""The second step: who calls. A token seen before costs a digest and a look-up; any other goes through admission.

Law of this file: every way out is a principal, a refusal or parked; a present but bad credential is 401 wherever it
stands; what was refused leaves nothing behind.
"""

from collections import OrderedDict
from hashlib import blake2b

from gateway.authn.admit import Admission
from gateway.authn.challenge import Challenge
from gateway.authn.credential import Headers, find_credential
from gateway.authn.desk import Answer, AuthnCounters, Desk
from gateway.authn.key_set import FOREVER
from gateway.authn.key_sets import KeySets
from gateway.authn.packing import Entry
from gateway.authn.token_cache import TokenCache
from gateway.authn.trust import Trust, prepare_trust
from gateway.keys.port import AccessKeys, NoAccessKeys, NoRevocations, Revocations
from gateway.message.parked import Parked
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.embed import MAX_TOKEN_BYTES, plan_model

PLANS_KEPT = 3
"""Plans whose trust stays prepared: the one in force, and those that requests in flight began under."""

DIGEST_BYTES = 24

_Trusts = dict[tuple[tuple[int, ...], bool], Trust]


class Authenticator:
    """Finds the principal of a request. ``identity_key``: 1 to 64 secret bytes that virtual identities are keyed with.

    Without ``access_keys`` no credential of a keyring can be checked; without ``revocations`` nothing is taken back. Both
    raise the epoch of ``key_sets`` when something changes.
    """

    def __init__(
        self,
        key_sets: KeySets,
        cache: TokenCache,
        identity_key: bytes,
        realm: str = "gateway",
        access_keys: AccessKeys | None = None,
        revocations: Revocations | None = None,
    ) -> None:
        if not 1 <= len(identity_key) <= 64:
            raise ValueError("the identity key has 1 to 64 bytes")
        self.counters = AuthnCounters()
        self._key_sets = key_sets
        self._epoch = key_sets.epoch
        self._cache = cache
        self._challenge = Challenge(realm)
        self._desk = Desk(
            cache,
            self._epoch,
            identity_key,
            self._challenge,
            self.counters,
            NoAccessKeys() if access_keys is None else access_keys,
            NoRevocations() if revocations is None else revocations,
        )
        self._plans: OrderedDict[str, _Trusts] = OrderedDict()

    def authenticate(
        self,
        headers: Headers,
        trust: tuple[int, ...],
        anonymous: bool,
        plan_digest: str,
        issuers: tuple[plan_model.Issuer, ...],
        now: int,
    ) -> Answer | Parked[Answer]:
        """The principal by the credential in ``headers``; ``trust`` are indices into ``issuers``, the plan's own.

        A route that trusts nobody but anonymous reads no credential. Refuses as ``malformed``, ``credential_missing``,
        ``credential_refused`` or ``keys_fault``; parked while keys are fetched. ``now`` in microseconds.
        """
        plan = self._plans.get(plan_digest)
        ready = plan.get((trust, anonymous)) if plan is not None else None
        if ready is None:
            ready = self._prepare(plan_digest, issuers, trust, anonymous)
        found = find_credential(headers, ready.credentials)
        if found is None:
            return ready.nobody or Refusal("credential_missing", headers=self._challenge.missing())
        if isinstance(found, Refusal):
            self.counters.refused += 1
            if found.kind == "credential_refused":
                found.headers = self._challenge.missing()
            return found
        token, index = found
        if len(token) > MAX_TOKEN_BYTES:
            return self._desk.refuse("too_large")
        source = ready.sources[index]
        digest = blake2b(token, digest_size=DIGEST_BYTES, person=source.salt).digest()
        entry: Entry | None = self._cache.entries.get(digest)
        if (
            entry is not None
            and entry.valid_from <= now < entry.check_until
            and entry.epoch == self._epoch.value
            and entry.plan == plan_digest
        ):
            entry.used = True
            self.counters.known += 1
            return entry
        return Admission(self._desk, ready, source, token, digest, now).admit()

    def forget_everything(self) -> None:
        """Drop all that is known of tokens: each is verified anew at its next use."""
        self._cache.clear()
        self._epoch.bump()

    def sweep(self, now: int, steps: int = 256) -> None:
        """Let go of some expired tokens; to be called now and then, at most ``steps`` of each kind are looked at."""
        self._cache.sweep(now, steps)

    def _prepare(
        self, plan_digest: str, issuers: tuple[plan_model.Issuer, ...], trust: tuple[int, ...], anonymous: bool
    ) -> Trust:
        plan = self._plans.setdefault(plan_digest, {})
        if len(self._plans) > PLANS_KEPT:
            self._plans.popitem(last=False)
        nobody = Principal(None, (), b"", FOREVER, plan_digest) if anonymous else None
        ready = prepare_trust(plan_digest, issuers, trust, nobody, self._key_sets.holder)
        plan[(trust, anonymous)] = ready
        return ready
