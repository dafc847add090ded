"""Leases: never above the limit over several gateways, ends of windows, outages, and what is put back."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, LimitStore, Outage, Stepped
from gateway.quota import lease
from gateway.quota.lease import DRY_MICROS, IDLE_MICROS, LeasedLimits, Taken, share
from gateway.quota.lease_memory import MemoryLeases
from policylang.embed import Charge, Standing, plan_model
from tests.strategies.charges import charge

WINDOW = 10_000_000
NOW = 1_700_000_000_000_000 - 1_700_000_000_000_000 % WINDOW
DAY = 86_400_000_000
COUNT = 40
LEASED = plan_model.Quota(COUNT, "anchored", WINDOW, "", 8)
DAILY = plan_model.Quota(COUNT, "day", 0, "UTC", 8)
SLOW = plan_model.Rate(1, 60_000_000, 2)


class Network:
    """One store at its own time, behind a network that delivers when it is told to. ``now`` is the store's time."""

    def __init__(self) -> None:
        self.store = MemoryLeases()
        self.now = NOW
        self.down = False
        self.slow = False
        self.pending: list[asyncio.Future[None]] = []
        self.taken: list[int] = []

    def reach(self, go: Callable[[], object]) -> object:
        """Done at once, or when the network delivers."""
        if not self.slow:
            return go()
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.pending.append(future)
        return Parked(future, go)

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Stepped | Parked[Stepped]:
        answer = self.reach(partial(self._step, charges, holder))
        assert isinstance(answer, list | Outage | Parked)
        return answer

    def _step(self, charges: Sequence[Charge], holder: bytes) -> Stepped:
        return OUTAGE if self.down else self.store.step(charges, self.now, holder)

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.store.release(charges, holder)

    def take(self, charge: Charge, units: int, now: int) -> Taken | Outage | Parked[Taken | Outage]:
        answer = self.reach(partial(self._take, charge, units))
        assert isinstance(answer, Taken | Outage | Parked)
        return answer

    def _take(self, charge: Charge, units: int) -> Taken | Outage:
        if self.down:
            return OUTAGE
        taken = self.store.take(charge, units, self.now)
        self.taken.append(taken.granted)
        return taken

    def give_back(self, charge: Charge, units: int, end: int) -> None:
        if not self.down:
            self.store.give_back(charge, units, end)

    def used(self, key: str) -> int:
        state = self.store._young.get(key.encode()) or self.store._old.get(key.encode())
        used = getattr(state, "used", 0)
        assert isinstance(used, int)
        return used


def gateway(network: Network, offset: int = 0) -> LeasedLimits:
    return LeasedLimits(network, network, lambda: network.now - NOW + offset)


async def admitted(store: LimitStore, charges: list[Charge], network: Network) -> bool:
    answer: Stepped = await settle(store.step(charges, network.now, b"h"))
    assert not isinstance(answer, Outage)
    return all(isinstance(s, Standing) and s.admitted for s in answer)


@pytest.mark.parametrize(
    ("units", "left", "granted"), [(50, 10**6, 50), (50, 4, 1), (50, 7, 1), (50, 8, 2), (9, 1, 1), (9, 0, 0)]
)
def test_near_the_limit_blocks_shrink_to_one(units: int, left: int, granted: int) -> None:
    assert share(units, left) == granted


KINDS = ("ask", "ask", "ask", "burst", "deliver", "deliver", "later", "idle", "outage", "back")
actions = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 9),
    ),
    max_size=120,
)


@settings(deadline=None, max_examples=150)
@given(actions)
def test_gateways_together_never_exceed_the_limit(script: list[tuple[str, int]]) -> None:
    asyncio.run(played(script))


async def played(script: list[tuple[str, int]]) -> None:
    """In every window: what was admitted at once, and in all: never more than the store's counter was charged."""
    network = Network()
    network.slow = True
    gateways = [gateway(network, offset) for offset in (0, 10**9, 5)]
    limit, at_once, in_all = [charge("a", DAILY)], dict[int, int](), 0
    waiting: list[asyncio.Task[Stepped]] = []
    for action, number in script:
        if action in {"ask", "burst"}:
            for _ in range(1 if action == "ask" else 9):
                answer = gateways[number % 3].step(limit, network.now, b"h")
                window = network.now // DAY
                if isinstance(answer, Parked):
                    waiting.append(asyncio.ensure_future(settle(answer)))
                else:
                    assert not isinstance(answer, Outage)
                    at_once[window] = at_once.get(window, 0) + 1
                    in_all += 1
        elif action == "deliver" and network.pending:
            network.pending.pop(number % len(network.pending)).set_result(None)
        elif action == "later":
            network.now += number * DAY // 7
        elif action == "idle":
            network.now += IDLE_MICROS // 9
            gateways[number % 3].sweep()
        elif action in {"outage", "back"}:
            network.down = action == "outage"
        for _ in range(6):
            await asyncio.sleep(0)
    network.slow, network.down = False, False
    while network.pending or not all(task.done() for task in waiting):
        for future in network.pending:
            future.set_result(None)
        network.pending = []
        await asyncio.sleep(0)
    for answer in await asyncio.gather(*waiting):
        in_all += not isinstance(answer, Outage) and all(isinstance(s, Standing) and s.admitted for s in answer)
    for one in gateways:
        await one.close()
    assert all(count <= COUNT for count in at_once.values())
    assert in_all <= COUNT * (network.now // DAY - NOW // DAY + 1)


async def test_one_window_is_exact_and_nothing_is_stranded() -> None:
    network = Network()
    gateways = [gateway(network), gateway(network, 77)]
    limit = [charge("a", LEASED)]
    said = [await admitted(gateways[i % 2], limit, network) for i in range(60)]
    network.now += DRY_MICROS
    for one in gateways:
        said += [await admitted(one, limit, network) for _ in range(20)]
    assert sum(said) == LEASED.count
    assert max(network.taken) <= LEASED.lease


async def test_most_steps_ask_no_store() -> None:
    network = Network()
    store = gateway(network)
    limit = [charge("a", plan_model.Quota(100_000, "day", 0, "UTC", 100))]
    for _ in range(1_000):
        assert await admitted(store, limit, network)
    assert len(network.taken) < 30


async def test_a_block_ends_before_its_window_does_whatever_the_gateways_clock_says() -> None:
    network = Network()
    store = gateway(network, 10**12)
    limit = [charge("a", LEASED)]
    assert await admitted(store, limit, network)
    await asyncio.sleep(0)
    network.now += WINDOW - 1
    network.down = True
    assert await settle(store.step(limit, network.now, b"h")) is OUTAGE


async def test_at_the_end_of_a_window_nothing_is_taken_that_cannot_be_spent() -> None:
    network = Network()
    network.now = NOW - NOW % DAY + DAY - 1_000_000
    store = gateway(network)
    limit = [charge("a", DAILY)]
    assert sum([await admitted(store, limit, network) for _ in range(60)]) == COUNT
    network.now += 1_000_000
    assert await admitted(store, limit, network)


async def test_a_step_that_the_store_refuses_spends_no_unit() -> None:
    network = Network()
    store = gateway(network)
    both = [charge("a", LEASED), charge("r", SLOW)]
    assert [await admitted(store, both, network) for _ in range(2)] == [True, True]
    before = await settle(store.step(both, network.now, b"h"))
    after = await settle(store.step(both, network.now, b"h"))
    assert before == after
    assert isinstance(after, list)
    assert [standing.admitted for standing in after] == [True, False]
    await store.close()
    assert network.used("a") == 2


async def test_an_outage_of_the_store_refuses_what_is_not_here_and_spends_nothing() -> None:
    network = Network()
    store = gateway(network)
    limit, rate = charge("a", LEASED), charge("r", SLOW)
    assert await admitted(store, [limit], network)
    await asyncio.sleep(0)
    network.down = True
    assert await admitted(store, [limit], network), "what is here is spent"
    answer = await settle(store.step([limit, rate], network.now, b"h"))
    assert isinstance(answer, list)
    assert answer[1] is OUTAGE
    lax = rate._replace(on_outage="allow")
    answer = await settle(store.step([limit, lax], network.now, b"h"))
    assert isinstance(answer, list)
    assert isinstance(answer[0], Standing)
    network.down = False
    await store.close()
    assert network.used("a") == 3


async def test_a_lease_that_cannot_be_had_is_gone_without_where_the_limit_allows_it() -> None:
    network = Network()
    store = gateway(network)
    network.down = True
    strict = charge("a", LEASED)
    assert await settle(store.step([strict], network.now, b"h")) is OUTAGE
    answer = await settle(store.step([strict._replace(on_outage="allow")], network.now, b"h"))
    assert answer == [OUTAGE]


async def test_what_is_promised_is_here_and_no_more() -> None:
    network = Network()
    store = gateway(network)
    limit = [charge("a", plan_model.Quota(1_000, "anchored", WINDOW, "", 10))]
    for _ in range(200):
        answer = await settle(store.step(limit, network.now, b"h"))
        assert isinstance(answer, list)
        standing = answer[0]
        assert isinstance(standing, Standing)
        assert standing.remaining <= 10
        assert 0 < standing.reset_micros <= WINDOW


async def test_idle_blocks_go_back_and_their_number_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "MOST_BLOCKS", 3)
    long = plan_model.Quota(1_000, "day", 0, "UTC", 10)
    network = Network()
    store = gateway(network)
    for n in range(6):
        assert await admitted(store, [charge(f"u{n}", long)], network)
        await asyncio.sleep(0)
    assert len(store) == 3
    assert network.used("u0") == 1
    assert network.used("u5") == 10
    network.now += IDLE_MICROS
    store.sweep()
    assert len(store) == 0
    assert network.used("u5") == 1


async def test_waiters_share_one_take_after_the_other_in_order() -> None:
    network = Network()
    network.slow = True
    store = gateway(network)
    limit = [charge("a", LEASED)]
    tasks = [asyncio.ensure_future(settle(store.step(limit, network.now, b"h"))) for _ in range(10)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(network.pending) == 1
    tasks[0].cancel()
    await asyncio.sleep(0)
    network.slow = False
    network.pending.pop().set_result(None)
    answers = await asyncio.gather(*tasks[1:])
    assert all(isinstance(answer, list) and answer[0].admitted for answer in answers)
    assert network.taken[0] == 8
