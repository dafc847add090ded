"""Keys of a Redis store: 64 shards, each with one hash tag, so that whatever is in one shard is in one cluster slot."""

from zlib import crc32

SHARDS = 64


def shard_of(data: bytes) -> int:
    """The shard of whatever these bytes name.

    >>> 0 <= shard_of(b"any") < SHARDS
    True
    """
    return crc32(data) % SHARDS


def key_in(namespace: str, shard: int, *parts: bytes) -> bytes:
    """A key of this shard.

    >>> key_in("policylang", 7, b"era")
    b'policylang:{7}:era'
    """
    return b":".join((namespace.encode("ascii"), b"{%d}" % shard, *parts))
