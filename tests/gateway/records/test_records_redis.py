"""Records on a Redis store: what the model does not reach: emptied, trimmed and restored stores, ends, outages, sizes."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from gateway.message.parked import settle
from gateway.message.ports import OUTAGE
from gateway.records.cache import Found, RecordCache
from gateway.records.feed import Feed
from gateway.records.port import KINDS, MAX_CONTENT_BYTES, Changes, Kind, Stored
from gateway.records.records_redis import RedisRecords
from gateway.server.clock import wall_clock
from gateway.store.link import Script
from gateway.store.link_redis import LinkRedis, open_link
from gateway.store.shards import SHARDS, key_in, shard_of
from tests.servers.valkey import standalone

DROP = Script("drop", "return redis.call('DEL', unpack(KEYS))")
COUNT = Script(
    "count", "return {redis.call('HLEN', KEYS[1]), redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[3])}"
)


@pytest.fixture
async def link(store_url: str, namespace: str) -> AsyncIterator[LinkRedis]:
    link = open_link(store_url, namespace=namespace, timeout=5)
    yield link
    await link.close()


@pytest.fixture
def store(link: LinkRedis) -> RedisRecords:
    return RedisRecords(link)


async def put(store: RedisRecords, name: str, expires: int = 0, kind: Kind = "metadata") -> Stored:
    written = await store.put(kind, name, b"{}", expires, None)
    assert isinstance(written, Stored)
    return written


async def changes(store: RedisRecords, cursor: bytes, wait: float = 0) -> Changes:
    found = await store.changes(cursor, wait)
    assert isinstance(found, Changes)
    return found


def keys_of(link: LinkRedis, name: str) -> list[bytes]:
    shard = shard_of(name.encode())
    per_kind = [key_in(link.namespace, shard, w, k.encode()) for w in (b"records", b"names", b"ends") for k in KINDS]
    return [*per_kind, key_in(link.namespace, shard, b"version"), key_in(link.namespace, shard, b"changes")]


async def test_an_emptied_store_is_a_loss_before_anything_is_written(link: LinkRedis, store: RedisRecords) -> None:
    before = await put(store, "a")
    cursor = (await changes(store, b"")).cursor
    await link.call(DROP, shard_of(b"a"), keys_of(link, "a"), [])
    found = await changes(store, cursor)
    assert (found.lost, found.changes) == (True, ())
    assert await store.get("metadata", "a") is None
    after = await put(store, "a")
    assert after.version > before.version
    assert [change.version for change in (await changes(store, found.cursor)).changes] == [after.version]


async def test_an_emptied_store_shows_within_a_round_of_waiting(link: LinkRedis, store: RedisRecords) -> None:
    """No stream brings anything then: the shards are looked at in turns."""
    await put(store, "a")
    cursor = (await changes(store, b"")).cursor
    await link.call(DROP, shard_of(b"a"), keys_of(link, "a"), [])
    answers = [(await changes(store, cursor, 0.001)).lost for _ in range(4)]
    assert any(answers)


async def test_an_emptied_store_that_was_written_to_is_a_loss(link: LinkRedis, store: RedisRecords) -> None:
    await put(store, "a")
    cursor = (await changes(store, b"")).cursor
    await link.call(DROP, shard_of(b"a"), keys_of(link, "a"), [])
    await put(store, "a")
    assert (await changes(store, cursor, 0.001)).lost


async def test_a_stream_that_was_trimmed_behind_the_reader_is_a_loss(link: LinkRedis) -> None:
    store = RedisRecords(link, kept=1)
    cursor = (await changes(store, b"")).cursor
    for _ in range(300):
        await put(store, "a")
    assert (await changes(store, cursor)).lost
    assert (await changes(store, cursor, 0.001)).lost


async def test_a_stream_that_is_gone_is_a_loss(link: LinkRedis, store: RedisRecords) -> None:
    cursor = (await changes(store, b"")).cursor
    await put(store, "a")
    await link.call(DROP, shard_of(b"a"), keys_of(link, "a")[-1:], [])
    assert (await changes(store, cursor)).lost


async def test_many_changes_are_all_told(store: RedisRecords) -> None:
    cursor = (await changes(store, b"")).cursor
    written = [(await put(store, "a")).version for _ in range(1_200)]
    assert [change.version for change in (await changes(store, cursor)).changes] == written
    assert [change.version for change in (await changes(store, cursor, 0.001)).changes] == written


async def test_who_waits_is_woken_by_a_change(store: RedisRecords) -> None:
    cursor = (await changes(store, b"")).cursor
    waiting = asyncio.create_task(changes(store, cursor, 30))
    await asyncio.sleep(0)
    written = await put(store, "a", kind="revocation")
    found = await waiting
    assert [(change.kind, change.version) for change in found.changes] == [("revocation", written.version)]


async def test_an_end_comes_by_the_stores_time_and_the_sweep_takes_all_of_it(
    link: LinkRedis, store: RedisRecords
) -> None:
    now = await store.now()
    assert isinstance(now, int)
    await put(store, "a", expires=now + 50_000)
    await put(store, "b", expires=now + 3_600_000_000)
    while await store.get("metadata", "a") is not None:
        await asyncio.sleep(0.005)
    assert await store.delete("metadata", "a", None) is False
    swept = [await store.sweep(1_000) for _ in range(SHARDS // 16)]
    assert sum(one for one in swept if isinstance(one, int)) == 1
    shard = shard_of(b"a")
    left = await link.call(
        COUNT, shard, [key_in(link.namespace, shard, w, b"metadata") for w in (b"records", b"names", b"ends")], []
    )
    assert left == ([1, 1, 1] if shard == shard_of(b"b") else [0, 0, 0])
    assert await store.get("metadata", "b") is not None


async def test_pages_of_large_records_are_whole(store: RedisRecords) -> None:
    names = [f"n{n:03}" for n in range(40)]
    content = b"x" * MAX_CONTENT_BYTES
    for name in names:
        assert isinstance(await store.put("metadata", name, content, 0, 0), Stored)
    page = await store.page("metadata", "n", "", 1_000)
    assert page is not OUTAGE
    assert [record.name for record in page.records] == names  # type: ignore[union-attr]
    assert all(record.content == content for record in page.records)  # type: ignore[union-attr]


async def test_of_many_who_expect_the_same_version_one_writes(store: RedisRecords) -> None:
    first = await put(store, "a")
    answers = await asyncio.gather(*(store.put("metadata", "a", b"%d" % n, 0, first.version) for n in range(20)))
    assert [type(one) for one in answers].count(Stored) == 1


async def test_without_a_server_every_call_is_an_outage() -> None:
    link = open_link("redis://127.0.0.1:1", timeout=0.2)
    store = RedisRecords(link)
    assert await store.get("metadata", "a") is OUTAGE
    assert await store.put("metadata", "a", b"{}", 0, None) is OUTAGE
    assert await store.delete("metadata", "a", None) is OUTAGE
    assert await store.page("metadata", "", "", 10) is OUTAGE
    assert await store.changes(b"", 0) is OUTAGE
    assert await store.changes(b"\0" * (SHARDS * 8), 0.001) is OUTAGE
    assert await store.changes(b"nonsense", 0) is OUTAGE
    assert await store.sweep(10) is OUTAGE
    assert await store.now() is OUTAGE
    await link.close()


class Gateway:
    """A cache of the store and its feed, as each gateway has them."""

    def __init__(self, url: str, namespace: str) -> None:
        self.link = open_link(url, namespace=namespace, timeout=1)
        store = RedisRecords(self.link)
        self.cache = RecordCache(store, steady, 1_000, 1 << 20)
        self.feed = Feed(store, [self.cache], wall_clock, steady, lambda _: None)
        self.cache.follow_by(self.feed)

    async def look(self, name: str) -> Found:
        return await settle(self.cache.look("metadata", name, wall_clock()))

    async def turn_until_live(self, turns: int) -> None:
        while not self.feed.live or self.feed.turns < turns:
            await asyncio.sleep(await self.feed.turn())


def steady() -> int:
    return time.monotonic_ns() // 1000


async def test_two_gateways_learn_of_a_change_by_one_turn_of_their_feeds(
    store_url: str, namespace: str, store: RedisRecords
) -> None:
    gateways = [Gateway(store_url, namespace) for _ in range(2)]
    for gateway in gateways:
        await gateway.turn_until_live(1)
        assert await gateway.look("a") is None
    written = await put(store, "a")
    for gateway in gateways:
        while not gateway.feed.changes_told:
            await gateway.feed.turn()
        assert await gateway.look("a") == written
        assert gateway.feed.losses == 0
        await gateway.link.close()


async def test_a_server_that_was_stopped_and_forgot_is_a_loss() -> None:
    with standalone() as server:
        gateway = Gateway(f"redis://{server.address}", "stopped")
        store = RedisRecords(gateway.link)
        await gateway.turn_until_live(1)
        a = await put(store, "a")
        await gateway.turn_until_live(gateway.feed.turns + 1)
        assert await gateway.look("a") == a
        await asyncio.to_thread(server.stop)
        assert await gateway.feed.turn() > 0
        await asyncio.to_thread(server.start)
        while not gateway.feed.losses:
            await asyncio.sleep(await gateway.feed.turn())
        assert await gateway.look("a") is None
        await gateway.link.close()


async def test_versions_go_on_where_the_servers_clock_went_back(link: LinkRedis, store: RedisRecords) -> None:
    """A server that took over may have an earlier clock than the one that wrote last."""
    ahead = (await put(store, "a")).version + 3_600_000_000
    version = key_in(link.namespace, shard_of(b"a"), b"version")
    await link.call(
        Script("set", "return redis.call('SET', KEYS[1], ARGV[1])"), shard_of(b"a"), [version], [b"%d" % ahead]
    )
    assert (await put(store, "a")).version == ahead + 1
    assert await store.delete("metadata", "a", ahead + 1) is True
    assert (await put(store, "a")).version == ahead + 3
