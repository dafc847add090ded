"""Metadata records: written over the version that was expected, or not at all."""

import pytest

from gateway.admin.metadata_records import MetadataRecords, UnreadableRecord
from gateway.admin.problems import Problem
from gateway.records.records_memory import MemoryRecords
from tests.strategies.tokens import NOW


def records() -> MetadataRecords:
    return MetadataRecords(MemoryRecords(lambda: NOW))


async def test_put_tells_what_is_new() -> None:
    kept = records()
    first, new = await kept.put("a", ({"x": 1}, 0), None)
    assert new
    second, new = await kept.put("a", ({"x": 2}, 0), first.version)
    assert not new
    with pytest.raises(Problem) as raised:
        await kept.put("a", ({}, 0), first.version)
    assert raised.value.headers == (("ETag", f'"{second.version}"'),)
    assert await kept.get("a") == second


async def test_change_reads_what_it_changes() -> None:
    kept = records()
    await kept.put("a", ({"x": 1}, 0), 0)
    changed = await kept.change("a", lambda there: ({**there.facts, "y": 2}, NOW + 5), "any")
    assert (changed.facts, changed.expires) == ({"x": 1, "y": 2}, NOW + 5)
    with pytest.raises(Problem, match="not_found"):
        await kept.change("b", lambda there: (there.facts, 0), None)


async def test_pages_and_what_cannot_be_read() -> None:
    store = MemoryRecords(lambda: NOW)
    kept = MetadataRecords(store)
    for name in ("a", "b"):
        await kept.put(name, ({}, 0), None)
    found, more = await kept.page("", "", 1)
    assert ([one.name for one in found], more) == (["a"], True)
    await store.put("metadata", "c", b"{", 0, None)
    with pytest.raises(UnreadableRecord, match="not_json"):
        await kept.get("c")
