"""Facts from the records that all gateways of a store share: those of an identity, and over them those of its access key.

An identity's record is named by its virtual identity, 32 hex digits; a key's own by ``key:<keyring>:<kid>``. A *view* decodes
them by one plan's declarations, each version once.
"""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, NamedTuple, Protocol

from gateway.message.parked import Parked, then
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import Kind, Stored
from gateway.store.recent import Recent
from policylang.embed import (
    Fields,
    JsonRefused,
    MetadataRefused,
    decode_fields,
    plan_model,
    read_ijson,
)

MAX_BYTES = 64 * 1024
DECODED_AT_MOST = 20_000

Found = Stored | Outage | None
Answer = tuple[int, Fields] | Outage
Key = tuple[str, str]


class Records(Protocol):
    """What is asked of the cache."""

    def version(self, kind: Kind, name: str, now: int) -> int:
        """Its version where that is known at once, 0 where there is none; negative where not; see RecordCache."""
        ...

    def look(self, kind: Kind, name: str, now: int, stale: int = 0) -> Found | Parked[Found]:
        """The record; see RecordCache."""
        ...


class RecordMetadata:
    """The records; ``view`` gives the MetadataStore of one plan, which keeps ``decoded_at_most`` callers' facts decoded.

    ``misfits`` counts decodings that failed.
    """

    def __init__(self, records: Records, decoded_at_most: int = DECODED_AT_MOST) -> None:
        self.records = records
        self.decoded_at_most = decoded_at_most
        self.misfits = 0
        # One count for all views: a principal may outlive a view whose plan comes back unchanged.
        self.versions: Callable[[], int] = count(1).__next__

    def view(self, specs: tuple[plan_model.Claim, ...], fresh_micros: int) -> "RecordView":
        """The facts as one plan declares them; ``fresh_micros`` is how old they may be while the store is out."""
        return RecordView(self, specs, fresh_micros)


class _Decoded(NamedTuple):
    """What the versions of a record and of its key's record (0: there is none) say together."""

    own: int
    keyed: int
    answer: Answer


class RecordView:
    """A MetadataStore: records decoded by the declarations of one plan."""

    def __init__(self, metadata: RecordMetadata, specs: tuple[plan_model.Claim, ...], fresh_micros: int) -> None:
        self._metadata = metadata
        self._look = metadata.records.look
        self._version = metadata.records.version
        self._specs = specs
        self._fresh = fresh_micros
        self._decoded: Recent[bytes | tuple[bytes, Key], _Decoded] = Recent(metadata.decoded_at_most)
        self._nothing = _decode(specs, {})

    def fields(self, identity: bytes, now: int, key: Key | None = None) -> Answer | Parked[Answer]:
        """See the port. The usual request finds the versions that were decoded before, and copies no content."""
        name = identity.hex()
        named = "" if key is None else f"key:{key[0]}:{key[1]}"
        known: _Decoded | None = self._decoded.get(identity if key is None else (identity, key))
        if (
            known is not None
            and self._version("metadata", name, now) == known.own
            and (key is None or self._version("metadata", named, now) == known.keyed)
        ):
            return known.answer
        own = self._look("metadata", name, now, self._fresh)
        if key is None:
            if isinstance(own, Parked):
                return then(own, partial(self._both, identity, None, None))
            return self._both(identity, None, None, own)
        keyed = self._look("metadata", named, now, self._fresh)
        # Both were asked for before either is waited for.
        if isinstance(keyed, Parked):
            return then(keyed, partial(self._beside, identity, key, own))
        return self._beside(identity, key, own, keyed)

    def _beside(self, identity: bytes, key: Key, own: Found | Parked[Found], keyed: Found) -> Answer | Parked[Answer]:
        if isinstance(own, Parked):
            return then(own, partial(self._both, identity, key, keyed))
        return self._both(identity, key, keyed, own)

    def _both(self, identity: bytes, key: Key | None, keyed: Found, own: Found) -> Answer:
        if isinstance(own, Outage) or isinstance(keyed, Outage):
            return OUTAGE
        if own is None and keyed is None:
            return self._nothing if isinstance(self._nothing, Outage) else (0, self._nothing)
        slot = identity if key is None else (identity, key)
        versions = (0 if own is None else own.version, 0 if keyed is None else keyed.version)
        known: _Decoded | None = self._decoded.get(slot)
        if known is None or known[:2] != versions:
            fields = self._merged(own, keyed)
            if len(self._decoded) >= self._metadata.decoded_at_most:
                self._decoded.take_oldest()
            # The record's own version would do for both, were it not that each of a pair comes with many of the other.
            version = versions[0] if key is None else self._metadata.versions()
            answer = fields if isinstance(fields, Outage) else (version, fields)
            known = _Decoded(*versions, answer)
            self._decoded.put(slot, known)
        return known.answer

    def _merged(self, own: Stored | None, keyed: Stored | None) -> Fields | Outage:
        try:
            content = {**_members(own), **_members(keyed)}
        except JsonRefused:
            fields: Fields | Outage = OUTAGE
        else:
            fields = _decode(self._specs, content)
        self._metadata.misfits += isinstance(fields, Outage)
        return fields


def _members(record: Stored | None) -> dict[str, Any]:
    """The members of a record's object. Raises JsonRefused: whatever wrote it was no gateway's admin API."""
    if record is None:
        return {}
    content = read_ijson(record.content, MAX_BYTES)
    if not isinstance(content, dict):
        raise JsonRefused("not_an_object")
    return content


def _decode(specs: tuple[plan_model.Claim, ...], content: dict[str, Any]) -> Fields | Outage:
    try:
        return decode_fields(specs, content)
    except MetadataRefused:
        return OUTAGE
