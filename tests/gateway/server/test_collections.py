"""Full collections are counted while somebody watches, others are not."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from gateway.server import collections
from gateway.server.collections import FEW, IDLE_AFTER, Collections, looking_once, put_aside


def test_full_collections_are_counted_while_watched() -> None:
    seen = Collections(lambda: 0)
    gc.collect()
    seen.watch()
    try:
        gc.collect(0)
        gc.collect(1)
        assert (seen.full, seen.longest, seen.longest_cpu) == (0, 0.0, 0.0)
        gc.collect()
        gc.collect()
    finally:
        seen.leave()
    gc.collect()
    assert seen.full == 2
    assert seen.longest > 0
    assert seen.longest_cpu > 0


@pytest.mark.parametrize(
    ("waited", "in_flight", "known", "made"),
    [
        (IDLE_AFTER - 1, 0, 0, 0),
        (IDLE_AFTER, 0, FEW, 2),
        (IDLE_AFTER, 0, FEW + 1, 0),
        (IDLE_AFTER, 1, 0, 0),
        (1_000 * IDLE_AFTER, 1, 0, 0),
    ],
)
def test_nobody_waits_for_a_pass_over_everything(waited: float, in_flight: int, known: int, made: int) -> None:
    now = 100.0
    seen = Collections(lambda: known, lambda: now)
    seen.watch()
    try:
        now += waited
        seen.look(in_flight)
        assert seen.full == made
        assert (seen.longest, seen.longest_idle > 0) == (0.0, made > 0), "nobody waited for it"
    finally:
        seen.leave()


class Ring:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def once() -> Iterator[None]:
    put_aside()
    with looking_once():
        yield
    gc.unfreeze()


def test_what_a_pass_found_alive_is_found_again_only_by_a_pass_over_everything(once: None) -> None:
    kept, ring = [Ring() for _ in range(100)], Ring()
    seen, late = weakref.ref(ring), weakref.ref(kept[0])
    del ring
    gc.collect()
    assert seen() is None, "what came since the last pass is looked at"
    assert gc.get_count()[2] == 0
    assert not [each for each in gc.get_objects() if isinstance(each, Ring)], "and what lives is put aside"
    kept.clear()
    gc.collect()
    assert late() is not None
    now = 0.0
    everything = Collections(lambda: 0, lambda: now)
    now = IDLE_AFTER
    everything.look(0)
    assert late() is None


def test_passes_that_come_by_themselves_are_small_however_many_live(once: None) -> None:
    looked: list[int] = []

    def told(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == collections.OLDEST:
            looked.append(sum(len(gc.get_objects(generation)) for generation in range(3)))

    gc.callbacks.append(told)
    try:
        kept = [[number] for number in range(300_000)]
    finally:
        gc.callbacks.remove(told)
    assert len(kept) == 300_000
    assert len(looked) > 10
    assert max(looked) < 12_000


def test_what_takes_the_place_of_something_old_is_put_aside_too(once: None) -> None:
    kept = [[number] for number in range(100_000)]
    seen = Collections(lambda: 0)
    seen.look(1)
    for number in range(100_000):
        kept[number] = [number]
    assert len(gc.get_objects(0)) > 50_000, "the collector does not come by itself"
    seen.look(1)
    assert sum(len(gc.get_objects(generation)) for generation in range(3)) < 1_000


def test_the_process_is_left_as_it_was() -> None:
    before = gc.get_threshold(), list(gc.callbacks)
    with pytest.raises(ZeroDivisionError), looking_once():
        raise ZeroDivisionError
    assert (gc.get_threshold(), list(gc.callbacks)) == before


def test_what_was_collected_waits_again() -> None:
    now = 0.0
    seen = Collections(lambda: 0, lambda: now)
    seen.watch()
    try:
        for at, made in ((IDLE_AFTER, 2), (IDLE_AFTER + 1, 2), (2 * IDLE_AFTER - 1, 2), (2 * IDLE_AFTER, 4)):
            now = at
            seen.look(0)
            assert seen.full == made
    finally:
        seen.leave()
