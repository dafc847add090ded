"""The link in its shapes: a single server, a cluster whose slots move, Sentinels that fail over, TLS; and streams."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.store.address import AddressRefused
from gateway.store.link import Script, StoreFault
from gateway.store.link_redis import LinkRedis, open_link
from gateway.store.places_redis import SLOTS
from gateway.store.shards import SHARDS, key_in
from tests.servers.redis_debian import PASSWORD, USERNAME, TlsServer
from tests.servers.valkey import Cluster, sentinels, standalone, wait_for

COUNT = Script("count", "return redis.call('INCRBY', KEYS[1], ARGV[1])")
APPEND = Script("append", "return redis.call('XADD', KEYS[1], '*', 'f', ARGV[1])")


@asynccontextmanager
async def opened(url: str, **more: Any) -> AsyncIterator[LinkRedis]:
    link = open_link(url, **({"timeout": 2.0} | more))
    try:
        yield link
    finally:
        await link.close()


async def counted(link: LinkRedis, shard: int, by: int = 1) -> Any:
    return await link.call(COUNT, shard, (key_in(link.namespace, shard, b"n"),), (b"%d" % by,))


async def test_every_shard_is_reached(store_url: str, namespace: str) -> None:
    async with opened(store_url, namespace=namespace) as link:
        assert await asyncio.gather(*(counted(link, shard, shard) for shard in range(SHARDS))) == list(range(SHARDS))
        assert link.clustered == store_url.startswith("redis+cluster")
        assert (link.well, link.opened) == (True, 0)


async def test_a_url_with_a_password_opens_nothing() -> None:
    with pytest.raises(AddressRefused):
        open_link("redis://:secret@127.0.0.1")


async def test_tls(redis_tls: TlsServer, namespace: str) -> None:
    own = redis_tls.client
    async with opened(
        redis_tls.url,
        username=USERNAME,
        password=PASSWORD,
        tls_ca=redis_tls.authority.file,
        tls_certificate=own.certificate,
        tls_key=own.key,
        namespace=namespace,
    ) as link:
        assert await counted(link, 5, 7) == 7


async def test_files_for_tls_that_are_not_there(redis_tls: TlsServer, tmp_path: Path) -> None:
    own = redis_tls.client
    with pytest.raises(OSError, match=r"."):
        open_link(redis_tls.url, tls_ca=tmp_path / "missing.pem")
    with pytest.raises(OSError, match=r"."):
        open_link(redis_tls.url, tls_ca=redis_tls.authority.file, tls_certificate=own.key, tls_key=own.certificate)


async def test_a_wrong_password_is_told_apart(redis_tls: TlsServer) -> None:
    own = redis_tls.client
    files = {"tls_ca": redis_tls.authority.file, "tls_certificate": own.certificate, "tls_key": own.key}
    async with opened(redis_tls.url, username=USERNAME, password="wrong", **files) as link:
        with pytest.raises(StoreFault) as fault:
            await counted(link, 0)
        assert (fault.value.reason, fault.value.done) == ("credential", "not")


async def test_a_slot_that_moved_is_followed(valkey_cluster: Cluster, namespace: str) -> None:
    shard = 11
    slot = SLOTS[shard]
    names = {master.port: master.ask("CLUSTER", "MYID") for master in valkey_cluster.masters}
    async with opened(valkey_cluster.url, namespace=namespace) as link:
        assert await counted(link, shard) == 1
        ranges = valkey_cluster.masters[0].ask("CLUSTER", "SLOTS")
        owner = next(entry[2][1] for entry in ranges if entry[0] <= slot <= entry[1])
        old = next(m for m in valkey_cluster.masters if m.port == owner)
        new = next(m for m in valkey_cluster.masters if m.port != owner)
        new.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", names[old.port])
        old.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", names[new.port])
        keys = old.ask("CLUSTER", "GETKEYSINSLOT", slot, 100)
        old.ask("MIGRATE", "127.0.0.1", new.port, "", 0, 5000, "KEYS", *keys)
        assert await counted(link, shard) == 2, "ASK"
        for master in (new, old, *valkey_cluster.masters):
            master.ask("CLUSTER", "SETSLOT", slot, "NODE", names[new.port])
        assert await counted(link, shard) == 3, "MOVED"
        assert await counted(link, shard) == 4


async def test_sentinels_fail_over(namespace: str) -> None:
    with sentinels() as servers:
        async with opened(servers.url, namespace=namespace, timeout=0.5) as link:
            assert await counted(link, 3) == 1
            wait_for(
                lambda: all(s.ask("GET", key_in(namespace, 3, b"n")) == b"1" for s in servers.servers), "not copied"
            )
            servers.fail_over()
            async with asyncio.timeout(20):
                while True:
                    try:
                        reply = await counted(link, 3)
                        break
                    except StoreFault:
                        await asyncio.sleep(0.05)
            assert reply >= 2


async def test_nobody_knows_where() -> None:
    async with opened("redis+sentinel://127.0.0.1:1/primary", timeout=0.2) as link:
        with pytest.raises(StoreFault) as fault:
            await counted(link, 0)
        assert (fault.value.reason, fault.value.done) == ("unknown", "not")
        with pytest.raises(StoreFault):
            await link.follow({key_in("x", 0, b"s"): b"0"}, 0.1)
        assert not link.well


async def test_streams_are_followed(store_url: str, namespace: str) -> None:
    async with opened(store_url, namespace=namespace) as link:
        streams = {key_in(namespace, shard, b"changes"): b"0-0" for shard in range(SHARDS)}
        await counted(link, 0)
        assert await link.follow(streams, 0.05) == {}
        waiting = asyncio.create_task(link.follow(streams, 10))
        await asyncio.sleep(0.05)
        at = await link.call(APPEND, 9, (key_in(namespace, 9, b"changes"),), (b"one",))
        found = await waiting
        assert found == {key_in(namespace, 9, b"changes"): [(at, {b"f": b"one"})]}
        streams[key_in(namespace, 9, b"changes")] = at
        assert await link.follow(streams, 0.05) == {}


async def test_a_server_that_falls_silent_is_noticed_while_following() -> None:
    with standalone() as server:
        async with opened(f"redis://{server.address}") as link:
            streams = {key_in("x", 0, b"s"): b"0-0"}
            assert await link.follow(streams, 0.01) == {}
            server.pause()
            try:
                async with asyncio.timeout(5):
                    with pytest.raises(StoreFault):
                        await link.follow(streams, 60)
            finally:
                server.resume()
            assert await link.follow(streams, 0.01) == {}


async def test_closed() -> None:
    async with opened("redis://127.0.0.1:1") as link:
        pass
    with pytest.raises(StoreFault, match="closed"):
        await counted(link, 0)
