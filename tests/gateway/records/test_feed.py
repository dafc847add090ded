"""The feed by its steps: when it is live, what an answer vouches for, losses, silence and the way back."""

import asyncio
from collections.abc import Sequence

import pytest

from gateway.message.ports import OUTAGE, Outage
from gateway.records import feed as feed_module
from gateway.records.feed import COLD_MICROS, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, Feed
from gateway.records.port import Change, Changes
from gateway.records.records_memory import MemoryRecords
from tests.gateway.records.benches import SECOND, HandClock
from tests.gateway.records.held_store import HeldStore, put


class Told:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.doubts = 0
        self.pieces: list[int] = []

    def changed(self, changes: Sequence[Change]) -> None:
        self.pieces.append(len(changes))
        self.names += [change.name for change in changes]

    def doubted(self) -> None:
        self.doubts += 1
        self.names.append("?")


class Scene:
    def __init__(self) -> None:
        self.wall, self.steady = HandClock(), HandClock(1_000)
        self.store = HeldStore(self.wall, kept=3)
        self.listeners = Told(), Told()
        self.said: list[str] = []
        self.feed = Feed(self.store, self.listeners, self.wall, self.steady, self.said.append)


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_a_feed_begins_cold_and_in_doubt(scene: Scene) -> None:
    assert (scene.feed.live, scene.feed.state) == (False, "cold")
    assert await scene.feed.turn() == PAUSE_SECONDS
    assert (scene.feed.live, scene.feed.state) == (True, "live")
    assert [one.names for one in scene.listeners] == [["?"], ["?"]]
    assert scene.feed.losses == 0
    assert scene.said == []


async def test_every_listener_is_told_of_each_change_once_and_in_order(scene: Scene) -> None:
    await scene.feed.turn()
    for name in ("b", "a", "b"):
        await put(scene.store, name)
    await scene.feed.turn()
    await scene.feed.turn()
    assert [one.names for one in scene.listeners] == [["?", "b", "a", "b"]] * 2
    assert scene.feed.changes_told == 3


async def test_a_second_without_an_answer_is_cold(scene: Scene) -> None:
    await scene.feed.turn()
    scene.steady.now += COLD_MICROS
    states = [scene.feed.state]
    scene.steady.now += 1
    states.append(scene.feed.state)
    await scene.feed.turn()
    assert [*states, scene.feed.state] == ["live", "cold", "live"]


async def test_an_answer_vouches_for_when_it_was_asked_for(scene: Scene) -> None:
    """A reply that was under way for a second says nothing of the second in which it was."""
    await scene.feed.turn()
    inner = scene.store.changes

    async def late(cursor: bytes, wait_seconds: float) -> Changes | Outage:
        found = await inner(cursor, wait_seconds)
        scene.steady.now += COLD_MICROS + 1
        return found

    scene.store.changes = late  # type: ignore[method-assign]
    asked = scene.steady.now
    await scene.feed.turn()
    assert scene.feed.vouched == asked
    assert not scene.feed.live


async def test_silence_is_told_once_and_its_end_as_well(scene: Scene) -> None:
    await scene.feed.turn()
    scene.store.down = True
    pauses = []
    for _ in range(8):
        pauses.append(await scene.feed.turn())
        scene.steady.now += SECOND // 2
    assert pauses[:4] == [0.05, 0.1, 0.2, 0.4]
    assert max(pauses) == LONGEST_PAUSE_SECONDS
    assert scene.said == ["records: the store does not answer; what it holds cannot be looked up"]
    scene.store.down = False
    assert await scene.feed.turn() == PAUSE_SECONDS
    assert scene.feed.live
    assert scene.said[1:] == ["records: the store answers again"]


async def test_what_happened_in_the_silence_is_told_before_anything_is_believed(scene: Scene) -> None:
    await scene.feed.turn()
    scene.store.down = True
    scene.steady.now += 2 * SECOND
    await scene.feed.turn()
    waits: list[float] = []
    inner = scene.store.changes

    async def noted(cursor: bytes, wait_seconds: float) -> Changes | Outage:
        waits.append(wait_seconds)
        return await inner(cursor, wait_seconds)

    scene.store.changes = noted  # type: ignore[method-assign]
    scene.store.down = False
    await put(scene.store, "a")
    await scene.feed.turn()
    await scene.feed.turn()
    assert scene.listeners[0].names == ["?", "a"]
    assert waits == [0.0, feed_module.WAIT_SECONDS]


async def test_a_loss_is_a_doubt_and_then_it_goes_on(scene: Scene) -> None:
    await scene.feed.turn()
    for n in range(4):
        await put(scene.store, f"n{n}")
    await scene.feed.turn()
    assert scene.listeners[1].names == ["?", "?"]
    assert scene.feed.losses == 1
    assert scene.feed.live
    await put(scene.store, "a")
    await scene.feed.turn()
    assert scene.listeners[1].names == ["?", "?", "a"]


async def test_a_store_of_another_era_is_a_loss(scene: Scene) -> None:
    """The store was restarted and forgot: its cursor is none of ours."""
    await scene.feed.turn()
    reborn = MemoryRecords(scene.wall)
    scene.store.changes = reborn.changes  # type: ignore[method-assign]
    await scene.feed.turn()
    assert scene.feed.losses == 1
    assert scene.listeners[0].doubts == 2


async def test_a_clock_that_cannot_be_compared_keeps_the_feed_cold(scene: Scene) -> None:
    async def none() -> int | Outage:
        return OUTAGE

    scene.store.now = none  # type: ignore[method-assign]
    await scene.feed.turn()
    assert not scene.feed.live
    assert [one.names for one in scene.listeners] == [[], []]


async def test_a_store_that_hangs_is_silent(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "ANSWER_SECONDS", 0.01)

    async def hangs(cursor: bytes, wait_seconds: float) -> Changes | Outage:
        await asyncio.Event().wait()
        return OUTAGE

    scene.store.changes = hangs  # type: ignore[method-assign]
    assert await scene.feed.turn() == feed_module.FIRST_PAUSE_SECONDS
    assert not scene.feed.live


async def test_many_changes_are_told_in_pieces(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "TOLD_AT_ONCE", 2)
    await scene.feed.turn()
    for name in ("a", "b", "c"):
        await put(scene.store, name)
    await scene.feed.turn()
    assert scene.listeners[0].pieces == [2, 1]
    assert scene.listeners[0].names == ["?", "a", "b", "c"]


async def test_following_goes_on_until_it_is_cancelled() -> None:
    wall = HandClock()
    store, listener = MemoryRecords(wall), Told()
    feed = Feed(store, [listener], wall, HandClock(), print)
    task = asyncio.create_task(feed.follow())
    while not feed.live:
        await asyncio.sleep(0)
    await put(store, "a")
    while not listener.names[1:]:
        await asyncio.sleep(0)
    assert listener.names == ["?", "a"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
