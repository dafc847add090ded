"""Where shards are: asked of whoever answers."""

import pytest
from redis.crc import key_slot

from gateway.store.address import Place
from gateway.store.connect_redis import Access, AnyConnection, connection_to
from gateway.store.link import StoreFault
from gateway.store.places_redis import SLOTS, ClusterPlaces, OnePlace, SentinelPlaces
from gateway.store.shards import SHARDS, key_in
from tests.servers.valkey import SERVICE, Cluster, Sentinels

NOBODY: Place = ("127.0.0.1", 1)


def connect(place: Place) -> AnyConnection:
    return connection_to(place, Access(), 1)


def test_slots_are_those_of_the_keys() -> None:
    assert all(SLOTS[shard] == key_slot(key_in("any", shard, b"x")) for shard in range(SHARDS))


async def test_one_server_has_all() -> None:
    assert await OnePlace(NOBODY).find() == (NOBODY,) * SHARDS


async def test_a_cluster_tells_by_any_node_that_answers(valkey_cluster: Cluster) -> None:
    ports = [master.port for master in valkey_cluster.masters]
    places = ClusterPlaces([NOBODY, ("127.0.0.1", ports[1])], connect, 1)
    found = await places.find()
    assert {place[1] for place in found if place is not None} == set(ports)
    assert None not in found


async def test_a_service_that_a_sentinel_knows(valkey_sentinel: Sentinels) -> None:
    places = SentinelPlaces([NOBODY, ("127.0.0.1", valkey_sentinel.sentinel.port)], SERVICE, connect, 1)
    assert await places.find() == (("127.0.0.1", valkey_sentinel.master_port()),) * SHARDS


async def test_nobody_knows(valkey_sentinel: Sentinels) -> None:
    unknown = SentinelPlaces([("127.0.0.1", valkey_sentinel.sentinel.port)], "other", connect, 1)
    for places in (ClusterPlaces([NOBODY], connect, 1), unknown):
        with pytest.raises(StoreFault) as fault:
            await places.find()
        assert (fault.value.reason, fault.value.done) == ("unknown", "not")
