"""Identities at the admin API: their metadata, and whose they are."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from gateway.admin.call import Answer, Call, Handler
from gateway.admin.facts import check_facts
from gateway.admin.merge_patch import merge_patch
from gateway.admin.metadata_records import Kept, MetadataRecords, Wanted
from gateway.admin.preconditions import expected
from gateway.admin.problems import Problem, etag, refuse, settled
from gateway.admin.times import end_at, instant
from gateway.policy.identity_text import bearing
from gateway.records.port import RecordStore
from policylang.embed import plan_model, virtual_identity

_IDENTITY = re.compile(r"[0-9a-f]{32}")


class Identities:
    """``plan`` is the one in force; ``identity_key`` keys the digest of identities."""

    def __init__(self, records: RecordStore, plan: Callable[[], plan_model.Plan], identity_key: bytes) -> None:
        self._records = records
        self._metadata = MetadataRecords(records)
        self._plan = plan
        self._identity_key = identity_key

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {
            "identities.get": self.get,
            "identities.put": self.put,
            "identities.patch": self.patch,
            "identities.delete": self.delete,
            "identities.list": self.list,
            "identities.lookup": self.lookup,
        }

    async def get(self, call: Call) -> Answer:
        """What is kept now."""
        found = await self._metadata.get(call.text("identity"))
        if found is None:
            raise Problem("not_found")
        return _answer(200, found)

    async def put(self, call: Call) -> Answer:
        """What the body says, in the place of what there was."""
        wanted = await self._wanted(call.body)
        kept, new = await self._metadata.put(call.text("identity"), wanted, expected(call.parameters))
        return _answer(201 if new else 200, kept)

    async def patch(self, call: Call) -> Answer:
        """A merge patch of ``{metadata, expires}``."""
        expires = call.body.get("expires")
        until = 0 if expires is None else await self._end(expires)

        def changed(kept: Kept) -> Wanted:
            facts = merge_patch(kept.facts, call.body.get("metadata", {}))
            check_facts(self._plan(), facts, "/metadata")
            return facts, until if "expires" in call.body else kept.expires

        return _answer(200, await self._metadata.change(call.text("identity"), changed, expected(call.parameters)))

    async def delete(self, call: Call) -> Answer:
        """Nothing is kept any more."""
        await self._metadata.delete(call.text("identity"), expected(call.parameters))
        return Answer(204)

    async def list(self, call: Call) -> Answer:
        """A page. Records of keys have names of another form, which come behind all identities."""
        prefix, after = call.parameters.get("prefix", ""), call.parameters.get("after", "")
        found, more = await self._metadata.page(prefix, after, call.parameters["limit"])
        identities = [one for one in found if _IDENTITY.fullmatch(one.name)]
        content: dict[str, Any] = {"identities": [_shown(one) for one in identities]}
        if more and len(identities) == len(found):
            content["next"] = identities[-1].name
        return Answer(200, content)

    async def lookup(self, call: Call) -> Answer:
        """The virtual identity of a claim's value."""
        wanted = call.body["issuer"]
        issuers = self._plan().issuers
        issuer = next((one for one in issuers if one.name == wanted), None)
        if issuer is None:
            refuse("/issuer", f"no issuer of the rules; there are {', '.join(one.name for one in issuers) or 'none'}")
        try:
            claims = bearing(issuer, call.body["value"])
        except ValueError as error:
            refuse("/value", str(error))
        identity = virtual_identity(issuer, claims, self._identity_key).hex()
        return Answer(200, {"identity": identity, "issuer": issuer.name, "claim": issuer.identity})

    async def _wanted(self, body: Mapping[str, Any]) -> Wanted:
        check_facts(self._plan(), body["metadata"], "/metadata")
        return body["metadata"], await self._end(body["expires"]) if "expires" in body else 0

    async def _end(self, text: str) -> int:
        return end_at("/expires", text, settled(await self._records.now()))


def _shown(kept: Kept) -> dict[str, Any]:
    shown: dict[str, Any] = {"identity": kept.name, "version": kept.version, "metadata": kept.facts}
    if kept.expires:
        shown["expires"] = instant(kept.expires)
    return shown


def _answer(status: int, kept: Kept) -> Answer:
    return Answer(status, _shown(kept), (etag(kept.version),))
