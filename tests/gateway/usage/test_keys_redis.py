"""Keys in Redis: where they are documented to be, and fields that read back."""

from gateway.store.shards import shard_of
from gateway.usage.keys_redis import counts_of, identity_key, taken_key, top_key, total_key, total_shard
from gateway.usage.periods import DAY, HOUR
from gateway.usage.port import ANONYMOUS, OTHERS
from tests.gateway.usage.samples import ANA


def test_names() -> None:
    shard = shard_of(ANA)
    assert identity_key("p", "hour", 7 * HOUR, ANA) == b"p:{%d}:usage:hour:7:%s" % (shard, b"aa" * 16)
    assert identity_key("p", "day", 7 * DAY, ANONYMOUS).endswith(b":usage:day:7:anonymous")
    assert identity_key("p", "day", 7 * DAY, OTHERS).endswith(b":usage:day:7:others")
    assert total_key("p", "hour", 7 * HOUR) == b"p:{%d}:usage:total:hour:7" % total_shard("hour", 7 * HOUR)
    assert top_key("p", 5, "day", 7 * DAY) == b"p:{5}:usage:top:day:7"
    assert taken_key("p", 5, "ab") == b"p:{5}:usage:taken:ab"


def test_totals_are_spread_over_shards() -> None:
    assert len({total_shard("hour", hour * HOUR) for hour in range(200)}) > 32


def test_fields_read_back() -> None:
    flat = [b"free+gold|orders|n", b"2", b"*", b"9", b"||k.denied", b"1"]
    flat += [b"free+gold|orders|b", b"90"]
    assert list(counts_of(flat)) == [("free+gold", "orders", {"n": 2, "b": 90}), ("", "", {"k.denied": 1})]
