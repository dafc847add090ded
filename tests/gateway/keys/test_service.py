"""The acts on keys, and what is left when a crash or a lost reply comes between two writes."""

from contextlib import suppress
from typing import Any

import pytest

from gateway.authn.jwk import jwk_problem
from gateway.keys.changes import Created, KeyPage, KeyView, Problem
from gateway.keys.making import KeyPatch, NewKey
from gateway.keys.service import ORPHAN_GRACE, KeyService
from gateway.message.ports import OUTAGE
from gateway.records.port import Conflict, Stored
from gateway.records.records_memory import MemoryRecords
from tests.strategies.key_sources import HandClock
from tests.strategies.ring_door import MASTER, PARTNERS, SIGNED, GatedStore, random_bytes
from tests.strategies.tokens import NOW, SECOND, ec_key, jwk

HOUR = 3600 * SECOND
NEW = NewKey("partners", "opaque", {"sub": "u"}, {"plan": "gold"}, NOW + HOUR)


class Office:
    """A service with its store and its clock."""

    def __init__(self) -> None:
        self.clock = HandClock(NOW)
        self.store = GatedStore(MemoryRecords(self.clock))
        self.keys = KeyService(self.store, MASTER, lambda: (PARTNERS, SIGNED), jwk_problem, random_bytes())

    async def make(self, new: NewKey = NEW) -> Created:
        made = await self.keys.create(new)
        assert isinstance(made, Created), made
        return made

    async def metadata(self, kid: str, ring: str = "partners") -> Stored | None:
        found = await self.store.inner.get("metadata", f"key:{ring}:{kid}")
        assert found is None or isinstance(found, Stored)
        return found

    async def key(self, kid: str, ring: str = "partners") -> Stored | None:
        found = await self.store.inner.get("key", f"{ring}:{kid}")
        assert found is None or isinstance(found, Stored)
        return found


async def test_a_key_is_made_and_its_secret_shown_once() -> None:
    office = Office()
    made = await office.make()
    assert made.secret is not None
    assert made.secret.startswith(made.key.kid + ".")
    assert (made.key.metadata, made.key.expires, made.key.record.claims) == ({"plan": "gold"}, NOW + HOUR, {"sub": "u"})
    read = await office.keys.read("partners", made.key.kid)
    assert read == made.key
    assert made.secret not in repr(made)
    for stored in (await office.key(made.key.kid), await office.metadata(made.key.kid)):
        assert stored is not None
        assert made.secret.split(".")[1].encode() not in stored.content
        assert stored.expires == NOW + HOUR


async def test_the_metadata_is_written_first_and_a_key_without_any_has_none() -> None:
    office = Office()
    await office.make()
    assert office.store.acts == ["put metadata", "put key"]
    made = await office.make(NewKey("partners", "opaque", {"sub": "u"}))
    assert office.store.acts[2:] == ["put key"]
    assert await office.metadata(made.key.kid) is None


@pytest.mark.parametrize("lost", ["put metadata", "put key"])
@pytest.mark.parametrize("done", [True, False])
async def test_a_creation_without_a_reply_leaves_nothing(lost: str, done: bool) -> None:
    office = Office()
    (office.store.failing if done else office.store.refusing).add(lost)
    assert await office.keys.create(NEW) is OUTAGE
    for kind in ("key", "metadata"):
        page = await office.store.inner.page(kind, "", "", 10)
        assert getattr(page, "records", None) == ()


async def test_a_crash_after_any_write_leaves_no_key_without_its_metadata() -> None:
    """Each act is cut off after each of its writes: whatever key is there has its metadata, for as long as it lives."""
    acts: list[Any] = [
        lambda office, _kid: office.keys.create(NEW),
        lambda office, kid: office.keys.patch("partners", kid, KeyPatch(metadata={"plan": "iron"}), None),
        lambda office, kid: office.keys.patch("partners", kid, KeyPatch(expires=NOW + 2 * HOUR), None),
        lambda office, kid: office.keys.patch("partners", kid, KeyPatch(expires=NOW + HOUR // 2), None),
        lambda office, kid: office.keys.patch("partners", kid, KeyPatch(expires=0), None),
        lambda office, kid: office.keys.delete("partners", kid, None),
    ]
    for act in acts:
        for writes in range(4):
            office = Office()
            made = await office.make()
            cut = Cut(office.store, writes)
            office.keys = KeyService(
                cut,
                MASTER,
                lambda: (PARTNERS, SIGNED),
                jwk_problem,
                random_bytes(1_000),
            )
            with suppress(Crash):
                await act(office, made.key.kid)
            page = await office.store.inner.page("key", "", "", 10)
            for stored in page.records:  # type: ignore[union-attr]
                noted = await office.metadata(stored.name.split(":")[1])
                assert noted is not None
                assert noted.expires == 0 or (stored.expires and noted.expires >= stored.expires)


class Crash(Exception):
    pass


class Cut:
    """A store whose user dies after so many writes."""

    def __init__(self, inner: GatedStore, writes: int) -> None:
        self.inner = inner
        self.left = writes

    def __getattr__(self, name: str) -> Any:
        act = getattr(self.inner, name)
        if name not in ("put", "delete"):
            return act

        async def counted(*args: Any) -> Any:
            if not self.left:
                raise Crash
            self.left -= 1
            return await act(*args)

        return counted


async def test_metadata_of_no_key_is_tidied_away_and_no_other() -> None:
    office = Office()
    kept, lost = await office.make(), await office.make(NewKey("partners", "opaque", {"sub": "u"}, {"a": 1}))
    await office.store.put("metadata", "00" * 16, b"{}", 0, None)
    await office.store.inner.delete("key", f"partners:{lost.key.kid}", None)
    assert await office.keys.tidy("", 10) == ""
    assert await office.metadata(lost.key.kid) is not None
    office.clock.now += ORPHAN_GRACE - SECOND * 60
    await office.store.put("key", f"partners:{kept.key.kid}", b"{}", 0, None)
    office.clock.now += 60 * SECOND + 100
    after, rounds = "", 0
    while rounds == 0 or after:
        found = await office.keys.tidy(after, 1)
        assert isinstance(found, str)
        after, rounds = found, rounds + 1
    assert await office.metadata(lost.key.kid) is None
    assert await office.store.inner.get("metadata", "00" * 16) is not None
    office.store.out = True
    assert await office.keys.tidy("", 10) is OUTAGE


async def test_patching() -> None:
    office = Office()
    made = await office.make()
    kid = made.key.kid
    one = await office.keys.patch("partners", kid, KeyPatch(disabled=True), made.key.version)
    assert isinstance(one, KeyView)
    assert one.record.disabled
    assert await office.keys.patch("partners", kid, KeyPatch(disabled=False), made.key.version) == Conflict(one.version)
    two = await office.keys.patch(
        "partners", kid, KeyPatch(metadata={"plan": "iron"}, claims={"sub": "v"}), one.version
    )
    assert isinstance(two, KeyView)
    assert (two.metadata, two.record.claims, two.record.disabled) == ({"plan": "iron"}, {"sub": "v"}, True)
    assert await office.keys.read("partners", kid) == two
    three = await office.keys.patch("partners", kid, KeyPatch(metadata={}, expires=0), None)
    assert isinstance(three, KeyView)
    assert await office.metadata(kid) is None
    four = await office.keys.patch("partners", kid, KeyPatch(metadata={"plan": "tin"}, expires=NOW + 5), None)
    noted = await office.metadata(kid)
    assert noted is not None
    assert noted.expires == NOW + 5
    assert await office.keys.read("partners", kid) == four


@pytest.mark.parametrize(
    ("patch", "reason", "member"),
    [
        (KeyPatch(expires=NOW), "expires_invalid", "expires"),
        (KeyPatch(claims={}), "claims_invalid", "claims.sub"),
        (KeyPatch(metadata={"a": 0.5}), "metadata_invalid", "metadata"),
        (KeyPatch(claims={"sub": "u", "x": "y" * 60_000}), "too_large", "claims"),
    ],
)
async def test_a_patch_that_is_refused_changes_nothing(patch: KeyPatch, reason: str, member: str) -> None:
    office = Office()
    made = await office.make()
    problem = await office.keys.patch("partners", made.key.kid, patch, None)
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.member) == (reason, member)
    assert await office.keys.read("partners", made.key.kid) == made.key


async def test_rotating() -> None:
    office = Office()
    made = await office.make()
    office.clock.now += 5 * SECOND
    again = await office.keys.rotate("partners", made.key.kid, made.key.version)
    assert isinstance(again, Created)
    assert again.secret != made.secret
    assert (again.key.record.created, again.key.record.issued) == (NOW, NOW + 5 * SECOND)
    assert again.key.metadata == {"plan": "gold"}
    assert await office.keys.rotate("partners", made.key.kid, made.key.version) == Conflict(again.key.version)
    shared = await office.make(NewKey("clients", "HS256"))
    other = await office.keys.rotate("clients", shared.key.kid, None)
    assert isinstance(other, Created)
    assert other.secret != shared.secret
    public = await office.make(NewKey("clients", "public", jwk=jwk(ec_key())))
    assert public.secret is None
    assert await office.keys.rotate("clients", public.key.kid, None) == Problem("nothing_to_rotate", "jwk")


async def test_deleting() -> None:
    office = Office()
    made = await office.make()
    assert await office.keys.delete("partners", made.key.kid, made.key.version + 1) == Conflict(made.key.version)
    office.store.acts.clear()
    assert await office.keys.delete("partners", made.key.kid, made.key.version) is True
    assert office.store.acts == ["delete key", "delete metadata"]
    assert await office.metadata(made.key.kid) is None
    assert await office.keys.delete("partners", made.key.kid, None) is False
    assert await office.keys.read("partners", made.key.kid) == Problem("not_found")


async def test_listing_a_keyring_in_pages() -> None:
    office = Office()
    made = [await office.make() for _ in range(5)]
    await office.make(NewKey("clients", "HS256"))
    await office.store.put("key", "partners:ffffffffffffffff", b"{}", 0, None)
    kids, after = [], ""
    while True:
        page = await office.keys.page("partners", after, 2)
        assert isinstance(page, KeyPage)
        kids += [key.kid for key in page.keys]
        if not page.more:
            break
        after = page.last
    assert kids == sorted(one.key.kid for one in made)
    assert page.unreadable == ("ffffffffffffffff",)


async def test_an_expired_key_leaves_by_itself_and_so_does_its_metadata() -> None:
    office = Office()
    made = await office.make()
    office.clock.now += HOUR
    assert await office.keys.read("partners", made.key.kid) == Problem("not_found")
    assert await office.metadata(made.key.kid) is None


@pytest.mark.parametrize(("ring", "kid"), [("partners", "x"), ("Partners", "0" * 16), ("a:b", "0" * 16), ("", "")])
async def test_what_is_no_name_is_not_there(ring: str, kid: str) -> None:
    office = Office()
    assert await office.keys.read(ring, kid) == Problem("not_found")
    assert await office.keys.patch(ring, kid, KeyPatch(disabled=True), None) == Problem("not_found")
    assert await office.keys.rotate(ring, kid, None) == Problem("not_found")
    assert await office.keys.delete(ring, kid, None) is False
    assert await office.keys.page(ring, kid or "x", 10) == Problem("not_found")


async def test_an_outage_is_an_outage_in_every_act() -> None:
    office = Office()
    made = await office.make()
    office.store.out = True
    kid = made.key.kid
    assert await office.keys.create(NEW) is OUTAGE
    assert await office.keys.read("partners", kid) is OUTAGE
    assert await office.keys.page("partners", "", 10) is OUTAGE
    assert await office.keys.patch("partners", kid, KeyPatch(disabled=True), None) is OUTAGE
    assert await office.keys.rotate("partners", kid, None) is OUTAGE
    assert await office.keys.delete("partners", kid, None) is OUTAGE
