"""Metadata as records: what an identity's or a key's record holds, read, written and changed with compare-and-set."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.admin.preconditions import Expected
from gateway.admin.problems import Problem, moved, settled
from gateway.message.ports import Outage
from gateway.records.port import MAX_CONTENT_BYTES, Conflict, RecordStore, Stored
from policylang.embed import JsonRefused, read_ijson

TRIES = 5
"""How often a change without If-Match is made anew, when others change the record meanwhile."""


@dataclass(frozen=True, slots=True)
class Kept:
    """``expires`` in microseconds since 1970; 0 never."""

    name: str
    version: int
    facts: Mapping[str, Any] = field(repr=False)
    expires: int


Wanted = tuple[Mapping[str, Any], int]
"""Facts and expiry as they are to be."""


class MetadataRecords:
    """Records of the kind metadata."""

    def __init__(self, records: RecordStore) -> None:
        self._records = records

    async def get(self, name: str) -> Kept | None:
        """What is kept under a name now."""
        found = settled(await self._records.get("metadata", name))
        return None if found is None else _kept(found)

    async def put(self, name: str, wanted: Wanted, expect: Expected) -> tuple[Kept, bool]:
        """Write; and whether there was none before, as far as that is known. Raises Problem."""
        if expect is not None and expect != "any":
            return await self._write(name, wanted, expect), expect == 0
        for _ in range(TRIES):
            there = settled(await self._records.get("metadata", name))
            if there is None and expect == "any":
                raise moved(0)
            written = await self._attempt(name, wanted, 0 if there is None else there.version)
            if isinstance(written, Kept):
                return written, there is None
        raise Problem("conflict", "send it again, or with If-Match")

    async def change(self, name: str, change: Callable[[Kept], Wanted], expect: Expected) -> Kept:
        """Read, change and write what is there, over the version that was read. Raises Problem."""
        for _ in range(TRIES):
            there = await self.get(name)
            if there is None:
                raise Problem("not_found")
            if isinstance(expect, int) and expect != there.version:
                raise moved(there.version)
            written = await self._attempt(name, change(there), there.version)
            if isinstance(written, Kept):
                return written
            if isinstance(expect, int):
                raise moved(written.version)
        raise Problem("conflict", "send it again, or with If-Match")

    async def delete(self, name: str, expect: Expected) -> None:
        """Remove. Raises Problem: also where there is none."""
        wanted = expect if isinstance(expect, int) else None
        found = settled(await self._records.delete("metadata", name, wanted))
        if isinstance(found, Conflict):
            raise moved(found.version)
        if not found:
            raise moved(0) if expect == "any" else Problem("not_found")

    async def page(self, prefix: str, after: str, limit: int) -> tuple[list[Kept], bool]:
        """Records by name, and whether there are more."""
        page = settled(await self._records.page("metadata", prefix, after, limit))
        return [_kept(one) for one in page.records], page.more

    async def _write(self, name: str, wanted: Wanted, expect: int) -> Kept:
        written = await self._attempt(name, wanted, expect)
        if isinstance(written, Conflict):
            raise moved(written.version)
        return written

    async def _attempt(self, name: str, wanted: Wanted, expect: int) -> Kept | Conflict:
        facts, expires = wanted
        content = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        if len(content) > MAX_CONTENT_BYTES:
            raise Problem("record_too_large", f"{MAX_CONTENT_BYTES} bytes at the most")
        found = await self._records.put("metadata", name, content, expires, expect)
        if isinstance(found, Outage):
            return settled(found)
        return found if isinstance(found, Conflict) else Kept(name, found.version, facts, expires)


def _kept(stored: Stored) -> Kept:
    try:
        facts = read_ijson(stored.content, MAX_CONTENT_BYTES)
    except JsonRefused as refused:
        raise UnreadableRecord(refused.reason) from None
    if not isinstance(facts, dict):
        raise UnreadableRecord("not_object")
    return Kept(stored.name, stored.version, facts, stored.expires)


class UnreadableRecord(Exception):
    """A record that this API did not write. The reason is a word; no name and no value."""
