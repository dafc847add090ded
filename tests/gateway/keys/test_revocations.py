import pytest

from gateway.authn.epoch import Epoch
from gateway.keys.changes import Problem, RevocationView
from gateway.keys.names import Subject
from gateway.keys.revocation_list import RevocationList
from gateway.keys.revocations import (
    DEFAULT_LIFE,
    LONGEST_LIFE,
    RevocationService,
    of_identity,
    of_issuer,
    of_token,
)
from gateway.message.ports import OUTAGE
from gateway.records.port import Stored
from gateway.records.records_memory import MemoryRecords
from tests.strategies.key_sources import HandClock
from tests.strategies.ring_door import GatedStore
from tests.strategies.tokens import NOW, SECOND

T = NOW // SECOND
WHO = b"i" * 16


class Office:
    def __init__(self, most: int = 10) -> None:
        self.clock = HandClock(NOW)
        self.store = GatedStore(MemoryRecords(self.clock))
        self.list = RevocationList(self.store, Epoch(), self.clock, most)
        self.acts = RevocationService(self.store, self.list)

    async def add(
        self, subject: Subject | Problem, before: int | None = None, expires: int | None = None
    ) -> RevocationView:
        found = await self.acts.add(subject, before, expires)
        assert isinstance(found, RevocationView), found
        return found


async def test_adding_listing_and_lifting() -> None:
    office = Office()
    one = await office.add(of_identity(WHO))
    two = await office.add(of_issuer("corp"), T)
    three = await office.add(of_token("corp", "j1"), None, NOW + 5 * SECOND)
    assert (one.name, one.expires, one.record.before) == ("identity:" + WHO.hex(), NOW + DEFAULT_LIFE, None)
    assert (two.name, two.record.before) == ("issuer:corp", T)
    assert three.expires == NOW + 5 * SECOND
    page = await office.acts.page("", "", 2)
    assert page is not OUTAGE
    assert getattr(page, "revocations", None) == (one, two)
    assert getattr(page, "more", None) is True
    rest = await office.acts.page("jti:", "", 10)
    assert getattr(rest, "revocations", None) == (three,)
    assert await office.acts.lift(two.name) is True
    assert await office.acts.lift(two.name) is False


@pytest.mark.parametrize(
    ("subject", "before", "expires", "reason", "member"),
    [
        (of_identity(b"i" * 15), None, None, "subject_invalid", "identity"),
        (of_issuer("Corp"), T, None, "subject_invalid", "issuer"),
        (of_issuer("a:b"), T, None, "subject_invalid", "issuer"),
        (of_token("", "j"), None, None, "subject_invalid", "issuer"),
        (of_token("corp", "j" * 1025), None, None, "subject_invalid", "jti"),
        (of_token("corp", "\ud800"), None, None, "subject_invalid", "jti"),
        (of_issuer("corp"), None, None, "before_invalid", "issued_before"),
        (of_token("corp", "j"), T, None, "before_invalid", "issued_before"),
        (of_identity(WHO), T + 301, None, "before_invalid", "issued_before"),
        (of_identity(WHO), NOW, None, "before_invalid", "issued_before"),
        (of_identity(WHO), -1, None, "before_invalid", "issued_before"),
        (of_identity(WHO), None, NOW, "expires_invalid", "expires"),
        (of_identity(WHO), None, 0, "expires_invalid", "expires"),
        (of_identity(WHO), None, NOW + LONGEST_LIFE + 1, "expires_invalid", "expires"),
    ],
)
async def test_what_a_revocation_may_not_be(
    subject: Subject | Problem, before: int | None, expires: int | None, reason: str, member: str
) -> None:
    problem = await Office().acts.add(subject, before, expires)
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.member) == (reason, member)


async def test_adding_again_never_makes_it_narrower() -> None:
    office = Office()
    await office.add(of_identity(WHO), T, NOW + 100)
    two = await office.add(of_identity(WHO), T - 50, NOW + 50)
    assert (two.record.before, two.expires) == (T, NOW + 100)
    three = await office.add(of_identity(WHO), None, NOW + 200)
    assert (three.record.before, three.expires) == (None, NOW + 200)
    four = await office.add(of_identity(WHO), T, NOW + 50)
    assert (four.record.before, four.expires) == (None, NOW + 200)


async def test_one_more_than_gateways_can_hold_is_refused_and_a_known_one_is_not() -> None:
    office = Office(most=2)
    await office.add(of_identity(WHO), None, NOW + 10)
    await office.add(of_token("corp", "j"))
    await office.list.load()
    assert await office.acts.add(of_token("corp", "k"), None, None) == Problem("too_many_revocations")
    await office.add(of_identity(WHO), None, NOW + 20)
    office.clock.now += 10
    await office.add(of_token("corp", "k"))


async def test_what_cannot_be_read_is_listed_and_can_be_written_over() -> None:
    office = Office()
    await office.store.put("revocation", "identity:" + WHO.hex(), b"{}", 0, None)
    await office.store.put("revocation", "client:x", b"{}", 0, None)
    page = await office.acts.page("", "", 10)
    assert getattr(page, "unreadable", None) == ("client:x", "identity:" + WHO.hex())
    await office.add(of_identity(WHO))
    assert await office.acts.lift("client:x") is True


async def test_an_outage_is_an_outage_in_every_act() -> None:
    office = Office()
    office.store.out = True
    assert await office.acts.add(of_identity(WHO), None, None) is OUTAGE
    assert await office.acts.page("", "", 10) is OUTAGE
    assert await office.acts.lift("issuer:corp") is OUTAGE
    office.store.out = False
    office.store.failing.add("put revocation")
    assert await office.acts.add(of_identity(WHO), None, None) is OUTAGE
    assert isinstance(await office.store.inner.get("revocation", "identity:" + WHO.hex()), Stored)


async def test_the_store_does_not_tell_the_jti() -> None:
    office = Office()
    view = await office.add(of_token("corp", "secret-jti"))
    assert "secret-jti" not in view.name
