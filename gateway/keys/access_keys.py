"""Access keys for authentication: records of the cache, decoded once for each version of them.

Law of this file: an answer is what the record cache says now; what is kept here is only how a version reads. A record
that cannot be read is an outage, never a key.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

from gateway.keys.names import key_name
from gateway.keys.port import AccessKey, Epochs, Vouches
from gateway.keys.records import HmacProof, KeyRecord, OpaqueProof, PublicProof, RecordUnreadable, read_key
from gateway.keys.secrets import base64url, hmac_secret
from gateway.message.parked import Parked, then
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import Change, Kind, Stored

Found = AccessKey | None | Outage


class Looks(Protocol):
    """The record cache, as far as keys need it."""

    def look(
        self, kind: Kind, name: str, now: int, stale: int = 0
    ) -> "Stored | Outage | Parked[Stored | Outage | None] | None":
        """The record as it stands, as far as the feed vouches for it; parked while the store is asked."""
        ...


class StoredAccessKeys:
    """Keys of a record cache. ``master`` is what secrets are derived with; ``kept`` bounds the decoded keys in memory,
    ``remembered`` the changes of which it is known which key they were.

    ``stale``: microseconds for which a key that the store vouched for is used while the store does not answer; 0: not at all.

    It is one of the feed's listeners, behind the cache; ``follow_by`` names the feed. A change of a key begins an epoch,
    and only entries of the keys that changed need another look. While the feed is cold, all of them do.
    """

    def __init__(
        self,
        cache: Looks,
        master: bytes,
        epochs: Epochs,
        stale: int = 0,
        kept: int = 20_000,
        remembered: int = 100_000,
    ) -> None:
        self.unreadable = 0
        self._cache = cache
        self._master = master
        self._epochs = epochs
        self._stale = stale
        self._feed: Vouches | None = None
        self._kept = kept
        self._remembered = remembered
        self._decoded: OrderedDict[str, AccessKey] = OrderedDict()
        self._changed: OrderedDict[str, int] = OrderedDict()
        self._known_from = epochs.value

    def follow_by(self, feed: Vouches) -> None:
        """Believe what this feed vouches for; without one, every key is looked at again."""
        self._feed = feed

    def find(self, keyring: str, kid: str, now: int) -> Found | Parked[Found]:
        """The key as it stands; parked while the store is asked."""
        name = key_name(keyring, kid)
        found = self._cache.look("key", name, now, self._stale)
        if isinstance(found, Parked):
            return then(found, lambda settled: self._read(keyring, kid, settled, now))
        return self._read(keyring, kid, found, now)

    def changed_since(self, keyring: str, kid: str, epoch: int) -> bool:
        """May the key be another than it was in that epoch?"""
        if self._feed is None or not self._feed.live:
            return True
        return epoch < self._known_from or self._changed.get(key_name(keyring, kid), -1) > epoch

    def changed(self, changes: Sequence[Change]) -> None:
        """Keys have other versions: entries that they verified look again."""
        names = [change.name for change in changes if change.kind == "key"]
        if not names:
            return
        self._epochs.bump()
        for name in names:
            self._decoded.pop(name, None)
            self._changed[name] = self._epochs.value
            self._changed.move_to_end(name)
        while len(self._changed) > self._remembered:
            # What happened to this key is forgotten: entries of that time can no longer be told from others
            self._known_from = max(self._known_from, self._changed.popitem(last=False)[1])

    def doubted(self) -> None:
        """Any key may have changed: every entry looks again."""
        self._epochs.bump()
        self._known_from = self._epochs.value
        self._changed.clear()

    def _read(self, keyring: str, kid: str, stored: Stored | Outage | None, now: int) -> Found:
        if stored is None or isinstance(stored, Outage):
            return stored
        if stored.expires and stored.expires <= now:
            return None
        known = self._decoded.get(stored.name)
        if known is not None and (known.version, known.expires) == (stored.version, stored.expires):
            return known
        try:
            record = read_key(stored.content)
        except RecordUnreadable:
            self.unreadable += 1
            return OUTAGE
        key = self._key(keyring, kid, stored, record)
        self._decoded[stored.name] = key
        self._decoded.move_to_end(stored.name)
        if len(self._decoded) > self._kept:
            self._decoded.popitem(last=False)
        return key

    def _key(self, keyring: str, kid: str, stored: Stored, record: KeyRecord) -> AccessKey:
        digest, jwk = b"", None
        if isinstance(record.proof, OpaqueProof):
            digest = record.proof.digest
        else:
            jwk = self._jwk(keyring, kid, record.proof)
        return AccessKey(
            keyring, kid, stored.version, digest, jwk, record.claims, stored.expires, record.disabled, record.issued
        )

    def _jwk(self, keyring: str, kid: str, proof: HmacProof | PublicProof) -> dict[str, Any]:
        if isinstance(proof, PublicProof):
            return {**proof.jwk, "kid": kid}
        secret = hmac_secret(self._master, proof.alg, keyring, kid, proof.salt)
        return {"kty": "oct", "alg": proof.alg, "kid": kid, "k": base64url(secret)}
