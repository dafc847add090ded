"""Full collections are counted while somebody watches, others are not."""

import gc

import pytest

from gateway.server.collections import ANYHOW_AFTER, IDLE_AFTER, Collections


def test_full_collections_are_counted_while_watched() -> None:
    seen = Collections()
    gc.collect()
    seen.watch()
    try:
        gc.collect(0)
        gc.collect(1)
        assert (seen.full, seen.longest) == (0, 0.0)
        gc.collect()
        gc.collect()
    finally:
        seen.leave()
    gc.collect()
    assert seen.full == 2
    assert seen.longest > 0


@pytest.mark.parametrize(
    ("waited", "in_flight", "made"),
    [
        (IDLE_AFTER - 1, 0, 0),
        (IDLE_AFTER, 0, 1),
        (IDLE_AFTER, 1, 0),
        (ANYHOW_AFTER - 1, 1, 0),
        (ANYHOW_AFTER, 1, 1),
    ],
)
def test_nobody_waits_for_a_collection_but_once_a_day(waited: float, in_flight: int, made: int) -> None:
    now = 100.0
    seen = Collections(lambda: now)
    seen.watch()
    try:
        now += waited
        seen.look(in_flight)
        assert seen.full == made
    finally:
        seen.leave()


def test_what_was_collected_waits_again() -> None:
    now = 0.0
    seen = Collections(lambda: now)
    seen.watch()
    try:
        for at, made in ((IDLE_AFTER, 1), (IDLE_AFTER + 1, 1), (2 * IDLE_AFTER - 1, 1), (2 * IDLE_AFTER, 2)):
            now = at
            seen.look(0)
            assert seen.full == made
    finally:
        seen.leave()
