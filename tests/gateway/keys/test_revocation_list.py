import asyncio
from typing import Any

import pytest

from gateway.authn.epoch import Epoch
from gateway.keys.names import Subject, jti_digest, revocation_name
from gateway.keys.records import RevocationRecord, write_revocation
from gateway.keys.revocation_list import RevocationList
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import Change, Page, Stored
from gateway.records.records_memory import MemoryRecords
from tests.strategies.key_sources import HandClock, settled
from tests.strategies.ring_door import GatedStore
from tests.strategies.tokens import NOW, SECOND

WHO = b"i" * 16
HOUR = 3600 * SECOND
JTI = jti_digest("corp", "j1")


class Desk:
    """A list with its store, its clock and its epochs."""

    def __init__(self, **how: Any) -> None:
        self.clock = HandClock(NOW)
        self.store = GatedStore(MemoryRecords(self.clock))
        self.epoch = Epoch()
        self.list = RevocationList(self.store, self.epoch, self.clock, **how)
        self.live = True

    async def put(self, what: str, digest: bytes = b"", before: int | None = None, expires: int = 0) -> Change:
        name = revocation_name(Subject(what, "" if what == "identity" else "corp", digest))  # type: ignore[arg-type]
        stored = await self.store.put(
            "revocation", name, write_revocation(RevocationRecord(before, NOW)), expires, None
        )
        assert isinstance(stored, Stored)
        return Change("revocation", name, stored.version)

    def ask(self, issued: int | None = 100, jti: bytes | None = None, who: bytes = WHO) -> bool | Outage:
        return self.list.revoked("corp", who, jti, issued, self.clock.now)


async def test_before_it_is_loaded_nobody_is_cleared() -> None:
    desk = Desk()
    assert desk.ask() is OUTAGE
    assert desk.list.reason == "not_loaded"
    assert await desk.list.load()
    assert desk.ask() is False


@pytest.mark.parametrize(("before", "issued", "expected"), [
    (None, 100, True), (None, None, True), (100, 99, True), (100, 100, False), (100, None, True), (0, None, True),
    (0, 0, False),
])  # fmt: skip
@pytest.mark.parametrize("what", ["identity", "issuer"])
async def test_issued_before(what: str, before: int | None, issued: int | None, expected: bool) -> None:
    desk = Desk()
    await desk.put(what, WHO if what == "identity" else b"", before)
    await desk.list.load()
    assert desk.ask(issued) is expected
    assert desk.list.revoked("corp2", b"j" * 16, None, issued, NOW) is False


async def test_by_jti_of_one_issuer() -> None:
    desk = Desk()
    await desk.put("jti", JTI)
    await desk.list.load()
    assert desk.ask(jti=JTI) is True
    assert desk.ask() is False
    assert desk.ask(jti=jti_digest("corp", "j2")) is False
    assert desk.list.revoked("other", WHO, jti_digest("other", "j1"), 100, NOW) is False


async def test_a_revocation_ends() -> None:
    desk = Desk()
    await desk.put("identity", WHO, None, NOW + 10)
    await desk.list.load()
    desk.clock.now = NOW + 9
    assert desk.ask() is True
    assert desk.list.live(NOW + 9) == 1
    desk.clock.now = NOW + 10
    assert desk.ask() is False
    assert desk.list.live(NOW + 10) == 0
    desk.list.sweep(NOW + 10)
    assert len(desk.list) == 0


async def test_pages_make_one_list() -> None:
    desk = Desk()
    for number in range(450):
        await desk.put("identity", number.to_bytes(16, "big"))
    await desk.list.load()
    assert len(desk.list) == 450
    assert desk.ask(who=(449).to_bytes(16, "big")) is True


async def test_a_change_is_an_outage_for_its_subject_until_it_is_known() -> None:
    desk = Desk()
    await desk.list.load()
    epoch = desk.epoch.value
    desk.list.changed([await desk.put("identity", WHO)])
    assert desk.epoch.value > epoch
    assert desk.ask() is OUTAGE
    assert desk.ask(who=b"j" * 16) is False
    desk.store.out = True
    assert await desk.list.catch_up() is False
    assert desk.ask() is OUTAGE
    desk.store.out = False
    epoch = desk.epoch.value
    assert await desk.list.catch_up() is True
    assert desk.ask() is True
    assert desk.epoch.value > epoch


async def test_lifting() -> None:
    desk = Desk()
    change = await desk.put("identity", WHO)
    await desk.list.load()
    await desk.store.delete("revocation", change.name, None)
    desk.list.changed([Change("revocation", change.name, change.version + 1)])
    await desk.list.catch_up()
    assert desk.ask() is False


async def test_what_changes_again_while_it_is_asked_for_is_asked_for_again() -> None:
    desk = Desk()
    await desk.list.load()
    change = await desk.put("identity", WHO)
    desk.list.changed([change])
    asked = asyncio.ensure_future(desk.list.catch_up())
    await asyncio.sleep(0)
    desk.list.changed([change])
    await asked
    assert desk.ask() is OUTAGE
    await desk.list.catch_up()
    assert desk.ask() is True


async def test_changes_of_other_records_are_no_business_of_its() -> None:
    desk = Desk()
    await desk.list.load()
    epoch = desk.epoch.value
    desk.list.changed([Change("key", "ring:" + "0" * 16, 1), Change("metadata", "00" * 16, 2)])
    assert desk.epoch.value == epoch
    assert desk.ask() is False


async def test_a_list_that_nobody_confirms_ends() -> None:
    desk = Desk(stale=HOUR)
    await desk.list.load()
    desk.clock.now += HOUR - 1
    assert desk.ask() is False
    desk.list.sweep(desk.clock.now)
    epoch = desk.epoch.value
    desk.clock.now += 1
    assert desk.ask() is OUTAGE
    desk.list.sweep(desk.clock.now)
    assert desk.epoch.value == epoch + 1
    desk.list.sweep(desk.clock.now)
    assert desk.epoch.value == epoch + 1
    await desk.list.load()
    assert desk.ask() is False


async def test_a_live_feed_confirms_and_a_silent_or_doubted_one_does_not() -> None:
    desk = Desk(stale=HOUR)
    desk.list.follow_by(desk)
    await desk.list.load()
    desk.clock.now += HOUR - 1
    desk.list.sweep(desk.clock.now)
    desk.clock.now += HOUR - 1
    assert desk.ask() is False
    desk.live = False
    desk.list.sweep(desk.clock.now)
    desk.clock.now += 1
    assert desk.ask() is OUTAGE
    await desk.list.load()
    desk.live = True
    desk.list.doubted()
    desk.clock.now += HOUR
    desk.list.sweep(desk.clock.now)
    desk.list.changed([])
    assert desk.ask() is OUTAGE


async def test_in_doubt_the_old_list_stands_until_it_is_loaded_anew() -> None:
    desk = Desk()
    await desk.put("identity", WHO)
    await desk.list.load()
    desk.list.doubted()
    assert desk.list.doubtful
    desk.store.out = True
    assert await desk.list.load() is False
    assert desk.list.doubtful
    assert desk.ask() is True
    assert desk.ask(who=b"j" * 16) is False
    desk.store.out = False
    await desk.list.load()
    assert not desk.list.doubtful


async def test_content_that_cannot_be_read_takes_everything_back() -> None:
    desk = Desk()
    name = revocation_name(Subject("identity", "", WHO))
    await desk.store.put("revocation", name, b'{"version": 2}', 0, None)
    await desk.list.load()
    assert desk.ask() is True
    assert desk.ask(who=b"j" * 16) is False


async def test_a_name_that_cannot_be_read_is_an_outage_for_all() -> None:
    desk = Desk()
    await desk.list.load()
    await desk.store.put("revocation", "client:x", b"{}", 0, None)
    desk.list.changed([Change("revocation", "client:x", 1)])
    assert desk.ask() is OUTAGE
    assert await desk.list.load() is False
    assert (desk.ask(), desk.list.reason) == (OUTAGE, "revocation_unreadable")
    await desk.store.delete("revocation", "client:x", None)
    assert await desk.list.load()
    assert desk.ask() is False


async def test_more_than_there_may_be_is_an_outage() -> None:
    desk = Desk(most=40)
    for number in range(43):
        await desk.put("identity", number.to_bytes(16, "big"))
    assert await desk.list.load() is False
    assert (desk.ask(), desk.list.reason) == (OUTAGE, "too_many_revocations")
    desk = Desk(most=40)
    await desk.list.load()
    desk.list.changed([await desk.put("identity", number.to_bytes(16, "big")) for number in range(43)])
    await desk.list.catch_up()
    assert (desk.ask(), desk.list.reason) == (OUTAGE, "too_many_revocations")


async def test_it_keeps_itself() -> None:
    desk = Desk()
    keeping = asyncio.ensure_future(desk.list.keep())
    await settled()
    assert desk.ask() is False
    desk.list.changed([await desk.put("identity", WHO)])
    await settled()
    assert desk.ask() is True
    desk.list.doubted()
    await settled()
    assert desk.list.loads == 2
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping


async def test_a_change_during_a_load_is_asked_for_after_it() -> None:
    desk = Desk()

    async def page(*_of: Any) -> Page:
        desk.list.changed([await desk.put("identity", WHO)])
        return Page((), False)

    desk.store.page = page  # type: ignore[method-assign, assignment]
    await desk.list.load()
    assert desk.ask() is OUTAGE
    await desk.list.catch_up()
    assert desk.ask() is True
