"""Eras: first, known, lost, found by another gateway, accepted."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from gateway.store.eras_redis import ErasRedis, random_hex
from gateway.store.link import StoreFault
from gateway.store.link_redis import open_link
from gateway.store.shards import SHARDS
from tests.servers.clocked import ClockedLink
from tests.servers.process import StoreProcess

NOW = 1_800_000_000_000_001


@pytest.fixture
async def link(valkey_server: StoreProcess, namespace: str) -> AsyncIterator[ClockedLink]:
    opened = open_link(f"redis://{valkey_server.address}", namespace=namespace, timeout=5)
    yield ClockedLink(opened, NOW)
    await opened.close()


def gateway(link: ClockedLink, letter: str) -> ErasRedis:
    numbers = count(1)
    return ErasRedis(link, lambda: f"{letter}{next(numbers):03x}")


def kept(server: StoreProcess, eras: ErasRedis, shard: int) -> bytes | None:
    value: bytes | None = server.ask("GET", eras.key(shard))
    return value


async def test_the_first_gateway_begins_an_era_and_the_second_finds_it(
    link: ClockedLink, valkey_server: StoreProcess
) -> None:
    first, second = gateway(link, "a"), gateway(link, "b")
    assert first.known(0) == b""
    await first.learn()
    await second.learn()
    for shard in range(SHARDS):
        assert first.known(shard) == second.known(shard)
        assert kept(valkey_server, first, shard) == first.known(shard) + b":0"


async def test_a_loss_begins_a_new_era_at_the_stores_time(link: ClockedLink, valkey_server: StoreProcess) -> None:
    first, second = gateway(link, "a"), gateway(link, "b")
    await first.learn()
    await second.learn()
    valkey_server.ask("DEL", first.key(3))
    await first.renew(3)
    assert kept(valkey_server, first, 3) == first.known(3) + b":%d" % NOW
    link.now += 5
    await second.renew(3)
    assert second.known(3) == first.known(3)
    assert kept(valkey_server, first, 3) == first.known(3) + b":%d" % NOW
    assert (first.lost, second.lost) == (1, 1)


async def test_a_gateway_that_starts_first_after_a_loss_does_not_hide_it(
    link: ClockedLink, valkey_server: StoreProcess
) -> None:
    old, new = gateway(link, "a"), gateway(link, "b")
    await old.learn()
    valkey_server.ask("DEL", old.key(3))
    await new.learn()
    assert kept(valkey_server, new, 3) == new.known(3) + b":0"
    await old.renew(3)
    assert kept(valkey_server, new, 3) == new.known(3) + b":%d" % NOW


async def test_an_operator_accepts_a_loss(link: ClockedLink, valkey_server: StoreProcess) -> None:
    first, second, operator = gateway(link, "a"), gateway(link, "b"), gateway(link, "c")
    await first.learn()
    await second.learn()
    valkey_server.ask("DEL", first.key(3))
    await first.renew(3)
    await operator.accept_loss()
    assert kept(valkey_server, first, 3) == first.known(3) + b":0:accepted"
    await second.renew(3)
    assert kept(valkey_server, first, 3) == first.known(3) + b":0:accepted", "it stays accepted for who comes late"
    valkey_server.ask("DEL", first.key(3))
    await first.renew(3)
    assert kept(valkey_server, first, 3) == first.known(3) + b":%d" % NOW, "another loss is a loss"


async def test_who_asks_at_the_same_time_shares_the_answer(link: ClockedLink) -> None:
    eras = gateway(link, "a")
    task = eras.renew(3)
    assert eras.renew(3) is task
    await task
    assert eras.known(3) == b"a001"


async def test_a_store_that_is_away() -> None:
    link = open_link("redis://127.0.0.1:1", timeout=0.2)
    eras = ErasRedis(link)
    await eras.renew(1)
    assert eras.known(1) == b""
    with pytest.raises(StoreFault):
        await eras.learn()
    await link.close()


def test_names_are_new_each_time() -> None:
    assert len({random_hex() for _ in range(100)}) == 100
