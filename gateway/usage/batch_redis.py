"""A batch as what is added to the hashes of each shard: sums by field, with the packing of a call left to its turn."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.store.shards import shard_of
from gateway.usage.counters import merge
from gateway.usage.keys_redis import ALL_REQUESTS, identity_key, taken_key, top_key, total_key, total_shard
from gateway.usage.periods import By, Keeping, floor
from gateway.usage.port import ANONYMOUS, OTHERS, WINDOW, Batch

TOP_LENGTH = 256
"""Identities in a shard's top list of a period: 64 times as many are in all lists."""
TAKEN_SECONDS = 8 * 86_400

Fields = dict[str, int]
Period = tuple[By, int]


@dataclass(frozen=True, slots=True)
class Added:
    """What is added to one hash: of an identity, or of everything (None)."""

    period: Period
    identity: bytes | None
    fields: Fields


def by_shard(batch: Batch) -> dict[int, list[Added]]:
    """What a batch adds, by shard."""
    sums: dict[tuple[int, bytes | None], Fields] = {}
    for cell in batch.cells:
        fields = {f"{cell.policy}|{cell.route}|{counter}": value for counter, value in cell.counts.items()}
        merge(sums.setdefault((cell.hour, None), {}), fields)
        fields[ALL_REQUESTS.decode()] = cell.counts.get("n", 0)
        own = sums.get((cell.hour, cell.identity))
        if own is None:
            sums[cell.hour, cell.identity] = fields
        else:
            merge(own, fields)
    days: dict[tuple[int, bytes | None], Fields] = {}
    for (hour, identity), fields in sums.items():
        day = (floor("day", hour), identity)
        if day in days:
            days[day] = dict(days[day])  # the day began as its first hour's own fields
            merge(days[day], fields)
        else:
            days[day] = fields
    shards: dict[int, list[Added]] = {}
    found: dict[By, dict[tuple[int, bytes | None], Fields]] = {"hour": sums, "day": days}
    for by, hashes in found.items():
        for (start, identity), fields in hashes.items():
            shard = total_shard(by, start) if identity is None else shard_of(identity)
            shards.setdefault(shard, []).append(Added((by, start), identity, fields))
    return shards


def keys_and_args(
    namespace: str, batch: Batch, shard: int, added: Sequence[Added], keeping: Keeping
) -> tuple[list[bytes], list[bytes]]:
    """The keys and arguments of ``usage_add.lua`` for one shard."""
    keys = [taken_key(namespace, shard, batch.gateway)]
    args = [b"%d" % number for number in (batch.sequence, WINDOW, TAKEN_SECONDS, TOP_LENGTH)]
    known: dict[Period, tuple[bytes, bytes]] = {}
    packed: dict[int, bytes] = {}
    for one in added:
        by, start = one.period
        if one.period not in known:
            ends = keeping.until(by, start) // 1_000_000
            known[one.period] = (b"%d" % ends, top_key(namespace, shard, by, start))
        ends_text, top = known[one.period]
        member = b""
        if one.identity is None:
            keys.append(total_key(namespace, by, start))
        else:
            keys.append(identity_key(namespace, by, start, one.identity))
            if one.identity not in {ANONYMOUS, OTHERS}:
                keys.append(top)
                member = one.identity
        text = packed.get(id(one.fields))
        if text is None:
            text = packed[id(one.fields)] = json.dumps(one.fields, separators=(",", ":")).encode("ascii")
        args += (ends_text, member, text)
    return keys, args
