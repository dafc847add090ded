"""The cache: what it knows at once, what it asks, what a change does to a reading under way, and what an outage leaves."""

import asyncio

import pytest

from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE
from gateway.records import cache as cache_module
from gateway.records.cache import UNKNOWN, RecordCache
from gateway.records.feed import COLD_MICROS, Feed
from gateway.records.port import Stored
from tests.gateway.records.benches import NOW, SECOND, HandClock
from tests.gateway.records.held_store import HeldStore, answer, put


class Scene:
    """A store, a cache of it and the feed between them, on clocks that the test moves."""

    def __init__(self, store: HeldStore, wall: HandClock, entries: int = 100) -> None:
        self.wall, self.steady, self.told = wall, HandClock(7), list[str]()
        self.store = store
        self.cache = RecordCache(store, self.steady, entries, 1 << 20)
        self.feed = Feed(store, [self.cache], self.wall, self.steady, self.told.append)
        self.cache.follow_by(self.feed)

    async def look(self, name: str = "a", stale: int = 0) -> Stored | object | None:
        return await answer(self.cache.look("metadata", name, self.wall(), stale))

    def at_once(self, name: str = "a") -> Stored | object | None:
        found = self.cache.look("metadata", name, self.wall())
        assert not isinstance(found, Parked)
        return found

    def pass_time(self, micros: int) -> None:
        self.wall.now += micros
        self.steady.now += micros


@pytest.fixture
def wall() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def store(wall: HandClock) -> HeldStore:
    return HeldStore(wall)


@pytest.fixture
async def scene(store: HeldStore, wall: HandClock) -> Scene:
    made = Scene(store, wall)
    await made.feed.turn()
    return made


async def test_what_is_known_is_answered_at_once_absence_included(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert await scene.look("a") == a
    assert await scene.look("b") is None
    for _ in range(3):
        assert scene.at_once("a") == a
        assert scene.at_once("b") is None
    assert scene.store.gets == 2
    assert scene.cache.hits == 6


async def test_a_version_is_told_only_where_the_record_would_be_given_at_once(scene: Scene) -> None:
    a = await put(scene.store, "a", expires=NOW + SECOND)

    def version(name: str) -> int:
        return scene.cache.version("metadata", name, scene.wall())

    assert version("a") == UNKNOWN
    await scene.look("a")
    await scene.look("b")
    assert (version("a"), version("b"), version("c")) == (a.version, 0, UNKNOWN)
    scene.wall.now += SECOND
    assert version("a") == 0
    scene.cache.doubted()
    assert version("b") == UNKNOWN
    await scene.look("b")
    assert version("b") == 0
    scene.pass_time(COLD_MICROS + 1)
    assert version("b") == UNKNOWN


async def test_kinds_do_not_meet(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert await scene.look("a") == a
    assert await answer(scene.cache.look("key", "a", NOW)) is None


async def test_one_reading_serves_all_who_wait_and_who_gives_up_takes_nothing_from_them(scene: Scene) -> None:
    a = await put(scene.store, "a")
    gate = asyncio.Event()
    scene.store.gates.append(gate)
    looks = [asyncio.create_task(scene.look()) for _ in range(5)]
    await asyncio.sleep(0)
    looks[0].cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*looks[1:]) == [a] * 4
    assert scene.store.gets == 1


async def test_who_does_not_wait_leaves_the_record_for_the_next(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert isinstance(scene.cache.look("metadata", "a", NOW), Parked)
    for _ in range(5):
        await asyncio.sleep(0)
    assert scene.at_once() == a


async def test_changes_drop_what_is_older(scene: Scene) -> None:
    await put(scene.store, "a", b"{}")
    await scene.look("a")
    assert await scene.look("b") is None
    newer, b = await put(scene.store, "a", b"[]"), await put(scene.store, "b")
    await scene.feed.turn()
    assert await scene.look("a") == newer
    assert await scene.look("b") == b
    await scene.store.delete("metadata", "a", None)
    await scene.feed.turn()
    assert await scene.look("a") is None
    assert scene.at_once("a") is None


async def test_a_change_that_was_read_already_drops_nothing(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert await scene.look() == a
    await scene.feed.turn()
    assert scene.at_once() == a


@pytest.mark.parametrize("deleted", [False, True])
async def test_a_change_between_reading_and_keeping_is_never_lost(scene: Scene, deleted: bool) -> None:
    old = await put(scene.store, "a", b"{}")
    gate = asyncio.Event()
    scene.store.gates.append(gate)
    look = asyncio.create_task(scene.look())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if deleted:
        await scene.store.delete("metadata", "a", None)
        new: Stored | None = None
    else:
        new = await put(scene.store, "a", b"[]")
    await scene.feed.turn()
    gate.set()
    assert await look == new != old
    assert scene.at_once() == new
    assert scene.store.gets == 2


async def test_a_change_told_before_its_write_was_read_is_kept(scene: Scene) -> None:
    """The reading has the version of the change already: reading again would say the same."""
    gate = asyncio.Event()
    scene.store.gates.append(gate)
    new = await put(scene.store, "a")
    look = asyncio.create_task(scene.look())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await scene.feed.turn()
    gate.set()
    assert await look == new
    assert scene.store.gets == 1


async def test_a_record_that_changes_faster_than_it_is_read_is_given_and_not_kept(scene: Scene) -> None:
    async def again() -> None:
        await put(scene.store, "a")
        await scene.feed.turn()

    await put(scene.store, "a")
    scene.store.before_get = again
    assert isinstance(await scene.look(), Stored)
    assert scene.store.gets == cache_module.READINGS
    assert len(scene.cache) == 0


async def test_a_loss_puts_everything_in_doubt(scene: Scene) -> None:
    a = await put(scene.store, "a")
    await scene.look()
    for n in range(200):
        await put(scene.store, f"n{n}")
    await scene.feed.turn()
    assert scene.feed.losses == 1
    assert await scene.look() == a
    assert scene.store.gets == 2
    assert scene.at_once() == a


async def test_a_loss_during_a_reading_makes_it_read_again(scene: Scene) -> None:
    gate = asyncio.Event()
    scene.store.gates.append(gate)
    look = asyncio.create_task(scene.look())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    a = await put(scene.store, "a")
    scene.cache.doubted()
    gate.set()
    assert await look == a
    assert scene.store.gets == 2


async def test_before_the_feed_begins_every_look_asks(store: HeldStore, wall: HandClock) -> None:
    scene = Scene(store, wall)
    a = await put(store, "a")
    assert [await scene.look() for _ in range(3)] == [a] * 3
    assert store.gets == 3
    await scene.feed.turn()
    # What was read before the feed had a beginning may have changed before it.
    assert isinstance(scene.cache.look("metadata", "a", NOW), Parked)


async def test_a_cold_feed_asks_and_a_feed_that_caught_up_believes(scene: Scene) -> None:
    old = await put(scene.store, "a")
    b = await put(scene.store, "b")
    assert await scene.look("a") == old
    assert await scene.look("b") == b
    scene.pass_time(COLD_MICROS + 1)
    new = await put(scene.store, "a", b"[]")
    assert await scene.look("a") == new
    assert scene.store.gets == 3
    await scene.feed.turn()
    assert scene.at_once("a") == new
    assert scene.at_once("b") == b


async def test_in_an_outage_what_was_vouched_for_lately_is_given(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert await scene.look() == a
    scene.pass_time(COLD_MICROS)
    await scene.feed.turn()
    scene.store.down = True
    scene.pass_time(30 * SECOND)
    assert await scene.look(stale=30 * SECOND) == a
    assert await scene.look(stale=30 * SECOND - 1) is OUTAGE
    assert await scene.look("never-seen", stale=30 * SECOND) is OUTAGE
    scene.pass_time(1)
    assert await scene.look(stale=30 * SECOND) is OUTAGE
    assert scene.cache.stale_answers == 1
    scene.store.down = False
    assert await scene.look() == a


async def test_what_is_in_doubt_was_vouched_for_when_it_was_read(scene: Scene) -> None:
    a = await put(scene.store, "a")
    assert await scene.look() == a
    scene.pass_time(SECOND)
    await scene.feed.turn()
    scene.cache.doubted()
    scene.store.down = True
    assert await scene.look(stale=SECOND) == a
    assert await scene.look(stale=SECOND - 1) is OUTAGE


async def test_what_changed_is_not_given_in_an_outage(scene: Scene) -> None:
    await put(scene.store, "a")
    await scene.look()
    await put(scene.store, "a")
    await scene.feed.turn()
    scene.store.down = True
    assert await scene.look(stale=3600 * SECOND) is OUTAGE


async def test_records_end_by_the_stores_time(scene: Scene) -> None:
    """The store is an hour ahead of the gateway."""
    theirs = scene.wall.now
    scene.wall = HandClock(theirs - 3600 * SECOND)
    scene.feed = Feed(scene.store, [scene.cache], scene.wall, scene.steady, print)
    scene.cache.follow_by(scene.feed)
    await scene.feed.turn()
    assert scene.feed.offset == 3600 * SECOND
    a = await put(scene.store, "a", expires=theirs + 5)
    assert await scene.look() == a
    scene.wall.now += 4
    assert scene.at_once() == a
    scene.wall.now += 1
    assert scene.at_once() is None


async def test_two_gateways_see_a_change_at_their_next_turn(store: HeldStore, wall: HandClock) -> None:
    one, other = Scene(store, wall), Scene(store, wall)
    for scene in (one, other):
        await scene.feed.turn()
        assert await scene.look() is None
    a = await put(store, "a")
    for scene in (one, other):
        scene.pass_time(COLD_MICROS - SECOND // 2)
        assert scene.at_once() is None
        await scene.feed.turn()
        assert await scene.look() == a


async def test_without_a_turn_no_gateway_believes_for_longer_than_a_second(scene: Scene) -> None:
    assert await scene.look() is None
    a = await put(scene.store, "a")
    scene.pass_time(COLD_MICROS + 1)
    assert await scene.look() == a


async def test_a_store_that_hangs_is_an_outage(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "ANSWER_SECONDS", 0.01)
    scene.store.gates.append(asyncio.Event())
    assert await scene.look() is OUTAGE
    assert await scene.look() is None


async def test_readings_under_way_are_bounded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MAX_FLIGHTS", 2)
    gates = [asyncio.Event(), asyncio.Event()]
    scene.store.gates += gates
    looks = [asyncio.create_task(scene.look(name)) for name in ("a", "b")]
    await asyncio.sleep(0)
    assert scene.cache.look("metadata", "c", NOW) is OUTAGE
    for gate in gates:
        gate.set()
    assert await asyncio.gather(*looks) == [None, None]
    assert await scene.look("c") is None


async def test_memory_is_bounded(store: HeldStore, wall: HandClock) -> None:
    scene = Scene(store, wall, entries=10)
    await scene.feed.turn()
    for n in range(100):
        await scene.look(f"n{n}")
        assert len(scene.cache) <= 10
    assert scene.cache.bytes < 10 * 400


async def test_a_defect_in_a_store_reaches_who_asked_and_holds_nothing(scene: Scene) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    scene.store.before_get = broken
    with pytest.raises(ZeroDivisionError):
        await scene.look()
    scene.store.before_get = None
    assert await scene.look() is None
