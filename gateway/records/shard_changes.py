"""How far the changes of each shard were read: a version for each, and the chain that the next change has to continue."""

import struct
from collections.abc import Mapping, Sequence
from typing import cast

from gateway.records.port import Change, Kind
from gateway.store.shards import SHARDS

_CURSOR = struct.Struct(f">{SHARDS}Q")


class Gap(Exception):
    """Something happened in a shard that its stream does not tell: trimmed, emptied, restored, or no cursor of this store."""


class ShardCursor:
    """The versions that were read, by shard, and the changes that were read on from them."""

    def __init__(self, cursor: bytes) -> None:
        if len(cursor) != _CURSOR.size:
            raise Gap
        self.versions = list(_CURSOR.unpack(cursor))
        self._changes: list[Change] = []

    @classmethod
    def at(cls, versions: Sequence[int]) -> "ShardCursor":
        """The cursor of these versions."""
        return cls(_CURSOR.pack(*versions))

    def take(self, shard: int, identifier: bytes, fields: Mapping[bytes, bytes]) -> None:
        """One entry of a shard's stream. Raises Gap where it does not follow what was read."""
        if int(fields[b"p"]) != self.versions[shard]:
            raise Gap
        version = int(identifier.split(b"-")[0])
        self.versions[shard] = version
        self._changes.append(Change(cast("Kind", fields[b"k"].decode()), fields[b"n"].decode(), version))

    def changes(self) -> tuple[Change, ...]:
        """What was read, oldest first."""
        return tuple(sorted(self._changes, key=lambda change: change.version))

    def packed(self) -> bytes:
        """As the port's cursor."""
        return _CURSOR.pack(*self.versions)
