"""An authenticator beside a store of access keys and revocations, with the acts of an administrator on it."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from gateway.authn.authenticate import Authenticator
from gateway.authn.jwk import jwk_problem
from gateway.authn.token_cache import TokenCache
from gateway.keys.access_keys import StoredAccessKeys
from gateway.keys.changes import Created, KeyView
from gateway.keys.making import KeyKind, KeyPatch, NewKey
from gateway.keys.revocation_list import RevocationList
from gateway.keys.revocations import RevocationService
from gateway.keys.secrets import master_of
from gateway.keys.service import KeyService
from gateway.message.parked import Parked
from gateway.message.ports import OUTAGE, Outage
from gateway.records.cache import RecordCache
from gateway.records.feed import Feed
from gateway.records.port import Changes, Conflict, Kind, Page, RecordStore, Stored
from gateway.records.records_memory import MemoryRecords
from policylang.plan.model import Issuer, Keys
from tests.strategies.door import IDENTITY_KEY, Door
from tests.strategies.key_sources import HandClock
from tests.strategies.tokens import CORP, NOW, issuer

MASTER = master_of(IDENTITY_KEY)

PARTNERS = issuer(
    name="partners",
    iss="",
    keys=Keys("keyring", "partners"),
    algorithms=(),
    audience=(),
    leeway_micros=0,
    lifetime_micros=None,
)
"""An opaque keyring, trusted itself."""

SIGNED = issuer(
    name="signed",
    iss="https://signed.example",
    keys=Keys("keyring", "clients"),
    algorithms=("HS256", "RS256", "ES256"),
)
"""An issuer of JWTs whose kid names a key of a keyring."""


def random_bytes(first: int = 1) -> Callable[[int], bytes]:
    """Bytes that never come twice: a count."""
    count = itertools.count(first)
    return lambda size: next(count).to_bytes(size, "big")


class GatedStore:
    """A store that can be made to fail: ``out`` says that it does not answer."""

    def __init__(self, inner: RecordStore) -> None:
        self.inner = inner
        self.out = False
        self.failing: set[str] = set()
        """Writes that are made, and whose reply is lost: "put key", "delete metadata"…"""
        self.refusing: set[str] = set()
        """Writes that are not made."""
        self.acts: list[str] = []

    async def get(self, kind: Kind, name: str) -> Stored | Outage | None:
        return OUTAGE if self.out else await self.inner.get(kind, name)

    async def put(
        self, kind: Kind, name: str, content: bytes, expires: int, expect: int | None
    ) -> Stored | Conflict | Outage:
        act = f"put {kind}"
        self.acts.append(act)
        if self.out or act in self.refusing:
            return OUTAGE
        answer = await self.inner.put(kind, name, content, expires, expect)
        return OUTAGE if act in self.failing else answer

    async def delete(self, kind: Kind, name: str, expect: int | None) -> bool | Conflict | Outage:
        act = f"delete {kind}"
        self.acts.append(act)
        if self.out or act in self.refusing:
            return OUTAGE
        answer = await self.inner.delete(kind, name, expect)
        return OUTAGE if act in self.failing else answer

    async def page(self, kind: Kind, prefix: str, after: str, limit: int) -> Page | Outage:
        return OUTAGE if self.out else await self.inner.page(kind, prefix, after, limit)

    async def changes(self, cursor: bytes, wait_seconds: float) -> Changes | Outage:
        # Nobody waits in a test: what there is, at once
        return OUTAGE if self.out else await self.inner.changes(cursor, min(wait_seconds, 0.0))

    async def now(self) -> int | Outage:
        return OUTAGE if self.out else await self.inner.now()

    async def sweep(self, limit: int) -> int | Outage:
        return OUTAGE if self.out else await self.inner.sweep(limit)

    async def close(self) -> None:
        await self.inner.close()


class RingDoor(Door):
    """A door whose plan has keyrings; ``await RingDoor.open()`` makes one that has loaded its lists."""

    def __init__(self, issuers: tuple[Issuer, ...] = (CORP, PARTNERS, SIGNED), cache: TokenCache | None = None) -> None:
        super().__init__(issuers, cache=cache)
        self.steady = HandClock(0)
        self.store = GatedStore(MemoryRecords(self.clock))
        self.records = RecordCache(self.store, self.steady, 10_000, 10_000_000)
        self.access_keys = StoredAccessKeys(self.records, MASTER, self.key_sets.epoch)
        self.revocations = RevocationList(self.store, self.key_sets.epoch, self.clock)
        self.feed = Feed(
            self.store, (self.records, self.access_keys, self.revocations), self.clock, self.steady, lambda _line: None
        )
        for reader in (self.records, self.access_keys, self.revocations):
            reader.follow_by(self.feed)
        self.authenticator = Authenticator(
            self.key_sets,
            self.cache,
            IDENTITY_KEY,
            access_keys=self.access_keys,
            revocations=self.revocations,
        )
        self.keys = KeyService(self.store, MASTER, lambda: self.issuers, jwk_problem, random_bytes(0xABCDEF))
        self.acts = RevocationService(self.store, self.revocations)

    @classmethod
    async def open(cls, issuers: tuple[Issuer, ...] = (CORP, PARTNERS, SIGNED), **how: Any) -> "RingDoor":
        """A door that has heard the feed and loaded the revocations."""
        door = cls(issuers, **how)
        await door.hear()
        return door

    async def hear(self) -> None:
        """One turn of the feed, and what follows from it."""
        await self.feed.turn()
        self.revocations.sweep(self.clock.now)
        if self.revocations.doubtful:
            await self.revocations.load()
        await self.revocations.catch_up()

    async def make(
        self,
        keyring: str = "partners",
        kind: KeyKind = "opaque",
        claims: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Created:
        """A key that must be made; an opaque one is of user k1."""
        own = {"sub": "k1"} if kind == "opaque" else {}
        made = await self.keys.create(NewKey(keyring, kind, own if claims is None else claims, **more))
        assert isinstance(made, Created), made
        await self.hear()
        return made

    async def change(self, key: KeyView, **patch: Any) -> KeyView:
        """A change that must be made."""
        found = await self.keys.patch(key.keyring, key.kid, KeyPatch(**patch), None)
        assert isinstance(found, KeyView), found
        await self.hear()
        return found

    async def rotate(self, key: KeyView) -> Created:
        """A rotation that must be made."""
        made = await self.keys.rotate(key.keyring, key.kid, None)
        assert isinstance(made, Created), made
        await self.hear()
        return made

    async def delete(self, key: KeyView) -> None:
        """A deletion that must be made."""
        assert await self.keys.delete(key.keyring, key.kid, None) is True
        await self.hear()

    def parks(self, headers: tuple[tuple[bytes, bytes], ...], **how: Any) -> "Parked[Any]":
        """A request that must be parked."""
        answer = self.knock(headers, **how)
        assert isinstance(answer, Parked), answer
        return answer


def opaque(made: Created) -> bytes:
    """The credential of an opaque key."""
    assert made.secret is not None
    return made.secret.encode()


__all__ = ["MASTER", "NOW", "PARTNERS", "SIGNED", "GatedStore", "RingDoor", "opaque", "random_bytes"]
