"""Leases in a Redis store against the memory's, on a single server and on a cluster, beside steps of the same counter."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.message.parked import settle
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.quota.counters_redis import counter_of
from gateway.quota.lease import LeasedLimits, Taken
from gateway.quota.lease_memory import MemoryLeases
from gateway.quota.lease_redis import LeasesRedis
from gateway.quota.limits_redis import LimitsRedis
from gateway.store.eras_redis import ErasRedis
from gateway.store.link import Script
from gateway.store.link_redis import open_link
from gateway.store.shards import key_in
from policylang.embed import Charge, Standing, plan_model
from tests.servers.clocked import ClockedLink

NOW = 1_800_000_000_123_456
DAY = 86_400_000_000
SECRET = b"secret"

numbers = count(1)


def charge(name: str, amount: plan_model.Amount) -> Charge:
    return Charge(name, len(name).to_bytes(4, "big") + name.encode() + b"i" + bytes(16), amount, "deny")


CHARGES = (
    charge("daily", plan_model.Quota(50, "day", 0, "Europe/Berlin", 20)),
    charge("anchored", plan_model.Quota(9, "anchored", 5_000_000, "", 4)),
    charge("monthly", plan_model.Quota(2**40, "month", 0, "UTC", 1_000)),
)
gaps = st.sampled_from([0, 1, 1_000_000, 5_000_000, 3_600_000_000, DAY, 31 * DAY])
scripts = st.lists(
    st.tuples(st.sampled_from(["take", "take", "step", "back"]), st.integers(0, 2), st.integers(1, 30), gaps),
    max_size=30,
)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[ClockedLink, LeasesRedis, LimitsRedis]]:
    link = ClockedLink(open_link(url, namespace=f"lease{next(numbers)}", timeout=5), NOW)
    eras = ErasRedis(link)
    try:
        yield link, LeasesRedis(link, eras, SECRET), LimitsRedis(link, eras, SECRET)
    finally:
        await link.close()


async def taken(leases: LeasesRedis, one: Charge, units: int, now: int) -> Taken | Outage:
    answer: Taken | Outage = await settle(leases.take(one, units, now))
    return answer


def test_equals_the_memory(store_url: str, runner: asyncio.Runner) -> None:
    async def run(script: list[tuple[str, int, int, int]]) -> None:
        async with opened(store_url) as (link, leases, limits):
            model, end = MemoryLeases(), 0
            for action, which, units, gap in script:
                link.now += gap
                one = CHARGES[which]
                if action == "take":
                    expected = model.take(one, units, link.now)
                    assert await taken(leases, one, units, link.now) == expected
                    end = expected.end
                elif action == "step":
                    answer: Stepped = await settle(limits.step([one], link.now, b"h"))
                    assert answer == model.step([one], link.now, b"h")
                else:
                    model.give_back(one, units, end)
                    leases.give_back(one, units, end)

    @settings(deadline=None, max_examples=25)
    @given(scripts)
    def equal(script: list[tuple[str, int, int, int]]) -> None:
        runner.run(run(script))

    equal()


async def test_what_began_before_the_memory_was_lost_cannot_be_taken(store_url: str) -> None:
    daily, anchored, _ = CHARGES
    forget = Script("forget", 'redis.call("DEL", KEYS[1]) return 1')
    async with opened(store_url) as (link, leases, _):
        first = await taken(leases, daily, 10, link.now)
        assert isinstance(first, Taken)
        assert first.granted == 10
        shard = counter_of(anchored, link.namespace, SECRET).shard
        await link.call(forget, shard, [key_in(link.namespace, shard, b"era")], [])
        assert await taken(leases, anchored, 4, link.now) is OUTAGE
        assert leases.failures == {"unknown": 1}
        again = await taken(leases, daily, 10, link.now)
        assert isinstance(again, Taken), "what is still there is known"
        link.now += 5_000_001
        later = await taken(leases, anchored, 4, link.now)
        assert isinstance(later, Taken)
        assert later.granted == 2


async def test_gateways_that_lease_admit_the_limit_and_not_one_more(store_url: str) -> None:
    limit = charge("shared", plan_model.Quota(100, "day", 0, "UTC", 10))
    async with opened(store_url) as (link, leases, limits):
        gateways = [LeasedLimits(limits, leases, lambda: link.now) for _ in range(4)]

        async def ask(number: int) -> bool:
            answer: Stepped = await settle(gateways[number % 4].step([limit], link.now, b"%d" % number))
            assert not isinstance(answer, Outage)
            return all(isinstance(standing, Standing) and standing.admitted for standing in answer)

        said = await asyncio.gather(*(ask(number) for number in range(1_000)))
        for gateway in gateways:
            await gateway.close()
        link.now += 2_000_000
        said += [await ask(number) for number in range(40)]
        assert sum(said) == 100
