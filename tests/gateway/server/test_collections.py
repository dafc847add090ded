"""Full collections are counted while somebody watches, others are not."""

import gc

from gateway.server.collections import Collections


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
