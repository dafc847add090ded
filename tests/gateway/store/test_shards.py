"""Shards: alike in every process, in one slot each, and used evenly."""

from collections import Counter

from redis.crc import key_slot

from gateway.store.shards import SHARDS, key_in, shard_of


def test_a_shard_does_not_change_from_process_to_process() -> None:
    assert [shard_of(data) for data in (b"", b"a", b"policylang")] == [0, 3, 45]


def test_what_is_in_one_shard_is_in_one_slot() -> None:
    for shard in range(SHARDS):
        assert key_slot(key_in("a", shard, b"era")) == key_slot(key_in("b", shard, b"l", b"{other}"))


def test_shards_are_used_evenly() -> None:
    used = Counter(shard_of(b"i" + number.to_bytes(16, "big")) for number in range(64_000))
    assert len(used) == SHARDS
    assert max(used.values()) < 1_200
