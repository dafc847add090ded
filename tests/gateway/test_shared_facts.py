"""Cache, access keys and revocations of one store: one feed tells all of them, and without it none of them guesses."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

import gateway.shared_facts
from gateway.authn.epoch import Epoch
from gateway.authn.jwk import jwk_problem
from gateway.keys.changes import Created
from gateway.keys.making import KeyPatch, NewKey
from gateway.keys.names import Subject, metadata_name, revocation_name
from gateway.keys.port import AccessKey
from gateway.keys.records import RevocationRecord, write_revocation
from gateway.keys.secrets import master_of, parse_opaque, secret_digest, secret_holds
from gateway.keys.service import ORPHAN_GRACE, KeyService
from gateway.message.parked import settle
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import Page, Stored
from gateway.settings import Settings
from gateway.shared_facts import SECOND, SharedFacts, elapsed, shared_facts
from tests.gateway.records.benches import NOW, HandClock
from tests.gateway.records.held_store import HeldStore, answer, put
from tests.strategies.ring_door import PARTNERS

IDENTITY = b"i" * 16
IDENTITY_KEY = b"operator"
MASTER = master_of(IDENTITY_KEY)
IDENTITY_NAME = revocation_name(Subject("identity", "", IDENTITY))


class Scene:
    """Facts of a store whose answers a test holds. ``steady`` is the clock that never goes back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, most: int = 100, stale_seconds: int = 60) -> None:
        self.clock, self.steady = HandClock(), HandClock(7 * SECOND)
        monkeypatch.setattr(gateway.shared_facts, "elapsed", self.steady)
        self.told: list[str] = []
        self.epochs = Epoch()
        self.store = HeldStore(self.clock)
        settings = Settings(revocations_at_most=most, revocations_stale_seconds=stale_seconds)
        self.facts: SharedFacts = shared_facts(
            self.store, self.epochs, IDENTITY_KEY, self.clock, self.told.append, settings
        )
        self.service = KeyService(self.store, MASTER, lambda: (PARTNERS,), jwk_problem, lambda size: b"\7" * size)

    async def turn(self) -> None:
        await self.facts.feed.turn()

    async def made(self) -> Created:
        made = await self.service.create(NewKey(PARTNERS.keys.value, "opaque", {"sub": "u"}))
        assert isinstance(made, Created)
        return made

    async def found(self, kid: str) -> AccessKey | Outage | None:
        answer: AccessKey | Outage | None = await settle(self.facts.keys.find(PARTNERS.keys.value, kid, self.clock.now))
        return answer

    def revoked(self) -> bool | Outage:
        return self.facts.revocations.revoked("corp", IDENTITY, None, 0, self.clock.now)

    async def revoke(self, name: str = IDENTITY_NAME) -> None:
        content = write_revocation(RevocationRecord(None, self.clock.now))
        assert isinstance(await self.store.put("revocation", name, content, 0, None), Stored)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def test_the_clock_for_staleness_never_goes_back() -> None:
    seen = [elapsed() for _ in range(1_000)]
    assert seen == sorted(seen)
    assert all(type(instant) is int for instant in seen)


# Before the store was heard


async def test_nobody_is_cleared_before_the_list_was_read(scene: Scene) -> None:
    assert scene.revoked() is OUTAGE
    await scene.turn()
    assert scene.revoked() is OUTAGE
    assert await scene.facts.revocations.load()
    assert scene.revoked() is False


async def test_a_store_that_is_down_at_the_start(scene: Scene) -> None:
    scene.store.down = True
    await scene.turn()
    assert not scene.facts.feed.live
    assert await scene.found("0" * 16) is OUTAGE
    assert await answer(scene.facts.cache.look("metadata", "a", NOW)) is OUTAGE
    assert scene.told == ["records: the store does not answer; what it holds cannot be looked up"]


# While it is heard


async def test_every_follower_believes_the_one_feed(scene: Scene) -> None:
    await scene.turn()
    made = await scene.made()
    await scene.turn()
    kid = made.key.kid
    assert isinstance(await scene.found(kid), AccessKey)
    gets = scene.store.gets
    assert isinstance(await scene.found(kid), AccessKey)
    assert scene.store.gets == gets
    assert not scene.facts.keys.changed_since(PARTNERS.keys.value, kid, scene.epochs.value)
    scene.steady.now += 1_000_001
    assert not scene.facts.feed.live
    assert scene.facts.keys.changed_since(PARTNERS.keys.value, kid, scene.epochs.value)
    await scene.found(kid)
    assert scene.store.gets == gets + 1


async def test_keys_are_derived_from_the_operators_key(scene: Scene) -> None:
    made = await scene.made()
    parsed = parse_opaque((made.secret or "").encode())
    found = await scene.found(made.key.kid)
    assert parsed is not None
    assert isinstance(found, AccessKey)
    kid, secret = parsed
    assert kid == made.key.kid
    assert found.digest == secret_digest(PARTNERS.keys.value, kid, secret)
    assert not secret_holds(PARTNERS.keys.value, kid, secret[::-1], found.digest)


async def test_a_key_that_changed_is_another_as_soon_as_the_feed_says_so(scene: Scene) -> None:
    await scene.turn()
    made = await scene.made()
    await scene.turn()
    assert isinstance(before := await scene.found(made.key.kid), AccessKey)
    assert not before.disabled
    epoch = scene.epochs.value
    await scene.service.patch(PARTNERS.keys.value, made.key.kid, KeyPatch(disabled=True), None)
    await scene.turn()
    assert scene.epochs.value > epoch
    assert scene.facts.keys.changed_since(PARTNERS.keys.value, made.key.kid, epoch)
    assert isinstance(after := await scene.found(made.key.kid), AccessKey)
    assert after.disabled


async def test_the_cache_is_told_before_those_who_read_it(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    await scene.turn()
    made = await scene.made()
    await scene.turn()
    assert isinstance(await scene.found(made.key.kid), AccessKey)
    await scene.service.patch(PARTNERS.keys.value, made.key.kid, KeyPatch(disabled=True), None)
    name = f"{PARTNERS.keys.value}:{made.key.kid}"
    versions: list[int] = []
    bump = scene.epochs.bump

    def bumped() -> None:
        versions.append(scene.facts.cache.version("key", name, scene.clock.now))
        bump()

    monkeypatch.setattr(Epoch, "bump", lambda _: bumped())
    await scene.turn()
    assert versions
    assert made.key.version not in versions


async def test_a_revocation_is_asked_for_before_anybody_it_may_concern_is_cleared(scene: Scene) -> None:
    await scene.turn()
    assert await scene.facts.revocations.load()
    await scene.revoke()
    assert scene.revoked() is False
    await scene.turn()
    assert scene.revoked() is OUTAGE
    assert await scene.facts.revocations.catch_up()
    assert scene.revoked() is True


# While it is silent


@pytest.mark.parametrize(("silent", "known"), [(59 * SECOND, True), (60 * SECOND, False)])
async def test_revocations_are_relied_on_for_as_long_as_the_settings_say(
    scene: Scene, silent: int, known: bool
) -> None:
    await scene.turn()
    assert await scene.facts.revocations.load()
    scene.store.down = True
    scene.steady.now += silent
    await scene.turn()
    scene.facts.revocations.sweep(scene.clock.now)
    assert scene.revoked() is (False if known else OUTAGE)


@pytest.mark.parametrize("jump", [-400 * 86_400 * SECOND, 400 * 86_400 * SECOND])
async def test_a_wall_clock_that_is_set_puts_nothing_in_doubt(scene: Scene, jump: int) -> None:
    await scene.turn()
    assert await scene.facts.revocations.load()
    scene.clock.now += jump
    scene.facts.revocations.sweep(scene.clock.now)
    assert scene.revoked() is False
    assert scene.facts.feed.live


async def test_a_key_is_not_relied_on_while_the_store_is_silent(scene: Scene) -> None:
    await scene.turn()
    made = await scene.made()
    await scene.turn()
    assert isinstance(await scene.found(made.key.kid), AccessKey)
    scene.store.down = True
    scene.steady.now += 1_000_001
    assert await scene.found(made.key.kid) is OUTAGE


async def test_more_revocations_than_the_settings_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, most=2)
    for number in range(3):
        await scene.revoke(f"issuer:other{number}")
    assert not await scene.facts.revocations.load()
    assert scene.facts.revocations.reason == "too_many_revocations"
    assert scene.revoked() is OUTAGE


# Chores


@asynccontextmanager
async def at_work(chores: tuple[Coroutine[Any, Any, None], ...]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
        assert [task.exception() for task in tasks if task.done()] == []
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Give the tasks turns until it is so; ten seconds at the longest."""
    for _ in range(1_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


async def test_chores_load_follow_and_catch_up(scene: Scene) -> None:
    async with at_work(scene.facts.chores(scene.store, scene.service)):
        await until(lambda: scene.revoked() is False)
        await scene.revoke()
        await until(lambda: scene.revoked() is True)
        await scene.store.delete("revocation", IDENTITY_NAME, None)
        await until(lambda: scene.revoked() is False)


async def test_chores_drop_records_that_have_ended(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    await put(scene.store, "short", expires=NOW + 1)
    await put(scene.store, "long")
    scene.clock.now += 2
    swept: list[int] = []
    sweep = scene.store.sweep

    async def counted(limit: int) -> int | Outage:
        looked = await sweep(limit)
        assert not isinstance(looked, Outage)
        swept.append(looked)
        return looked

    monkeypatch.setattr(scene.store, "sweep", counted)
    async with at_work(scene.facts.chores(scene.store, scene.service)):
        await until(lambda: len(swept) > 0)
    assert swept[0] >= 1
    page = await scene.store.page("metadata", "", "", 10)
    assert isinstance(page, Page)
    assert [stored.name for stored in page.records] == ["long"]


async def test_chores_delete_metadata_of_keys_that_are_no_more(monkeypatch: pytest.MonkeyPatch, scene: Scene) -> None:
    monkeypatch.setattr(gateway.shared_facts, "TIDY_SECONDS", 0.0)
    monkeypatch.setattr(gateway.shared_facts, "TIDIED_AT_ONCE", 1)
    made = await scene.made()
    kept = metadata_name(PARTNERS.keys.value, made.key.kid)
    for name in (metadata_name(PARTNERS.keys.value, "0" * 16), kept, metadata_name(PARTNERS.keys.value, "f" * 16)):
        await put(scene.store, name)
    scene.clock.now += ORPHAN_GRACE + SECOND
    scene.store.down = True
    names: list[str] = []

    async def left() -> None:
        page = await scene.store.page("metadata", "key:", "", 10)
        assert isinstance(page, Page)
        names[:] = [stored.name for stored in page.records]

    async with at_work(scene.facts.chores(scene.store, scene.service)):
        for _ in range(20):
            await asyncio.sleep(0)
        await left()
        assert len(names) == 3
        scene.store.down = False
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            await left()
            if names == [kept]:
                break
    assert names == [kept]
