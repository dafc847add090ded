"""The Redis store against the arithmetic it must compute, on a single server and on a cluster."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.parked import settle
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.quota.counters_redis import counter_of
from gateway.quota.limits_redis import LimitsRedis
from gateway.store.eras_redis import ErasRedis
from gateway.store.link import RedisLink, Script, StoreFault
from gateway.store.link_redis import open_link
from gateway.store.shards import SHARDS, key_in
from policylang.embed import (
    Charge,
    ConcurrencyState,
    Standing,
    State,
    calendar_window,
    plan_model,
    released,
    step,
    withheld,
)
from tests.servers.clocked import ClockedLink
from tests.servers.process import StoreProcess
from tests.servers.valkey import Cluster

NOW = 1_800_000_000_123_456
DAY = 86_400_000_000
LONGEST = 366 * DAY

numbers = count(1)


def charge(name: str, value: bytes, amount: plan_model.Amount, on_outage: str = "deny") -> Charge:
    text = name.encode()
    return Charge(
        name, len(text).to_bytes(4, "big") + text + value, amount, "allow" if on_outage == "allow" else "deny"
    )


WIPE = Script("wipe", "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 1")
IDENTITY = b"i" + bytes(16)
OTHER = b"i" + bytes(15) + b"\1"
ONE_SHARD = (
    charge("rate", IDENTITY, plan_model.Rate(3, 1_000_001, 2)),
    charge("slow", IDENTITY, plan_model.Rate(999_999_937, LONGEST, 1)),
    charge("deep", IDENTITY, plan_model.Rate(7, 86_399_999_999, 5)),
    charge("daily", IDENTITY, plan_model.Quota(3, "day", 0, "Europe/Berlin")),
    charge("monthly", IDENTITY, plan_model.Quota(5, "month", 0, "UTC")),
    charge("anchored", IDENTITY, plan_model.Quota(2, "anchored", 5_000_000, ""), "allow"),
    charge("slots", IDENTITY, plan_model.Concurrency(2, 3_000_000)),
)
MANY_SHARDS = (
    *ONE_SHARD,
    charge("tenant", b"tacme", plan_model.Quota(4, "week", 0, "America/New_York")),
    charge("route", b"rorders", plan_model.Rate(2, 1_000_000, 3)),
    charge("other", OTHER, plan_model.Concurrency(1, 10_000_000)),
)
gaps = st.sampled_from([0, 1, 333_333, 1_000_000, 5_000_000, 3_600_000_000, DAY, 31 * DAY, -1_000_000])
words = st.sampled_from(["ok"] * 8 + ["before", "after", "after", "release", "release", "wipe", "restart"])
which = st.sets(st.integers(0, len(MANY_SHARDS) - 1), min_size=1, max_size=4)
operations = st.lists(st.tuples(words, which, gaps, st.sampled_from([b"h1", b"h2", b"h3"])), max_size=30)


class FaultyLink(ClockedLink):
    """Loses the next step's call before the store has it, or its reply after it was done. ``away``: shards without answer."""

    fate = "ok"

    def __init__(self, inner: RedisLink, now: int) -> None:
        super().__init__(inner, now)
        self.away: set[int] = set()
        self.sent: list[asyncio.Future[Any]] = []

    def call(self, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]) -> asyncio.Future[Any]:
        fate = "ok"
        if script.name == "limits_step":
            fate, self.fate = ("before" if shard in self.away else self.fate), "ok"
        lost: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if fate == "before":
            lost.set_exception(StoreFault("connection", "not"))
            return lost
        reply = super().call(script, shard, keys, args)
        self.sent.append(reply)
        if fate == "ok":
            return reply
        reply.add_done_callback(lambda _: lost.set_exception(StoreFault("connection", "perhaps")))
        return lost

    async def settled(self) -> None:
        """Wait for what was sent and nobody waits for."""
        await asyncio.gather(*self.sent)
        self.sent.clear()


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@asynccontextmanager
async def opened(url: str, namespace: str = "") -> "AsyncIterator[tuple[FaultyLink, LimitsRedis]]":
    link = FaultyLink(open_link(url, namespace=namespace or f"limits{next(numbers)}", timeout=5), NOW)
    try:
        yield link, await gateway(link)
    finally:
        await link.close()


async def gateway(link: ClockedLink) -> LimitsRedis:
    eras = ErasRedis(link)
    await eras.learn()
    return LimitsRedis(link, eras, b"secret")


async def wipe(link: ClockedLink) -> None:
    """Delete what the namespace has, as a store that was emptied."""
    keys = [key_in(link.namespace, shard, b"era") for shard in range(SHARDS)]
    await asyncio.gather(
        *(link.call(WIPE, s, (key,), (key.removesuffix(b"era") + b"*",)) for s, key in enumerate(keys))
    )


async def asked(limits: LimitsRedis, charges: list[Charge], now: int, holder: bytes = b"h") -> Stepped:
    answer: Stepped = await settle(limits.step(charges, now, holder))
    return answer


class Model:
    """The counters as policylang.limits computes them, and what is known of their past."""

    def __init__(self) -> None:
        self.states: dict[bytes, State] = {}
        self.began: dict[int, int] = {}
        self.wiped: set[int] = set()

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing | Outage]:
        shards = {counter_of(c, "", b"").shard for c in charges}
        for shard in shards & self.wiped:
            self.began[shard] = now
        self.wiped -= shards
        unknown = [c for c in charges if self._unknown(c, now)]
        sure = [c for c in charges if c not in unknown]
        standings, after = step([c.amount for c in sure], [self.states.get(c.key) for c in sure], now, holder)
        if any(c.on_outage == "deny" for c in unknown):
            standings = withheld(standings) if after is not None else standings
        elif after is not None:
            self.states.update({c.key: s for c, s in zip(sure, after, strict=True) if s is not None})
        found = dict(zip([c.key for c in sure], standings, strict=True))
        return [found.get(c.key, OUTAGE) for c in charges]

    def _unknown(self, asked: Charge, now: int) -> bool:
        amount, began = asked.amount, self.began.get(counter_of(asked, "", b"").shard, 0)
        if not isinstance(amount, plan_model.Quota) or asked.key in self.states:
            return False
        since = (
            now - amount.micros
            if amount.window == "anchored"
            else calendar_window(amount.window or "day", amount.zone, now)[0]
        )
        return since < began

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        for asked in charges:
            state = self.states.get(asked.key)
            if isinstance(state, ConcurrencyState):
                left = released(state, holder)
                self.states.pop(asked.key)
                if left is not None:
                    self.states[asked.key] = left

    def wipe(self) -> None:
        self.states.clear()
        self.wiped = set(range(SHARDS))

    def restart(self) -> None:
        for shard in self.wiped:
            self.began[shard] = 0
        self.wiped = set()


Op = tuple[str, set[int], int, bytes]


def known(answer: Stepped) -> list[Standing]:
    """The standings of what is known."""
    return [] if isinstance(answer, Outage) else [one for one in answer if isinstance(one, Standing)]


def test_equals_the_model_with_lost_replies_losses_and_restarts(store_url: str, runner: asyncio.Runner) -> None:
    async def run(script: list[Op]) -> None:
        async with opened(store_url) as (link, first):
            running = first
            model, pool = Model(), ONE_SHARD if link.clustered else MANY_SHARDS
            for word, wanted, gap, holder in script:
                link.now = max(NOW, link.now + gap)
                charges = [pool[i] for i in sorted(wanted) if i < len(pool)] or [pool[0]]
                if word == "wipe":
                    await wipe(link)
                    model.wipe()
                elif word == "restart":
                    running = await gateway(link)
                    model.restart()
                elif word == "release":
                    running.release(charges, holder)
                    await link.settled()
                    model.release(charges, holder)
                else:
                    link.fate = word
                    answer = await asked(running, charges, link.now, holder)
                    found = any(counter_of(c, "", b"").shard in model.wiped for c in charges)
                    if word == "ok":
                        expected = model.step(charges, link.now, holder)
                        assert ([OUTAGE] * len(charges) if isinstance(answer, Outage) else answer) == expected
                    else:
                        assert answer is OUTAGE
                        if word == "after" and not found:
                            model.step(charges, link.now, holder)

    @given(operations)
    def check(script: list[Op]) -> None:
        runner.run(run(script))

    check()


EDGES = (
    plan_model.Rate(3, 1_000_000, 2),
    plan_model.Rate(7, 1_000_000, 2),
    plan_model.Rate(999_999_937, 1_000_003, 3),
    plan_model.Rate(2, 3, 1),
    plan_model.Quota(1, "anchored", 1_000_000, ""),
    plan_model.Quota(2, "day", 0, "UTC"),
    plan_model.Concurrency(1, 1_000_000),
)
TO_MIDNIGHT = DAY - NOW % DAY
GAPS = (0, 1, 333_333, 333_334, 666_667, 999_999, 1_000_000, 1_000_001, TO_MIDNIGHT - 1, TO_MIDNIGHT, TO_MIDNIGHT + 1)


async def test_equals_the_model_at_every_edge_and_after_every_reload(store_url: str) -> None:
    async with opened(store_url) as (link, limits):

        async def follow(number: int, first: plan_model.Amount, second: plan_model.Amount, gap: int) -> None:
            value, state, now = b"t%d" % number, None, NOW
            script = ((first, 0), (first, 0), (second, gap), (second, 0), (second, 1_000_000))
            for at, (amount, wait) in enumerate(script):
                now += wait
                link.now = now
                holder = b"h%d" % at
                stepped = limits.step([charge("edge", value, amount, "allow")], now, holder)
                standings, after = step([amount], [state], now, holder)
                assert await settle(stepped) == standings, (first, second, gap, at)
                state = state if after is None else after[0]

        pairs = [
            (a, b)
            for a in EDGES
            for b in EDGES
            if (type(a) is plan_model.Concurrency) == (type(b) is plan_model.Concurrency)
        ]
        cases = [(a, b, gap) for a, b in pairs for gap in GAPS]
        await asyncio.gather(*(follow(number, *case) for number, case in enumerate(cases)))


async def test_a_lost_memory_is_an_outage_of_quotas_alone(store_url: str) -> None:
    async with opened(store_url) as (link, limits):
        quota, rate = ONE_SHARD[3], ONE_SHARD[0]
        lenient = quota._replace(on_outage="allow")
        assert await asked(limits, [quota, rate], link.now) != OUTAGE
        await wipe(link)
        answer = await asked(limits, [quota, rate], link.now)
        assert isinstance(answer, list)
        assert answer[0] is OUTAGE
        assert answer[1] == Standing(True, 2, 333_334, 0), "nothing was charged"
        answer = await asked(limits, [lenient, rate], link.now)
        assert isinstance(answer, list)
        assert answer[0] is OUTAGE
        assert isinstance(answer[1], Standing)
        assert answer[1].remaining == 1, "the rate was"
        link.now += DAY
        assert isinstance(await asked(limits, [quota], link.now), list), "its next window is known from its beginning"
        await wipe(link)
        assert await asked(limits, [quota], link.now) is OUTAGE
        await ErasRedis(link).accept_loss()
        answer = await asked(limits, [quota], link.now)
        assert [s.remaining for s in known(answer)] == [2], "an operator has taken the loss"


async def test_a_store_that_is_away_is_an_outage_at_once_when_the_breaker_is_open() -> None:
    link = open_link("redis://127.0.0.1:1", timeout=0.2)
    limits = LimitsRedis(link, ErasRedis(link))
    try:
        async with asyncio.timeout(10):
            while link.well:
                assert await asked(limits, [ONE_SHARD[0]], NOW) is OUTAGE
        assert limits.step([ONE_SHARD[0]], NOW, b"h") is OUTAGE
        assert set(limits.outages) == {"connection", "open"}
    finally:
        await link.close()


async def test_a_gateway_whose_clock_is_years_off_counts_in_the_stores_window(store_url: str) -> None:
    async with opened(store_url) as (_, limits):
        daily = ONE_SHARD[3]
        for clock, left in ((NOW - 900 * DAY, 2), (NOW + 900 * DAY, 1)):
            limits.ahead = 0
            answer = await asked(limits, [daily], clock)
            assert [s.remaining for s in known(answer)] == [left]


async def test_an_amount_beyond_exact_arithmetic_is_an_outage_of_that_limit(store_url: str) -> None:
    far = charge("far", IDENTITY, plan_model.Rate(1, LONGEST, 10**9), "allow")
    async with opened(store_url) as (link, limits):
        answer = await asked(limits, [far, ONE_SHARD[0]], link.now)
        assert answer == [OUTAGE, Standing(True, 1, 333_334, 0)]
        assert limits.outages == {"unknown": 1}


async def test_an_unlimited_quota_is_never_asked(valkey_server: StoreProcess) -> None:
    unlimited = charge("all", IDENTITY, plan_model.Quota(None, None, 0, ""))
    async with opened(f"redis://{valkey_server.address}") as (_, limits):
        with pytest.raises(ValueError, match="unlimited"):
            limits.step([unlimited], NOW, b"h")


async def test_a_broader_limit_refuses_and_the_narrower_ones_get_back_what_they_gave(valkey_cluster: Cluster) -> None:
    route = charge("route", b"rorders", plan_model.Quota(1, "anchored", DAY, ""))
    narrow = [ONE_SHARD[i] for i in (0, 3, 5, 6)]
    async with opened(valkey_cluster.url) as (link, limits):
        link.now = NOW
        first = await asked(limits, [route, *narrow], link.now, b"h1")
        assert all(s.admitted for s in known(first))
        for _ in range(3):
            refused = await asked(limits, [route, *narrow], link.now, b"h2")
            assert isinstance(refused, list)
            assert [s.admitted for s in known(refused)] == [False, True, True, True, True]
            assert [s.remaining for s in known(refused)] == [0, 1, 2, 1, 1]
            await link.settled()
        alone = await asked(limits, narrow, link.now, b"h2")
        assert [s.remaining for s in known(alone)] == [0, 1, 0, 0]
        assert limits.shortfalls == 0


async def test_a_refund_never_gives_more_than_was_taken(valkey_cluster: Cluster) -> None:
    rate, quota = ONE_SHARD[0], ONE_SHARD[3]
    async with opened(valkey_cluster.url) as (link, limits):
        counters = [limits.counter(rate), limits.counter(quota)]
        await asked(limits, [rate, quota], link.now)
        link.now += 300_000
        await asked(limits, [rate, quota], link.now)
        limits.refund(counters[0].shard, [(rate, counters[0], b"", NOW), (quota, counters[1], b"", NOW)], b"h")
        await link.settled()
        answer = await asked(limits, [quota], link.now)
        assert [s.remaining for s in known(answer)] == [1], "one of two came back"
        refused = await asked(limits, [rate], link.now)
        assert [s.admitted for s in known(refused)] == [False], "others rest on the rate's time"


async def test_a_node_that_is_away_is_an_outage_of_the_limits_that_live_there(valkey_cluster: Cluster) -> None:
    lenient = charge("tenant", b"tacme", plan_model.Quota(4, "anchored", DAY, ""), "allow")
    strict = charge("route", b"rorders", plan_model.Quota(4, "anchored", DAY, ""))
    slots = ONE_SHARD[6]
    async with opened(valkey_cluster.url) as (link, limits):
        link.away = {limits.counter(lenient).shard}
        for left in (3, 2):
            answer = await asked(limits, [lenient, strict], link.now)
            assert answer == [OUTAGE, Standing(True, left, DAY, 0)]
        assert await asked(limits, [lenient], link.now) is OUTAGE
        link.away = {limits.counter(strict).shard}
        for holder in (b"h1", b"h2", b"h3"):
            answer = await asked(limits, [strict, slots], link.now, holder)
            assert answer == [OUTAGE, Standing(True, 2, 0, 0)], "the slot was given back"
            await link.settled()


async def test_counters_leave_by_themselves_and_tell_nobody_who_they_are(valkey_server: StoreProcess) -> None:
    async with opened(f"redis://{valkey_server.address}", "leaving") as (link, limits):
        email = charge("tenant", b"tann@example.com", plan_model.Rate(1, 1_000_000, 1))
        await asked(limits, [*MANY_SHARDS, email], link.now)
        keys: list[bytes] = valkey_server.ask("KEYS", "leaving:*")
        counters = [key for key in keys if not key.endswith(b":era")]
        assert len(counters) == len(MANY_SHARDS) + 1
        for key in counters:
            assert b"example" not in key
            assert valkey_server.ask("PTTL", key) > 0
        assert valkey_server.ask("PTTL", limits._eras.key(0)) < 0
