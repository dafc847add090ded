"""The store's time from here: measured when due, never from an answer that took too long."""

import pytest

from gateway.records.store_time import DUE_MICROS, ERROR_MICROS, StoreTime
from tests.gateway.records.benches import NOW, SECOND, HandClock
from tests.gateway.records.held_store import HeldStore


class Scene:
    def __init__(self) -> None:
        self.theirs, self.wall, self.steady = HandClock(NOW), HandClock(NOW - 60 * SECOND), HandClock(0)
        self.store = HeldStore(self.theirs)
        self.time = StoreTime(self.store, self.wall, self.steady)
        self.asked = 0
        self.takes, self.jumps = 0, 0
        inner = self.store.now

        async def now() -> object:
            self.asked += 1
            self.steady.now += self.takes
            self.wall.now += self.takes + self.jumps
            return await inner()

        self.store.now = now  # type: ignore[method-assign, assignment]


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_the_offset_is_measured_to_the_middle_of_the_wait(scene: Scene) -> None:
    scene.takes = 100
    assert await scene.time.measure_if_due()
    assert scene.time.offset == 60 * SECOND - 50


async def test_it_is_measured_again_when_a_second_has_passed(scene: Scene) -> None:
    await scene.time.measure_if_due()
    scene.wall.now += SECOND
    scene.steady.now += DUE_MICROS - 1
    assert await scene.time.measure_if_due()
    assert (scene.asked, scene.time.offset) == (1, 60 * SECOND)
    scene.steady.now += 1
    assert await scene.time.measure_if_due()
    assert (scene.asked, scene.time.offset) == (2, 59 * SECOND)


@pytest.mark.parametrize(("takes", "jumps"), [(2 * ERROR_MICROS + 1, 0), (10, -11), (10, SECOND)])
async def test_a_slow_answer_and_a_clock_that_jumps_measure_nothing(scene: Scene, takes: int, jumps: int) -> None:
    scene.takes, scene.jumps = takes, jumps
    assert not await scene.time.measure_if_due()
    scene.takes, scene.jumps = 0, 0
    assert await scene.time.measure_if_due()
    known = scene.time.offset
    scene.steady.now += DUE_MICROS
    scene.takes, scene.jumps = takes, jumps
    assert await scene.time.measure_if_due()
    assert (scene.asked, scene.time.offset) == (3, known)


async def test_an_outage_is_no_answer(scene: Scene) -> None:
    await scene.time.measure_if_due()
    scene.steady.now += DUE_MICROS
    scene.store.down = True
    assert not await scene.time.measure_if_due()
    assert scene.time.offset == 60 * SECOND
