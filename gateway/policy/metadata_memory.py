"""Facts by virtual identity in this process's memory.

*Entries* are JSON objects as they were put, each with a version that no other content ever had. A *view* decodes them
by one plan's declarations, so that requests which began on an older plan go on reading what that plan declared.
"""

from collections.abc import Mapping
from typing import Any

from gateway.message.ports import OUTAGE, Outage
from policylang.embed import Fields, MetadataRefused, decode_fields, plan_model

Entry = tuple[int, Mapping[str, Any]]

DECODED_AT_MOST = 100_000


class MemoryMetadata:
    """The entries; ``view`` gives the MetadataStore of one plan."""

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}
        self._version = 0

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, identity: bytes) -> Entry | None:
        """The version and content of an identity's entry."""
        return self._entries.get(identity)

    def replace(self, entries: Mapping[bytes, Mapping[str, Any]]) -> None:
        """Put these entries in the place of all: those that stay equal keep their version."""
        fresh: dict[bytes, Entry] = {}
        for identity, content in entries.items():
            known = self._entries.get(identity)
            if known is not None and _same(known[1], content):
                fresh[identity] = known
            else:
                self._version += 1
                fresh[identity] = (self._version, content)
        self._entries = fresh

    def view(self, specs: tuple[plan_model.Claim, ...], fresh_micros: int = 0) -> "MetadataView":  # noqa: ARG002
        """The entries as one plan declares them; what is in memory is always fresh, and keys have no metadata here."""
        return MetadataView(self, specs)


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; to Python 1, 1.0 and true are, and a corrected mistake would go unnoticed."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    equal: bool = one == other
    return equal


class MetadataView:
    """A MetadataStore: entries decoded by the declarations of one plan, each once while it stays the same."""

    def __init__(self, memory: MemoryMetadata, specs: tuple[plan_model.Claim, ...]) -> None:
        self._memory = memory
        self._specs = specs
        self._decoded: dict[bytes, tuple[int, Fields | Outage]] = {}
        self._nothing = self._decode({})

    def fields(
        self,
        identity: bytes,
        now: int,  # noqa: ARG002 -- memory is always fresh
        key: tuple[str, str] | None = None,  # noqa: ARG002 -- a file holds no metadata of access keys
    ) -> tuple[int, Fields] | Outage:
        """See the port."""
        entry = self._memory.entry(identity)
        if entry is None:
            return self._nothing if isinstance(self._nothing, Outage) else (0, self._nothing)
        version, content = entry
        known = self._decoded.get(identity)
        if known is None or known[0] != version:
            if len(self._decoded) >= DECODED_AT_MOST:
                self._decoded.clear()
            known = self._decoded[identity] = (version, self._decode(content))
        return known[1] if isinstance(known[1], Outage) else (version, known[1])

    def _decode(self, content: Mapping[str, Any]) -> Fields | Outage:
        try:
            return decode_fields(self._specs, content)
        except MetadataRefused:
            return OUTAGE
