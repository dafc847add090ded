import asyncio

import pytest

from gateway.authn import key_holder
from gateway.authn.epoch import Epoch
from gateway.authn.key_fetch import Fetched, FetchFailed, KeyPlace
from gateway.authn.key_holder import MAX_WAITERS, WOKEN_PER_TURN, KeyCounters, KeyHolder
from gateway.authn.key_set import DEFAULT_TIMING, MINUTE, SECOND
from gateway.authn.keys import make_key, make_key_set
from tests.strategies.key_sources import HandClock, HandFetcher, published, settled
from tests.strategies.tokens import NOW, ec_key, jwk

PLACE = KeyPlace("url", "https://id.example/jwks")
ONE = jwk(ec_key(), kid="one")
TWO = jwk(ec_key(1), kid="two")


class Bench:
    """A holder and everything around it."""

    def __init__(self, answer: Fetched | FetchFailed, place: KeyPlace | None = PLACE) -> None:
        self.clock = HandClock(NOW)
        self.epoch = Epoch()
        self.counters = KeyCounters()
        self.fetcher = HandFetcher(answer)
        self.holder = KeyHolder(place, self.fetcher, self.clock, self.epoch, self.counters, DEFAULT_TIMING)

    def kids(self) -> list[str | None]:
        keys = self.holder.usable(self.clock.now)
        return [] if keys is None else [key.kid for key in keys.keys]


async def test_the_first_wait_fetches_and_wakes() -> None:
    bench = Bench(published(ONE))
    assert bench.kids() == []
    waiting = bench.holder.wait(NOW)
    assert waiting is not None
    await waiting
    assert bench.kids() == ["one"]
    assert bench.fetcher.places == [PLACE]
    assert bench.epoch.value == 1
    assert bench.holder.reason == ""


async def test_a_thousand_waiters_cost_one_fetch_and_are_woken_a_few_at_a_time() -> None:
    bench = Bench(published(ONE))
    bench.fetcher.gate.clear()
    waiting = [asyncio.ensure_future(future) for _ in range(1000) if (future := bench.holder.wait(NOW)) is not None]
    assert len(waiting) == 1000
    bench.fetcher.gate.set()
    awake = 0
    while awake < 1000:
        await asyncio.sleep(0)
        now_awake = sum(future.done() for future in waiting)
        assert now_awake - awake <= WOKEN_PER_TURN
        awake = now_awake
    assert len(bench.fetcher.places) == 1


async def test_a_waiter_that_is_cancelled_takes_nobody_with_it() -> None:
    bench = Bench(published(ONE))
    bench.fetcher.gate.clear()
    first, second = bench.holder.wait(NOW), bench.holder.wait(NOW)
    assert first is not None
    assert second is not None
    task = asyncio.ensure_future(first)
    task.cancel()
    bench.fetcher.gate.set()
    await second
    assert bench.kids() == ["one"]


async def test_waiters_are_bounded() -> None:
    bench = Bench(published(ONE))
    bench.fetcher.gate.clear()
    waiting = [bench.holder.wait(NOW) for _ in range(MAX_WAITERS)]
    assert None not in waiting
    assert bench.holder.wait(NOW) is None
    await bench.holder.stop()


async def test_a_failed_fetch_wakes_everybody_and_the_next_one_waits() -> None:
    bench = Bench(FetchFailed("timeout"))
    waiting = bench.holder.wait(NOW)
    assert waiting is not None
    await waiting
    assert bench.kids() == []
    assert bench.holder.reason == "timeout"
    assert bench.counters.fetch_failures == 1
    assert bench.holder.wait(NOW) is None
    assert len(bench.fetcher.places) == 1
    bench.fetcher.answer = published(ONE)
    bench.holder.tick(NOW + SECOND)
    await settled()
    assert bench.kids() == ["one"]
    assert bench.holder.reason == ""


@pytest.mark.parametrize("document", [{}, {"keys": 7}, {"error": "x"}])
async def test_an_answer_that_is_no_key_set_is_a_failure(document: dict[str, object]) -> None:
    bench = Bench(Fetched(document, None))
    bench.holder.tick(NOW)
    await settled()
    assert bench.holder.reason == "not_a_key_set"
    assert bench.holder.state.failures == 1


async def test_a_refresh_replaces_the_set_and_raises_the_epoch() -> None:
    bench = Bench(published(ONE))
    bench.holder.tick(NOW)
    await settled()
    bench.fetcher.answer = published(TWO)
    bench.clock.now += 12 * MINUTE
    bench.holder.tick(bench.clock.now)
    await settled()
    assert bench.kids() == ["two"]
    assert bench.epoch.value == 2
    bench.clock.now += 12 * MINUTE
    bench.holder.tick(bench.clock.now)
    await settled()
    assert bench.epoch.value == 2
    assert bench.counters.changes == 2
    assert bench.counters.fetches == 3


async def test_skipped_keys_are_counted() -> None:
    bench = Bench(published(ONE, {"kty": "oct"}, {"kty": "RSA"}))
    bench.holder.tick(NOW)
    await settled()
    assert bench.kids() == ["one"]
    assert bench.counters.skipped_keys == 2


async def test_unknown_kids_cost_one_fetch_in_a_cool_down() -> None:
    bench = Bench(published(ONE))
    bench.holder.tick(NOW)
    await settled()
    for second in range(61):
        bench.clock.now = NOW + second * SECOND
        for _ in range(10):
            bench.holder.wait_for_unknown(bench.clock.now)
        await settled()
    assert len(bench.fetcher.places) == 1 + 3
    assert bench.counters.unknown_kids == 610


async def test_fixed_keys_never_wait() -> None:
    bench = Bench(published(ONE), place=None)
    keys = make_key_set([make_key("fixed", ec_key().public_key())], 0)
    assert bench.holder.wait(NOW) is None
    bench.holder.fix(keys, "")
    assert bench.kids() == ["fixed"]
    assert bench.epoch.value == 1
    bench.holder.fix(keys, "")
    assert bench.epoch.value == 1
    assert bench.holder.wait(NOW) is None
    assert bench.holder.wait_for_unknown(NOW) is None
    bench.holder.fix(None, "secret_missing")
    assert bench.kids() == []
    assert bench.epoch.value == 2
    assert bench.holder.reason == "secret_missing"
    assert bench.fetcher.places == []


async def test_stopping_ends_the_fetch_and_releases_who_waits() -> None:
    bench = Bench(published(ONE))
    bench.fetcher.gate.clear()
    waiting = bench.holder.wait(NOW)
    assert waiting is not None
    await bench.holder.stop()
    await waiting
    assert bench.kids() == []
    await bench.holder.stop()


async def test_a_fetcher_that_breaks_leaves_a_failure_and_no_waiter_behind() -> None:
    class Broken:
        async def fetch(self, place: KeyPlace) -> Fetched | FetchFailed:
            raise RuntimeError(place.kind)

    bench = Bench(published(ONE))
    holder = KeyHolder(PLACE, Broken(), bench.clock, bench.epoch, bench.counters, DEFAULT_TIMING)
    loop = asyncio.get_running_loop()
    told: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _loop, context: told.append(context))
    waiting = holder.wait(NOW)
    assert waiting is not None
    await waiting
    assert holder.reason == "interrupted"
    assert holder.state.failures == 1
    await holder.stop()
    loop.set_exception_handler(None)
    assert key_holder.MAX_WAITERS > 1000
