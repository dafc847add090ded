"""Revocations at the admin API: tokens taken back before their time, and given back."""

from collections.abc import Callable
from typing import Any

from gateway.admin.call import Answer, Call, Handler
from gateway.admin.key_words import done
from gateway.admin.problems import Problem, etag, refuse, settled
from gateway.admin.times import MICROS, instant, time_at
from gateway.keys.changes import Problem as Refused
from gateway.keys.changes import RevocationView
from gateway.keys.names import Subject
from gateway.keys.revocations import RevocationService, of_identity, of_issuer, of_token
from policylang.embed import plan_model


class Revocations:
    """``plan`` is the one in force."""

    def __init__(self, acts: RevocationService, plan: Callable[[], plan_model.Plan]) -> None:
        self._acts = acts
        self._plan = plan

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {
            "revocations.create": self.create,
            "revocations.list": self.list,
            "revocations.get": self.get,
            "revocations.delete": self.delete,
        }

    async def create(self, call: Call) -> Answer:
        """Take tokens back."""
        said = call.body
        before = time_at("/issued_before", said["issued_before"]) // MICROS if "issued_before" in said else None
        expires = time_at("/expires", said["expires"]) if "expires" in said else None
        found = done(await self._acts.add(self._subject(said), before, expires))
        location = ("Location", f"/v1/revocations/{found.name}")
        return Answer(201, _shown(found), (etag(found.version), location))

    async def list(self, call: Call) -> Answer:
        """A page. One whose content cannot be read takes back all that its subject has, and is told by its name."""
        prefix, after = call.parameters.get("prefix", ""), call.parameters.get("after", "")
        page = settled(await self._acts.page(prefix, after, call.parameters["limit"]))
        content: dict[str, Any] = {"revocations": [_shown(one) for one in page.revocations]}
        if page.unreadable:
            content["unreadable"] = list(page.unreadable)
        return Answer(200, {**content, **({"next": page.last} if page.more else {})})

    async def get(self, call: Call) -> Answer:
        """One as it stands."""
        name = call.text("revocation")
        page = settled(await self._acts.page(name, "", 1))
        found = next((one for one in page.revocations if one.name == name), None)
        if found is None:
            raise Problem("not_found")
        return Answer(200, _shown(found), (etag(found.version),))

    async def delete(self, call: Call) -> Answer:
        """Give tokens back."""
        if not done(await self._acts.lift(call.text("revocation"))):
            raise Problem("not_found")
        return Answer(204)

    def _subject(self, said: dict[str, Any]) -> Subject | Refused:
        if "identity" in said:
            return of_identity(bytes.fromhex(said["identity"]))
        issuer = said["issuer"]
        names = [one.name for one in self._plan().issuers]
        if issuer not in names:
            refuse("/issuer", f"no issuer of the rules; there are {', '.join(names) or 'none'}")
        return of_token(issuer, said["jti"]) if "jti" in said else of_issuer(issuer)


def _shown(one: RevocationView) -> dict[str, Any]:
    shown: dict[str, Any] = {"revocation": one.name, "version": one.version}
    if one.subject.what == "identity":
        shown["identity"] = one.subject.digest.hex()
    else:
        shown["issuer"] = one.subject.issuer
    if one.record.before is not None:
        shown["issued_before"] = instant(one.record.before * MICROS)
    shown["created"] = instant(one.record.created)
    if one.expires:
        shown["expires"] = instant(one.expires)
    return shown
