"""Access keys: made, shown once, listed, changed, rotated, deleted; only of keyrings that the rules declare."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from gateway.keys.records import OpaqueProof, read_key
from gateway.keys.secrets import parse_opaque, secret_holds
from tests.strategies.admin import LATER, AdminWorld, served

PARTNERS, SIGNERS = "/v1/keyrings/partners/keys", "/v1/keyrings/signers/keys"
OPAQUE: dict[str, Any] = {"proof": {"kind": "opaque"}, "claims": {"client_id": "acme"}}
HMAC: dict[str, Any] = {"proof": {"kind": "hmac", "alg": "HS256"}}
JWK = {
    "kty": "EC",
    "crv": "P-256",
    "alg": "ES256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


async def test_an_opaque_key_is_shown_once() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        made = await ask("POST", PARTNERS, json={**OPAQUE, "metadata": {"tier": "gold"}, "expires": LATER})
        assert made.status == 201, made.text
        kid = made.body["kid"]
        assert made.headers["Location"] == f"{PARTNERS}/{kid}"
        assert (made.body["claims"], made.body["metadata"]) == ({"client_id": "acme"}, {"tier": "gold"})
        assert (made.body["issued"], made.body["expires"]) == ("2026-02-01T12:00:00Z", LATER)
        parsed = parse_opaque(made.body["credential"].encode())
        stored = await world.records.get("key", f"partners:{kid}")
        proof = read_key(stored.content).proof
        assert isinstance(proof, OpaqueProof)
        assert parsed is not None
        assert secret_holds("partners", kid, parsed[1], proof.digest)
        read = await ask("GET", made.headers["Location"])
        assert read.body == {name: value for name, value in made.body.items() if name != "credential"}
        assert read.headers["ETag"] == made.headers["ETag"]
        listed = await ask("GET", PARTNERS)
        assert listed.body == {"keys": [{name: value for name, value in read.body.items() if name != "metadata"}]}
        secret = made.body["credential"].partition(".")[2]
        assert secret not in read.text + listed.text
        assert secret.encode() not in stored.content


async def test_keys_for_tokens() -> None:
    async with served(AdminWorld()) as ask:
        shared = await ask("POST", SIGNERS, json=HMAC)
        assert len(base64.urlsafe_b64decode(shared.body["secret"] + "=")) == 32
        assert shared.body["proof"] == HMAC["proof"]
        public = await ask("POST", SIGNERS, json={"proof": {"kind": "public", "jwk": JWK}})
        assert public.status == 201, public.text
        assert public.body["proof"] == {"kind": "public", "jwk": JWK}
        assert not {"secret", "credential"} & public.body.keys()


@pytest.mark.parametrize(
    ("path", "body", "status", "pointers"),
    [
        ("/v1/keyrings/others/keys", OPAQUE, 404, []),
        (PARTNERS, HMAC, 422, ["/proof"]),
        (SIGNERS, {"proof": {"kind": "opaque"}}, 422, ["/proof"]),
        (SIGNERS, {"proof": {"kind": "hmac", "alg": "HS512"}}, 422, ["/proof"]),
        (SIGNERS, {**HMAC, "claims": {"client_id": "acme"}}, 422, ["/claims"]),
        (PARTNERS, {"proof": {"kind": "opaque"}}, 422, ["/claims/client"]),
        (PARTNERS, {**OPAQUE, "metadata": {"tier": 7}}, 422, ["/metadata/tier"]),
        (PARTNERS, {**OPAQUE, "expires": "2026-02-01T12:00:00Z"}, 422, ["/expires"]),
        (SIGNERS, {"proof": {"kind": "public", "jwk": {**JWK, "x": "AAAA"}}}, 422, ["/proof/jwk"]),
        (SIGNERS, {"proof": {"kind": "public", "jwk": {**JWK, "d": "AAAA"}}}, 400, ["/proof/jwk"]),
        (SIGNERS, {"proof": {"kind": "public"}}, 400, ["/proof"]),
        (SIGNERS, {"proof": {"kind": "wax"}}, 400, ["/proof"]),
        (SIGNERS, {}, 400, [""]),
    ],
)
async def test_what_is_no_key(path: str, body: dict[str, Any], status: int, pointers: list[str]) -> None:
    world = AdminWorld()
    async with served(world) as ask:
        refused = await ask("POST", path, json=body)
        assert (refused.status, refused.pointers) == (status, pointers), refused.text
        assert (await world.records.page("key", "", "", 10)).records == ()


async def test_changed_and_deleted() -> None:
    async with served(AdminWorld()) as ask:
        made = await ask("POST", PARTNERS, json={**OPAQUE, "metadata": {"tier": "gold", "seats": 2}})
        path = made.headers["Location"]
        changed = await ask("PATCH", path, patch={"disabled": True, "expires": LATER, "metadata": {"seats": None}})
        assert changed.status == 200, changed.text
        assert (changed.body["disabled"], changed.body["expires"]) == (True, LATER)
        assert changed.body["metadata"] == {"tier": "gold"}
        assert "credential" not in changed.body
        old, new = {"If-Match": made.headers["ETag"]}, {"If-Match": changed.headers["ETag"]}
        for method, where, body in (
            ("PATCH", path, {"patch": {}}),
            ("POST", f"{path}/rotate", {}),
            ("DELETE", path, {}),
        ):
            refused = await ask(method, where, headers=old, **body)
            assert (refused.status, refused.headers["ETag"]) == (412, changed.headers["ETag"]), method
        again = await ask("PATCH", path, patch={"claims": {"client_id": "other"}, "expires": None}, headers=new)
        assert (again.body["claims"], again.body["disabled"]) == ({"client_id": "other"}, True)
        assert "expires" not in again.body
        assert (await ask("PATCH", path, patch={"claims": {"client_id": None}})).status == 422
        assert (await ask("PATCH", path, patch={"metadata": {"tier": 1}})).status == 422
        assert (await ask("PATCH", path, patch={"disabled": None})).status == 400
        assert (await ask("DELETE", path)).status == 204
        for method, where, body in (
            ("GET", path, {}),
            ("PATCH", path, {"patch": {}}),
            ("POST", f"{path}/rotate", {}),
            ("DELETE", path, {}),
        ):
            assert (await ask(method, where, **body)).status == 404, method
        assert (await ask("DELETE", path, headers={"If-Match": "*"})).status == 412


async def test_rotation_is_another_secret() -> None:
    async with served(AdminWorld()) as ask:
        made = await ask("POST", PARTNERS, json={**OPAQUE, "metadata": {"tier": "gold"}})
        turned = await ask("POST", f"{made.headers['Location']}/rotate")
        assert turned.status == 200, turned.text
        assert turned.body["credential"] != made.body["credential"]
        assert (turned.body["kid"], turned.body["metadata"]) == (made.body["kid"], made.body["metadata"])
        shared = await ask("POST", SIGNERS, json=HMAC)
        assert (await ask("POST", f"{shared.headers['Location']}/rotate")).body["secret"] != shared.body["secret"]
        public = await ask("POST", SIGNERS, json={"proof": {"kind": "public", "jwk": JWK}})
        refused = await ask("POST", f"{public.headers['Location']}/rotate")
        assert (refused.status, refused.code) == (422, "refused")
        assert (await ask("POST", f"{made.headers['Location']}/rotate", data=b"{}")).code == "body_unexpected"


async def test_a_list_in_pages() -> None:
    async with served(AdminWorld()) as ask:
        kids = sorted([(await ask("POST", SIGNERS, json=HMAC)).body["kid"] for _ in range(3)])
        first = await ask("GET", f"{SIGNERS}?limit=2")
        assert ([one["kid"] for one in first.body["keys"]], first.body["next"]) == (kids[:2], kids[1])
        last = await ask("GET", f"{SIGNERS}?limit=2&after={kids[1]}")
        assert [one["kid"] for one in last.body["keys"]] == kids[2:]
        assert "next" not in last.body
        assert (await ask("GET", PARTNERS)).body == {"keys": []}


async def test_of_a_keyring_that_the_rules_dropped_keys_can_be_deleted_alone() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        path = (await ask("POST", PARTNERS, json=OPAQUE)).headers["Location"]
        world.plan = replace(world.plan, issuers=world.plan.issuers[:1])
        for method, where, body in (
            ("GET", path, {}),
            ("GET", PARTNERS, {}),
            ("PATCH", path, {"patch": {}}),
            ("POST", f"{path}/rotate", {}),
            ("POST", PARTNERS, {"json": OPAQUE}),
        ):
            assert (await ask(method, where, **body)).code == "not_found", method
        assert (await ask("DELETE", path)).status == 204


async def test_a_change_that_is_overtaken_is_made_anew() -> None:
    world = AdminWorld()
    real, races = world.records, [2]

    class Overtaken:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        async def put(self, kind: str, name: str, content: bytes, expires: int, expect: int | None) -> object:
            if kind == "key" and expect and races[0]:
                races[0] -= 1
                await real.put(kind, name, (await real.get(kind, name)).content, 0, None)
            return await real.put(kind, name, content, expires, expect)

    world.records = Overtaken()
    async with served(world) as ask:
        path = (await ask("POST", PARTNERS, json=OPAQUE)).headers["Location"]
        assert (await ask("PATCH", path, patch={"disabled": True})).body["disabled"] is True
        assert races == [0]
        races[0] = 99
        assert (await ask("PATCH", path, patch={"disabled": False})).code == "conflict"
        assert (await ask("POST", f"{path}/rotate")).code == "conflict"
