"""Access keys at the admin API: of the keyrings that the rules in force declare; a secret is shown once."""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.admin.call import Answer, Call, Handler
from gateway.admin.facts import check_key_facts
from gateway.admin.key_words import done
from gateway.admin.merge_patch import merge_patch
from gateway.admin.metadata_records import TRIES
from gateway.admin.preconditions import Expected, expected
from gateway.admin.problems import Problem, etag, moved
from gateway.admin.times import instant, time_at
from gateway.keys.changes import Created, KeyView
from gateway.keys.making import KeyKind, KeyPatch, NewKey
from gateway.keys.records import HmacProof, OpaqueProof, Proof
from gateway.keys.service import KeyService
from gateway.records.port import Conflict
from policylang.embed import plan_model


class Keys:
    """``plan`` is the one in force."""

    def __init__(self, service: KeyService, plan: Callable[[], plan_model.Plan]) -> None:
        self._service = service
        self._plan = plan

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {
            "keys.create": self.create,
            "keys.list": self.list,
            "keys.get": self.get,
            "keys.patch": self.patch,
            "keys.rotate": self.rotate,
            "keys.delete": self.delete,
        }

    async def create(self, call: Call) -> Answer:
        """A key, with its secret."""
        keyring = self._declared(call)
        said = call.body
        metadata = said.get("metadata", {})
        check_key_facts(self._plan(), metadata, "/metadata")
        proof = said["proof"]
        new = NewKey(
            keyring=keyring,
            kind=_kind(proof),
            claims=said.get("claims", {}),
            metadata=metadata,
            expires=time_at("/expires", said["expires"]) if "expires" in said else 0,
            jwk=proof.get("jwk"),
        )
        made = done(await self._service.create(new))
        location = ("Location", f"/v1/keyrings/{keyring}/keys/{made.key.kid}")
        return Answer(201, _issued(made), (etag(made.key.version), location))

    async def list(self, call: Call) -> Answer:
        """A page, without metadata. Records that cannot be read are left out; their ids stay free of what is not known."""
        keyring = self._declared(call)
        asked = self._service.page(keyring, call.parameters.get("after", ""), call.parameters["limit"])
        page = done(await asked)
        shown = [_shown(one) for one in page.keys]
        for one in shown:
            del one["metadata"]
        return Answer(200, {"keys": shown, **({"next": page.last} if page.more else {})})

    async def get(self, call: Call) -> Answer:
        """A key, without its secret."""
        found = done(await self._service.read(self._declared(call), call.text("kid")))
        return Answer(200, _shown(found), (etag(found.version),))

    async def patch(self, call: Call) -> Answer:
        """A merge patch of ``{claims, metadata, disabled, expires}``; made anew when others change the key meanwhile."""
        keyring, kid, wanted = self._declared(call), call.text("kid"), expected(call.parameters)
        for _ in range(TRIES):
            there = done(await self._service.read(keyring, kid))
            _hold(wanted, there.version)
            change = self._change(there, call.body)
            changed = await self._service.patch(keyring, kid, change, there.version)
            if isinstance(changed, Conflict) and not isinstance(wanted, int):
                continue
            view = done(changed, there.version)
            return Answer(200, _shown(view), (etag(view.version),))
        raise Problem("conflict", "send it again, or with If-Match")

    async def rotate(self, call: Call) -> Answer:
        """Another secret, shown once."""
        wanted = expected(call.parameters)
        version = wanted if isinstance(wanted, int) else None
        outcome = await self._service.rotate(self._declared(call), call.text("kid"), version)
        made = done(outcome, version)
        return Answer(200, _issued(made), (etag(made.key.version),))

    async def delete(self, call: Call) -> Answer:
        """The key is gone. Also of a keyring that the rules no longer declare: what lets people in can be taken away."""
        wanted = expected(call.parameters)
        version = wanted if isinstance(wanted, int) else None
        outcome = await self._service.delete(call.text("keyring"), call.text("kid"), version)
        if not done(outcome, version):
            raise moved(0) if wanted == "any" else Problem("not_found")
        return Answer(204)

    def _declared(self, call: Call) -> str:
        keyring = call.text("keyring")
        if all(one.keys.kind != "keyring" or one.keys.value != keyring for one in self._plan().issuers):
            raise Problem("not_found", "the rules in force declare no such keyring")
        return keyring

    def _change(self, there: KeyView, said: Mapping[str, Any]) -> KeyPatch:
        metadata = None
        if "metadata" in said:
            metadata = merge_patch(there.metadata, said["metadata"])
            check_key_facts(self._plan(), metadata, "/metadata")
        expires = None
        if "expires" in said:
            expires = 0 if said["expires"] is None else time_at("/expires", said["expires"])
        return KeyPatch(
            disabled=said.get("disabled"),
            claims=merge_patch(there.record.claims, said["claims"]) if "claims" in said else None,
            metadata=metadata,
            expires=expires,
        )


def _hold(wanted: Expected, version: int) -> None:
    if isinstance(wanted, int) and wanted != version:
        raise moved(version)


def _kind(proof: Mapping[str, Any]) -> KeyKind:
    kind: KeyKind = proof["alg"] if proof["kind"] == "hmac" else proof["kind"]
    return kind


def _issued(made: Created) -> dict[str, Any]:
    shown = _shown(made.key)
    if made.secret is not None:
        shown["credential" if isinstance(made.key.record.proof, OpaqueProof) else "secret"] = made.secret
    return shown


def _shown(key: KeyView) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "keyring": key.keyring,
        "kid": key.kid,
        "version": key.version,
        "proof": _proof(key.record.proof),
        "claims": key.record.claims,
        "metadata": key.metadata,
        "disabled": key.record.disabled,
        "created": instant(key.record.created),
        "issued": instant(key.record.issued),
    }
    if key.expires:
        shown["expires"] = instant(key.expires)
    return shown


def _proof(proof: Proof) -> dict[str, Any]:
    if isinstance(proof, OpaqueProof):
        return {"kind": "opaque"}
    if isinstance(proof, HmacProof):
        return {"kind": "hmac", "alg": proof.alg}
    return {"kind": "public", "jwk": proof.jwk}
