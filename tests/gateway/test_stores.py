"""The store that settings name, seen from outside: each kind opens, counts, keeps records and closes; what cannot is told of."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from gateway.message.parked import settle
from gateway.message.ports import OUTAGE, Outage, Stepped
from gateway.records.port import Stored
from gateway.settings import StoreSettings, UsageSettings
from gateway.stores import Stores, StoreUnusable, stores
from gateway.usage.periods import DAY, HOUR
from gateway.usage.port import Batch, Cell, Query, Usage
from policylang.embed import Charge, Standing, plan_model
from tests.gateway.records.benches import NOW, SECOND, HandClock
from tests.servers.process import StoreProcess, free_port
from tests.servers.valkey import APPEND_ONLY, standalone

KEY = b"k" * 32
QUOTA = plan_model.Quota(3, "anchored", 3_600 * SECOND, "")


class Told:
    """Lines for the operator, and a clock: what a store is opened with besides its settings."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.clock = HandClock()

    def open(
        self, url: str, usage: UsageSettings | None = None, key: bytes = KEY, **given: Any
    ) -> AbstractAsyncContextManager[Stores]:
        settings = StoreSettings(url, **given)
        return stores(settings, usage or UsageSettings(), 20_000, key, self.clock, self.clock, self.lines.append)


@pytest.fixture
def told() -> Told:
    return Told()


def charge(name: str = "daily", amount: plan_model.Amount = QUOTA) -> Charge:
    return Charge(name, len(name).to_bytes(4, "big") + name.encode() + b"i" + bytes(16), amount, "deny")


async def stepped(opened: Stores, *charges: Charge, holder: bytes = b"h") -> Stepped:
    """What a step comes to in the end."""
    answer: Stepped = await settle(opened.limits.step(charges or (charge(),), NOW, holder))
    return answer


async def left(opened: Stores, *charges: Charge) -> list[tuple[bool, int]]:
    """Of each standing, whether it was admitted and what remains."""
    standings = await stepped(opened, *charges)
    assert not isinstance(standings, Outage)
    found = []
    for standing in standings:
        assert isinstance(standing, Standing)
        found.append((standing.admitted, standing.remaining))
    return found


async def refusal(opening: AbstractAsyncContextManager[Stores]) -> str:
    """The words of a store that cannot be used."""
    with pytest.raises(StoreUnusable) as refused:
        async with opening:
            pass
    return str(refused.value)


# What cannot be opened


@pytest.mark.parametrize("url", ["", "postgres://127.0.0.1/x", "sqlite:relative.db", "memory", "redis://"])
async def test_a_url_of_no_store(told: Told, url: str) -> None:
    words = await refusal(told.open(url))
    assert words.startswith("store.url: ")


async def test_a_password_in_a_url_is_not_repeated(told: Told) -> None:
    words = await refusal(told.open("redis://gateway:correct-horse@127.0.0.1:1"))
    assert words.startswith("store.url: ")
    assert "correct-horse" not in words


async def test_files_for_tls_that_are_not_there(told: Told, tmp_path: Path) -> None:
    words = await refusal(told.open("rediss://127.0.0.1:1", tls_ca=tmp_path / "none.pem"))
    assert words.startswith("store: the files for TLS cannot be used: ")


async def test_a_folder_is_no_file(told: Told, tmp_path: Path) -> None:
    words = await refusal(told.open(f"sqlite:///{tmp_path}"))
    assert words.startswith(f"store.url: {tmp_path}: ")


async def test_a_file_of_another_kind_is_left_as_it_is(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database\n" * 400)
    words = await refusal(told.open(f"sqlite:///{path}"))
    assert "damaged, or no SQLite database" in words
    assert path.read_text() == "not a database\n" * 400


async def test_one_file_serves_one_gateway(told: Told, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    async with told.open(url) as first:
        words = await refusal(told.open(url))
        assert words.startswith("store.url: ")
        assert "another gateway has this file" in words
        assert await left(first) == [(True, 2)]
    async with told.open(url) as second:
        assert await left(second) == [(True, 1)]
    assert told.lines == []


# Memory


async def test_memory_forgets(told: Told) -> None:
    async with told.open("memory:") as opened:
        assert (opened.kind, opened.counters(), opened.breaker(), opened.losses()) == ("memory", 0, "closed", 0)
        assert [await left(opened) for _ in range(4)] == [[(True, 2)], [(True, 1)], [(True, 0)], [(False, 0)]]
        assert opened.counters() == 1
        assert isinstance(await opened.records.put("metadata", "a", b"{}", 0, None), Stored)
        assert await opened.accept_loss() is None
    async with told.open("memory:") as again:
        assert await left(again) == [(True, 2)]
        assert await again.records.get("metadata", "a") is None


async def test_sweeping_lets_go_of_counters_whose_window_is_over(told: Told) -> None:
    async with told.open("memory:") as opened:
        await left(opened)
        opened.sweep(NOW)
        assert opened.counters() == 1
        for _ in range(3):
            opened.sweep(NOW + 7_200 * SECOND)
        assert opened.counters() == 0


# A file


async def test_a_file_keeps_what_was_counted_written_and_used(told: Told, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    async with told.open(url) as opened:
        assert opened.kind == "sqlite"
        assert await left(opened) == [(True, 2)]
        assert await left(opened) == [(True, 1)]
        written = await opened.records.put("metadata", "a", b'{"roles":["x"]}', 0, 0)
        assert isinstance(written, Stored)
        await used(opened)
    assert (tmp_path / "gateway.db").stat().st_mode & 0o777 == 0o600
    async with told.open(url) as again:
        assert await left(again) == [(True, 0)]
        assert await left(again) == [(False, 0)]
        assert await again.records.get("metadata", "a") == written
        assert await requests(again) == 2
    assert told.lines == []


async def test_a_file_is_let_go_when_the_block_fails(told: Told, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"

    async def failing() -> None:
        async with told.open(url) as opened:
            assert await left(opened) == [(True, 2)]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    async with told.open(url) as again:
        assert await left(again) == [(True, 1)]


async def test_counters_are_named_with_the_operators_key(told: Told, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gateway.db'}"
    async with told.open(url) as opened:
        assert await left(opened) == [(True, 2)]
    async with told.open(url, key=b"another") as other:
        assert await left(other) == [(True, 2)]
    for path in tmp_path.iterdir():
        assert charge().key not in path.read_bytes()


# Usage


async def used(opened: Stores, hour: int = NOW - NOW % HOUR) -> None:
    """Two requests of one hour."""
    cell = Cell(hour, b"i" * 16, "plain", "orders", {"n": 2})
    assert await opened.usage.add(Batch(f"gateway-{hour}", 1, (cell,))) is True


async def requests(opened: Stores, hour: int = NOW - NOW % HOUR) -> int:
    found = await opened.usage.read(Query(hour, hour + HOUR))
    assert isinstance(found, Usage)
    return found.total.requests


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_usage_is_kept_for_as_long_as_the_settings_say(told: Told, tmp_path: Path, kind: str) -> None:
    url = "memory:" if kind == "memory" else f"sqlite:///{tmp_path / 'gateway.db'}"
    async with told.open(url, UsageSettings(keep_hours=2, keep_days=1)) as opened:
        await used(opened)
        assert await requests(opened) == 2
        told.clock.now += 2 * HOUR
        assert await requests(opened) == 2
        told.clock.now += 2 * HOUR
        await used(opened, told.clock.now - told.clock.now % HOUR)
        assert await requests(opened) == 0
        day = NOW - NOW % DAY
        found = await opened.usage.read(Query(day, day + 2 * DAY, "day"))
        assert isinstance(found, Usage)
        assert found.total.requests == 4


# A server


async def test_two_gateways_of_a_server_count_together(told: Told, store_url: str, namespace: str) -> None:
    kind = "redis-cluster" if "+cluster" in store_url else "redis"

    def opening() -> AbstractAsyncContextManager[Stores]:
        return told.open(store_url, namespace=namespace, timeout_seconds=5.0)

    async with opening() as first, opening() as second:
        assert (first.kind, first.breaker(), first.losses()) == (kind, "closed", 0)
        assert await left(first) == [(True, 2)]
        assert await left(second) == [(True, 1)]
        written = await first.records.put("metadata", "a", b"{}", 0, 0)
        assert await second.records.get("metadata", "a") == written
        assert await first.accept_loss() is None
    async with opening() as third:
        assert await left(third) == [(True, 0)]
        assert await left(third) == [(False, 0)]
    assert told.lines == []


async def test_namespaces_of_a_server_do_not_meet(told: Told, valkey_server: StoreProcess, namespace: str) -> None:
    url = f"redis://{valkey_server.address}"
    async with (
        told.open(url, namespace=f"{namespace}a", timeout_seconds=5.0) as one,
        told.open(url, namespace=f"{namespace}b", timeout_seconds=5.0) as other,
    ):
        assert await left(one) == [(True, 2)]
        assert await left(other) == [(True, 2)]


async def test_what_a_lease_has_left_goes_back_when_the_store_is_closed(
    told: Told, valkey_server: StoreProcess, namespace: str
) -> None:
    url = f"redis://{valkey_server.address}"
    leased = charge("leased", plan_model.Quota(100, "anchored", 3_600 * SECOND, "", 20))
    single = charge("leased", plan_model.Quota(100, "anchored", 3_600 * SECOND, ""))
    async with told.open(url, namespace=namespace, timeout_seconds=5.0) as opened:
        assert [admitted for admitted, _ in await left(opened, leased)] == [True]
        assert opened.counters() == 1
        async with told.open(url, namespace=namespace, timeout_seconds=5.0) as beside:
            held = (await left(beside, single))[0][1]
            assert held < 98
    async with told.open(url, namespace=namespace, timeout_seconds=5.0) as again:
        assert await left(again, single) == [(True, 97)]


async def test_a_server_that_lost_its_memory_before_anything_was_counted(told: Told, namespace: str) -> None:
    with standalone() as server:
        url = f"redis://{server.address}"
        async with told.open(url, namespace=namespace, timeout_seconds=5.0) as opened:
            server.ask("FLUSHALL")
            assert await stepped(opened) in (OUTAGE, [OUTAGE])
            assert opened.losses() == 1
            rate = charge("rate", plan_model.Rate(5, SECOND, 5))
            assert [admitted for admitted, _ in await left(opened, rate)] == [True]
            assert await opened.accept_loss() is None
            assert await left(opened) == [(True, 2)]


async def test_a_server_that_is_down_at_the_start(told: Told, namespace: str) -> None:
    url = f"redis://127.0.0.1:{free_port()}"
    async with told.open(url, namespace=namespace) as opened:
        assert opened.kind == "redis"
        assert await stepped(opened) in (OUTAGE, [OUTAGE])
        assert opened.breaker() == "open"
        assert await opened.records.get("metadata", "a") is OUTAGE
        assert await opened.records.put("metadata", "a", b"{}", 0, None) is OUTAGE
        assert await opened.usage.read(Query(NOW - HOUR, NOW)) is OUTAGE
        assert await opened.accept_loss() is OUTAGE
    assert len(told.lines) == 1
    assert told.lines[0].startswith("store: not reached: ")


async def test_a_server_that_comes_back_is_used_and_told_of_once(told: Told, namespace: str) -> None:
    with standalone(persistence=APPEND_ONLY) as server:
        server.stop()
        async with told.open(f"redis://{server.address}", namespace=namespace, timeout_seconds=1.0) as opened:
            assert await stepped(opened) in (OUTAGE, [OUTAGE])
            server.start()
            await until(lambda: "store: reached" in told.lines)
            assert await left(opened) == [(True, 2)]
            assert (opened.breaker(), opened.losses()) == ("closed", 0)
    assert [line.partition(":")[2].split(":")[0] for line in told.lines] == [" not reached", " reached"]


async def until(holds: Callable[[], bool], turns: int = 600) -> None:
    """Ask again every twentieth of a second, half a minute at the longest."""
    for _ in range(turns):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")
