"""The acts on access keys: make, read, list, change, rotate, delete. What the admin API calls.

Law of this file: a key that can be used has its metadata. A key and its metadata are two records, and a crash may come
between any two writes, so a key's metadata is written before the key is and outlasts it: it is there first when a key is
made or lives longer, and goes last when a key is deleted or lives shorter. What a crash leaves behind is metadata of
no key, which no caller can reach because no key id ever returns; it ends with its expiry, or when ``tidy`` finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.keys.changes import Created, Failed, KeyPage, KeyView, Problem
from gateway.keys.making import (
    Issuers,
    JwkProblem,
    KeyPatch,
    NewKey,
    hmac_proof,
    made_proof,
    opaque_proof,
    problem_of_claims,
    problem_of_expiry,
    problem_of_new,
    problem_of_object,
    written_object,
)
from gateway.keys.names import KEYRING, KID, key_name, metadata_name, parse_key_name
from gateway.keys.records import KeyRecord, OpaqueProof, Proof, PublicProof, RecordUnreadable, read_key, write_key
from gateway.keys.records import read_object as read_members
from gateway.keys.secrets import KID_BYTES, SALT_BYTES, Random
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import MAX_CONTENT_BYTES, Conflict, RecordStore, Stored

ORPHAN_GRACE = 3_600_000_000
"""Microseconds for which metadata without a key may be of one that is being made."""


@dataclass(frozen=True, slots=True)
class KeyService:
    """``issuers`` are those of the plan in force. ``random`` gives that many secret bytes. ``jwk_problem`` is
    ``gateway.authn.jwk.jwk_problem``.
    """

    store: RecordStore
    master: bytes
    issuers: Issuers
    jwk_problem: JwkProblem
    random: Random

    async def create(self, new: NewKey) -> Created | Failed:
        """Make a key. An outage may have left one that nobody has the secret of: it is taken back as far as can be."""
        now = await self.store.now()
        if isinstance(now, Outage):
            return now
        problem = problem_of_new(new, self.issuers(), now)
        if problem is not None:
            return problem
        kid = self.random(KID_BYTES).hex()
        made = made_proof(new, self.master, kid, self.random, self.jwk_problem)
        if isinstance(made, Problem):
            return made
        proof, secret = made
        content = write_key(KeyRecord(proof, new.claims, new.disabled, now, now))
        if len(content) > MAX_CONTENT_BYTES:
            return Problem("too_large", "claims")
        noted = await self._note(metadata_name(new.keyring, kid), new.metadata, new.expires, 0)
        if isinstance(noted, Outage):
            await self.store.delete("metadata", metadata_name(new.keyring, kid), None)
        if isinstance(noted, Conflict | Outage):
            return noted
        stored = await self.store.put("key", key_name(new.keyring, kid), content, new.expires, 0)
        if not isinstance(stored, Stored):
            await self._take_back(new.keyring, kid, stored, noted)
            return stored
        view = KeyView(new.keyring, kid, stored.version, read_key(content), stored.expires, dict(new.metadata))
        return Created(view, secret)

    async def read(self, keyring: str, kid: str) -> KeyView | Failed:
        """The key as it stands in the store. A record that cannot be read is an outage."""
        found = await self._find(keyring, kid)
        if not isinstance(found, KeyView):
            return found
        metadata = await self._metadata(keyring, kid)
        return metadata if isinstance(metadata, Outage) else replace(found, metadata=metadata[1])

    async def page(self, keyring: str, after: str, limit: int) -> KeyPage | Failed:
        """Keys of a keyring by id, from behind the id ``after``; their metadata is left out."""
        if not KEYRING.fullmatch(keyring) or (after and not KID.fullmatch(after)):
            return Problem("not_found")
        behind = key_name(keyring, after) if after else ""
        page = await self.store.page("key", f"{keyring}:", behind, limit)
        if isinstance(page, Outage):
            return page
        keys, unreadable = [], []
        for stored in page.records:
            kid = stored.name.partition(":")[2]
            view = _view(keyring, kid, stored) if parse_key_name(stored.name) else None
            if isinstance(view, KeyView):
                keys.append(view)
            else:
                unreadable.append(kid)
        last = page.records[-1].name.partition(":")[2] if page.records else ""
        return KeyPage(tuple(keys), page.more, last, tuple(unreadable))

    async def patch(self, keyring: str, kid: str, patch: KeyPatch, expect: int | None) -> KeyView | Failed:
        """Change a key; ``expect`` is the version it must have. A Conflict changed nothing that a caller can see."""
        now = await self.store.now()
        if isinstance(now, Outage):
            return now
        found = await self._find(keyring, kid)
        if not isinstance(found, KeyView):
            return found
        if expect is not None and found.version != expect:
            return Conflict(found.version)
        problem = self._problem(patch, found, now)
        if problem is not None:
            return problem
        noted = await self._metadata(keyring, kid)
        if isinstance(noted, Outage):
            return noted
        return await self._change(found, patch, noted)

    async def rotate(self, keyring: str, kid: str, expect: int | None) -> Created | Failed:
        """Another salt, so another secret; the one before is dead as soon as this is written."""
        now = await self.store.now()
        if isinstance(now, Outage):
            return now
        found = await self.read(keyring, kid)
        if not isinstance(found, KeyView):
            return found
        if expect is not None and found.version != expect:
            return Conflict(found.version)
        proof, salt = found.record.proof, self.random(SALT_BYTES)
        made: tuple[Proof, str]
        if isinstance(proof, PublicProof):
            return Problem("nothing_to_rotate", "jwk")
        if isinstance(proof, OpaqueProof):
            made = opaque_proof(self.master, keyring, kid, salt)
        else:
            made = hmac_proof(self.master, proof.alg, keyring, kid, salt)
        record = replace(found.record, proof=made[0], issued=max(now, found.record.issued))
        stored = await self.store.put("key", key_name(keyring, kid), write_key(record), found.expires, found.version)
        if not isinstance(stored, Stored):
            return stored
        return Created(replace(found, version=stored.version, record=record), made[1])

    async def delete(self, keyring: str, kid: str, expect: int | None) -> bool | Failed:
        """Remove a key, then its metadata; whether there was a key."""
        if not _names_a_key(keyring, kid):
            return False
        gone = await self.store.delete("key", key_name(keyring, kid), expect)
        if isinstance(gone, Conflict | Outage):
            return gone
        noted = await self.store.delete("metadata", metadata_name(keyring, kid), None)
        return noted if isinstance(noted, Outage) else gone

    async def tidy(self, after: str, limit: int) -> str | Outage:
        """Delete metadata of keys that are no more, among the ``limit`` records behind ``after``; where to go on, or ""."""
        page = await self.store.page("metadata", "key:", after, limit)
        now = await self.store.now()
        if isinstance(page, Outage) or isinstance(now, Outage):
            return OUTAGE
        for stored in page.records:
            named = parse_key_name(stored.name.removeprefix("key:"))
            # A version is the store's time of the write, or later
            if named is None or stored.version > now - ORPHAN_GRACE:
                continue
            key = await self.store.get("key", key_name(*named))
            if isinstance(key, Outage):
                return key
            if key is None:
                gone = await self.store.delete("metadata", stored.name, stored.version)
                if isinstance(gone, Outage):
                    return gone
        return page.records[-1].name if page.more and page.records else ""

    async def _change(self, found: KeyView, patch: KeyPatch, noted: tuple[int, dict[str, Any]]) -> KeyView | Failed:
        """First longer metadata, then the key, which decides between two who change it, then what the metadata says."""
        version, old = noted
        name = metadata_name(found.keyring, found.kid)
        expires = found.expires if patch.expires is None else patch.expires
        metadata = old if patch.metadata is None else dict(patch.metadata)
        longest = 0 if 0 in (expires, found.expires) else max(expires, found.expires)
        if version and longest != found.expires:
            kept = await self.store.put("metadata", name, written_object(old), longest, version)
            if not isinstance(kept, Stored):
                return Conflict(found.version) if isinstance(kept, Conflict) else kept
            version = kept.version
        record = replace(
            found.record,
            disabled=found.record.disabled if patch.disabled is None else patch.disabled,
            claims=found.record.claims if patch.claims is None else dict(patch.claims),
        )
        content = write_key(record)
        if len(content) > MAX_CONTENT_BYTES:
            return Problem("too_large", "claims")
        stored = await self.store.put("key", key_name(found.keyring, found.kid), content, expires, found.version)
        if not isinstance(stored, Stored):
            return stored
        if metadata != old or (version and expires != longest):
            written = await self._note(name, metadata, expires, version)
            if isinstance(written, Conflict | Outage):
                return Conflict(stored.version) if isinstance(written, Conflict) else written
        return replace(found, version=stored.version, record=record, expires=expires, metadata=metadata)

    async def _note(
        self, name: str, metadata: Mapping[str, Any], expires: int, version: int
    ) -> Stored | bool | Conflict | Outage:
        if metadata:
            return await self.store.put("metadata", name, written_object(metadata), expires, version)
        return await self.store.delete("metadata", name, version) if version else True

    def _problem(self, patch: KeyPatch, found: KeyView, now: int) -> Problem | None:
        problem = problem_of_object(patch.metadata, "metadata") if patch.metadata is not None else None
        if problem is None and patch.expires is not None:
            problem = problem_of_expiry(patch.expires, now)
        if problem is None and patch.claims is not None:
            opaque = isinstance(found.record.proof, OpaqueProof)
            rings = [one for one in self.issuers() if one.opaque and one.keys.value == found.keyring]
            problem = problem_of_claims(patch.claims, opaque, rings)
        return problem

    async def _find(self, keyring: str, kid: str) -> KeyView | Problem | Outage:
        if not _names_a_key(keyring, kid):
            return Problem("not_found")
        stored = await self.store.get("key", key_name(keyring, kid))
        if stored is None:
            return Problem("not_found")
        return stored if isinstance(stored, Outage) else _view(keyring, kid, stored)

    async def _metadata(self, keyring: str, kid: str) -> tuple[int, dict[str, Any]] | Outage:
        """(version, members); version 0 where there is none."""
        stored = await self.store.get("metadata", metadata_name(keyring, kid))
        if stored is None or isinstance(stored, Outage):
            return (0, {}) if stored is None else stored
        try:
            return stored.version, read_members(stored.content)
        except RecordUnreadable:
            return OUTAGE

    async def _take_back(self, keyring: str, kid: str, failed: Conflict | Outage, noted: Stored | bool) -> None:
        """After a write that was not made, or perhaps was. What stays has no secret that anybody was given."""
        if isinstance(failed, Outage):
            taken = await self.store.delete("key", key_name(keyring, kid), None)
            if isinstance(taken, Outage):
                return  # the key may be there, so its metadata stays
        if isinstance(noted, Stored):
            await self.store.delete("metadata", noted.name, noted.version)


def _names_a_key(keyring: str, kid: str) -> bool:
    return KEYRING.fullmatch(keyring) is not None and KID.fullmatch(kid) is not None


def _view(keyring: str, kid: str, stored: Stored) -> KeyView | Outage:
    try:
        return KeyView(keyring, kid, stored.version, read_key(stored.content), stored.expires)
    except RecordUnreadable:
        return OUTAGE
