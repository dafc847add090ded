"""Cursors of shards and the chain of their changes."""

import pytest

from gateway.records.port import Change
from gateway.records.shard_changes import Gap, ShardCursor
from gateway.store.shards import SHARDS


def fields(name: str, before: int) -> dict[bytes, bytes]:
    return {b"k": b"metadata", b"n": name.encode(), b"p": b"%d" % before}


def test_changes_of_all_shards_are_in_the_order_of_their_versions() -> None:
    cursor = ShardCursor.at([0] * SHARDS)
    cursor.take(3, b"20-0", fields("b", 0))
    cursor.take(3, b"30-0", fields("c", 20))
    cursor.take(1, b"10-0", fields("a", 0))
    assert cursor.changes() == (
        Change("metadata", "a", 10),
        Change("metadata", "b", 20),
        Change("metadata", "c", 30),
    )
    again = ShardCursor(cursor.packed())
    assert again.versions == [0, 10, 0, 30, *[0] * (SHARDS - 4)]
    assert again.changes() == ()


@pytest.mark.parametrize("before", [0, 9, 11])
def test_a_change_that_does_not_follow_is_a_gap(before: int) -> None:
    cursor = ShardCursor.at([10] * SHARDS)
    with pytest.raises(Gap):
        cursor.take(0, b"20-0", fields("a", before))


@pytest.mark.parametrize("cursor", [b"x", b"\0" * (SHARDS * 8 - 1), b"\0" * (SHARDS * 8 + 1)])
def test_a_cursor_of_another_store_is_a_gap(cursor: bytes) -> None:
    with pytest.raises(Gap):
        ShardCursor(cursor)
