"""Batches for shards: everything that a batch has, once in each hash, and in the right shard."""

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gateway.store.shards import shard_of
from gateway.usage.batch_redis import by_shard, keys_and_args
from gateway.usage.keys_redis import total_shard
from gateway.usage.periods import DAY, Keeping, floor
from gateway.usage.port import ANONYMOUS, OTHERS, Batch, Cell
from tests.gateway.usage.model import SOMEBODY, THIS_HOUR, TODAY, batch, cell, cells


@given(st.lists(cells, max_size=20))
def test_hours_days_and_totals_each_have_all(given_cells: list[Cell]) -> None:
    wanted: dict[tuple[str, int, bytes | None], Counter[str]] = {}
    for one in given_cells:
        for by, start in (("hour", one.hour), ("day", floor("day", one.hour))):
            for identity in (one.identity, None):
                fields = wanted.setdefault((by, start, identity), Counter())
                fields.update({f"{one.policy}|{one.route}|{name}": value for name, value in one.counts.items()})
                if identity is not None:
                    fields["*"] += one.counts["n"]
    shards = by_shard(Batch("a", 1, tuple(given_cells)))
    got = {(*added.period, added.identity): Counter(added.fields) for some in shards.values() for added in some}
    assert got == wanted
    assert sum(len(some) for some in shards.values()) == len(got)
    for shard, some in shards.items():
        for added in some:
            by, start = added.period
            assert shard == (total_shard(by, start) if added.identity is None else shard_of(added.identity))


def test_what_a_batch_has_is_not_changed() -> None:
    one = cell()
    before = dict(one.counts)
    by_shard(batch(1, one, one, cell(hour=THIS_HOUR)))
    assert one.counts == before


def test_arguments_are_three_for_each_hash() -> None:
    shard = shard_of(SOMEBODY[0])
    added = [one for one in by_shard(batch(7, cell(TODAY)))[shard] if one.identity is not None]
    keys, args = keys_and_args("n", batch(7), shard, added, Keeping(hours=DAY, days=2 * DAY))
    assert args[0] == b"7"
    assert len(keys) == 1 + 2 * len(added)
    assert args[4:6] == [b"%d" % ((TODAY + DAY + DAY // 24) // 1_000_000), SOMEBODY[0]]
    assert json.loads(args[6]) == {"free|orders|n": 1, "free|orders|t9": 1, "*": 1}
    assert args[7] == b"%d" % ((TODAY + 3 * DAY) // 1_000_000)


def test_nobody_and_the_others_are_in_no_list() -> None:
    for identity in (ANONYMOUS, OTHERS):
        shard = shard_of(identity)
        added = [one for one in by_shard(batch(1, cell(identity=identity)))[shard] if one.identity is not None]
        keys, args = keys_and_args("n", batch(1), shard, added, Keeping())
        assert len(keys) == 3
        assert args[5] == b""
