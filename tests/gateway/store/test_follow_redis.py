"""Following: what comes, what does not, and faults."""

from collections.abc import AsyncIterator

import pytest

from gateway.store.connect_redis import Access, connection_to
from gateway.store.follow_redis import FollowRedis
from gateway.store.link import StoreFault
from tests.servers.process import StoreProcess
from tests.servers.proxy import proxy

NOTHING: dict[bytes, list[object]] = {}


@pytest.fixture
async def follow() -> AsyncIterator[FollowRedis]:
    following = FollowRedis(lambda place: connection_to(place, Access(), 1))
    yield following
    await following.close()


async def test_entries_of_two_streams(follow: FollowRedis, valkey_server: StoreProcess, namespace: str) -> None:
    place = ("127.0.0.1", valkey_server.port)
    first, second = f"{namespace}:a".encode(), f"{namespace}:b".encode()
    assert await follow.read_one(place, {first: b"0-0", second: b"0-0"}, 0) == NOTHING
    valkey_server.ask("XADD", first, "1-1", "k", "v", "l", "w")
    valkey_server.ask("XADD", second, "1-1", "k", "v")
    valkey_server.ask("XADD", second, "2-1", "k", "u")
    cursors = {first: b"0-0", second: b"1-1"}
    expected = {first: [(b"1-1", {b"k": b"v", b"l": b"w"})], second: [(b"2-1", {b"k": b"u"})]}
    assert await follow.read_one(place, cursors, 1) == expected
    assert await follow.read_many({place: cursors}, 1) == expected
    assert await follow.read_many({place: {second: b"2-1"}}, 0.05) == NOTHING


async def test_a_key_that_is_no_stream(follow: FollowRedis, valkey_server: StoreProcess, namespace: str) -> None:
    valkey_server.ask("SET", namespace, "text")
    place = ("127.0.0.1", valkey_server.port)
    with pytest.raises(StoreFault, match="error"):
        await follow.read_one(place, {namespace.encode(): b"0-0"}, 0)
    assert await follow.read_one(place, {b"other": b"0-0"}, 0) == NOTHING, "the connection is still in step"


async def test_a_connection_that_breaks(follow: FollowRedis, valkey_server: StoreProcess, namespace: str) -> None:
    async with proxy(valkey_server.port, lambda number: None) as between:
        for read in (follow.read_one(("127.0.0.1", between.port), {b"s": b"0-0"}, 5),):
            with pytest.raises(StoreFault, match="connection"):
                await read
        with pytest.raises(StoreFault, match="connection"):
            await follow.read_many({("127.0.0.1", between.port): {b"s": b"0-0"}}, 5)
