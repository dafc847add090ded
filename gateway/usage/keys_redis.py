"""Where figures are in Redis: the names of keys, and of the fields of a hash.

| key, after ``namespace:{shard}:usage:`` | what |
|---|---|
| ``hour:NUMBER:IDENTITY``, ``day:…`` | hash of an identity: field ``policy|route|counter``, and ``*``: all its requests |
| ``total:hour:NUMBER``, ``total:day:…`` | hash of everything: field ``policy|route|counter`` |
| ``top:hour:NUMBER``, ``top:day:…`` | sorted set of the shard's busiest identities |
| ``taken:GATEWAY`` | sorted set of the sequence numbers taken |

NUMBER counts periods since 1970. An identity's keys are in its shard, a total in its period's.
"""

from collections.abc import Iterator, Sequence

from gateway.store.shards import key_in, shard_of
from gateway.usage.json_answer import identity_text
from gateway.usage.periods import LENGTH, By

ALL_REQUESTS = b"*"


def identity_key(namespace: str, by: By, start: int, identity: bytes) -> bytes:
    """The hash of an identity."""
    return key_in(namespace, shard_of(identity), *_usage(by, start), identity_text(identity).encode())


def total_shard(by: By, start: int) -> int:
    """The shard of a period's total."""
    return shard_of(b":".join(_usage(by, start)))


def total_key(namespace: str, by: By, start: int) -> bytes:
    """The hash of everything in a period."""
    usage, *period = _usage(by, start)
    return key_in(namespace, total_shard(by, start), usage, b"total", *period)


def top_key(namespace: str, shard: int, by: By, start: int) -> bytes:
    """The busiest identities of a shard."""
    usage, *period = _usage(by, start)
    return key_in(namespace, shard, usage, b"top", *period)


def taken_key(namespace: str, shard: int, gateway: str) -> bytes:
    """What was taken of a gateway's batches in this shard."""
    return key_in(namespace, shard, b"usage", b"taken", gateway.encode("ascii"))


def counts_of(flat: Sequence[bytes]) -> Iterator[tuple[str, str, dict[str, int]]]:
    """(policy, route, counts) of a hash as HGETALL answers it."""
    places: dict[tuple[str, str], dict[str, int]] = {}
    for name, value in zip(flat[::2], flat[1::2], strict=True):
        if name != ALL_REQUESTS:
            policy, route, counter = name.decode().split("|")
            places.setdefault((policy, route), {})[counter] = int(value)
    for (policy, route), counts in places.items():
        yield policy, route, counts


def _usage(by: By, start: int) -> tuple[bytes, bytes, bytes]:
    return b"usage", by.encode(), b"%d" % (start // LENGTH[by])
