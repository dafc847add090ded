"""Records in memory: what the model does not reach: many names, and what the sweep leaves."""

from gateway.records.port import Page, Stored
from gateway.records.records_memory import MemoryRecords
from tests.gateway.records.benches import SECOND, HandClock
from tests.gateway.records.held_store import put


async def names(store: MemoryRecords, prefix: str = "") -> list[str]:
    """All names, page by page."""
    found: list[str] = []
    more = True
    while more:
        page: Page = await store.page("metadata", prefix, found[-1] if found else "", 7)
        found += [record.name for record in page.records]
        more = page.more
    return found


async def test_pages_follow_what_is_put_and_deleted() -> None:
    store = MemoryRecords(HandClock())
    for n in range(100):
        await put(store, f"n{n * 37 % 100:03}")
    assert await names(store) == [f"n{n:03}" for n in range(100)]
    for n in range(0, 100, 3):
        await store.delete("metadata", f"n{n:03}", None)
    await put(store, "n000")
    await put(store, "m")
    left = [f"n{n:03}" for n in range(100) if n % 3 or not n]
    assert await names(store) == ["m", *left]
    assert await names(store, "n09") == [name for name in left if name.startswith("n09")]


async def test_names_of_what_is_gone_do_not_pile_up() -> None:
    store = MemoryRecords(HandClock())
    for n in range(200):
        await put(store, f"n{n}")
        await store.delete("metadata", f"n{n}", None)
        await store.page("metadata", "", "", 1)
    assert len(store._shelves["metadata"].names()) <= 1


async def test_the_sweep_keeps_what_was_written_again() -> None:
    clock = HandClock()
    store = MemoryRecords(clock)
    await put(store, "a", expires=clock.now + 1)
    await put(store, "b", expires=clock.now + 1)
    await put(store, "a", expires=0)
    clock.now += SECOND
    assert await store.sweep(100) == 2
    assert isinstance(await store.get("metadata", "a"), Stored)
    assert list(store._shelves["metadata"].records) == ["a"]


async def test_versions_are_times_and_go_on_when_the_clock_goes_back() -> None:
    clock = HandClock()
    store = MemoryRecords(clock)
    first = await put(store, "a")
    assert first.version == clock.now
    clock.now -= SECOND
    assert (await put(store, "b")).version == first.version + 1
