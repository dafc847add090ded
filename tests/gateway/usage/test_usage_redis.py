"""Usage in Redis, on one server and on a cluster: the model, lost replies, keeping, and bounded lists."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.message.ports import Outage
from gateway.store.shards import SHARDS, key_in, shard_of
from gateway.usage import batch_redis
from gateway.usage.keys_redis import identity_key, taken_key, top_key, total_key
from gateway.usage.periods import DAY, HOUR, Keeping
from gateway.usage.port import WINDOW, Batch, Query
from gateway.usage.usage_redis import RedisUsage
from tests.gateway.usage.lossy_link import LossyLink
from tests.gateway.usage.model import SOMEBODY, THIS_HOUR, TODAY, agrees, batch, cell, deliveries

namespaces = (f"usage{number}" for number in count())
HERE = Query(THIS_HOUR, THIS_HOUR + HOUR)


@asynccontextmanager
async def linked(url: str, lose: Callable[[int], str] = lambda _: "") -> AsyncIterator[LossyLink]:
    link = LossyLink(url, next(namespaces), lose)
    try:
        yield link
    finally:
        await link.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(delivery=deliveries())
def test_it_agrees_with_the_model(store_url: str, delivery: tuple[list[Batch], list[Batch]]) -> None:
    async def run() -> None:
        async with linked(store_url) as link:
            await agrees(RedisUsage(link), *delivery)

    asyncio.run(run())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lost=st.lists(st.sampled_from(["", "not", "perhaps"]), max_size=60))
def test_nothing_is_lost_or_counted_twice_when_replies_are(store_url: str, lost: list[str]) -> None:
    async def run() -> None:
        fates = iter(lost)
        async with linked(store_url, lambda _: next(fates, "")) as link:
            store = RedisUsage(link)
            whole = batch(
                1, *(cell(identity=identity, requests=number + 1) for number, identity in enumerate(SOMEBODY))
            )
            while isinstance(await store.add(whole), Outage):
                pass
            fates = iter(())
            assert await store.add(whole) is False
            assert await requests(store, HERE) == 15
            for number, identity in enumerate(SOMEBODY):
                assert await requests(store, Query(HERE.start, HERE.end, identity=identity)) == number + 1
            assert await requests(store, Query(HERE.start, HERE.end, top=5)) == 15

    asyncio.run(run())


async def test_an_outage_is_an_answer(store_url: str) -> None:
    async with linked(store_url, lambda _: "not") as link:
        store = RedisUsage(link)
        assert isinstance(await store.add(batch(1, cell())), Outage)
        for query in (HERE, Query(HERE.start, HERE.end, top=2), Query(HERE.start, HERE.end, identity=SOMEBODY[0])):
            assert isinstance(await store.read(query), Outage)


async def test_keys_end_when_their_figures_are_to_be_forgotten(store_url: str) -> None:
    async with linked(store_url) as link:
        await RedisUsage(link, Keeping(hours=5 * DAY, days=50 * DAY)).add(batch(1, cell(TODAY)))
        shard = shard_of(SOMEBODY[0])
        hour, day = (TODAY + HOUR + 5 * DAY) // 1_000_000, (TODAY + 51 * DAY) // 1_000_000
        for key, ends in (
            (identity_key(link.namespace, "hour", TODAY, SOMEBODY[0]), hour),
            (total_key(link.namespace, "hour", TODAY), hour),
            (top_key(link.namespace, shard, "hour", TODAY), hour),
            (identity_key(link.namespace, "day", TODAY, SOMEBODY[0]), day),
            (total_key(link.namespace, "day", TODAY), day),
            (top_key(link.namespace, shard, "day", TODAY), day),
        ):
            assert await link.client.expiretime(key) == ends
        assert 0 < await link.client.ttl(taken_key(link.namespace, shard, "a")) <= batch_redis.TAKEN_SECONDS
        own = [key async for key in link.client.scan_iter(match=f"{link.namespace}:*")]
        assert [key for key in own if await link.client.ttl(key) < 0] == [], "a key that nobody would remove"


async def test_figures_that_are_over_leave_nothing(store_url: str) -> None:
    async with linked(store_url) as link:
        store = RedisUsage(link, Keeping(hours=HOUR, days=DAY))
        assert await store.add(batch(1, cell(TODAY - 10 * DAY)))
        own = [key async for key in link.client.scan_iter(match=f"{link.namespace}:*")]
        assert all(b":taken:" in key for key in own)


async def test_top_lists_are_bounded_and_keep_the_busiest(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_redis, "TOP_LENGTH", 3)
    many = [name for name in (b"%016d" % number for number in range(5000)) if shard_of(name) == 7][:12]
    async with linked(store_url) as link:
        store = RedisUsage(link)
        await store.add(
            batch(1, *(cell(identity=identity, requests=number + 1) for number, identity in enumerate(many)))
        )
        await store.add(batch(2, cell(identity=many[0], requests=100)))
        answer = await store.read(Query(HERE.start, HERE.end, top=3))
        assert not isinstance(answer, Outage)
        assert [(row.name, row.figures.requests) for row in answer.groups] == [
            (many[0].hex(), 101),
            (many[11].hex(), 12),
            (many[10].hex(), 11),
        ]
        assert await link.client.zcard(top_key(link.namespace, shard_of(many[0]), "hour", THIS_HOUR)) == 3


async def test_sequence_numbers_are_remembered_within_a_window(store_url: str) -> None:
    async with linked(store_url) as link:
        store = RedisUsage(link)
        for sequence in range(1, WINDOW + 20):
            assert await store.add(batch(sequence, cell())) is True
        assert await store.add(batch(1, cell())) is False
        assert await store.add(batch(WINDOW, cell())) is False
        assert await link.client.zcard(taken_key(link.namespace, shard_of(SOMEBODY[0]), "a")) == WINDOW
        assert await requests(store, HERE) == WINDOW + 19


async def test_large_counts_stay_exact(store_url: str) -> None:
    async with linked(store_url) as link:
        store = RedisUsage(link)
        for sequence in (1, 2, 3):
            await store.add(batch(sequence, cell(requests=2**52 + 1)))
        assert await requests(store, HERE) == 3 * (2**52 + 1)
        top = await store.read(Query(HERE.start, HERE.end, top=1))
        assert not isinstance(top, Outage)
        assert top.groups[0].figures.requests == 3 * (2**52 + 1)


def test_every_shard_is_asked_for_its_list() -> None:
    assert {top_key("n", shard, "day", 0) for shard in range(SHARDS)} == {
        key_in("n", shard, b"usage", b"top", b"day", b"0") for shard in range(SHARDS)
    }


async def requests(store: RedisUsage, query: Query) -> int:
    answer = await store.read(query)
    assert not isinstance(answer, Outage)
    return answer.total.requests
