"""The second way to work: an authorization server makes keys with metadata, clients use them, and they end when they should.

Time stands still and moves by hand: the gateway's clock is replaced, and so is the time that a Redis server tells scripts.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from joserfc import jwt as jose
from joserfc.jwk import KeySet, import_key

import gateway.app
from gateway.admin.times import instant
from gateway.settings import StoreSettings
from gateway.store.link import Script
from gateway.store.link_redis import LinkRedis
from policylang.embed import decode_base64url
from tests.journeys.world import AUDIENCE, Reply, World, world
from tests.servers.process import StoreProcess

CREDENTIAL = "0123456789abcdef0123456789abcdef"
ISS = "https://auth.example.com"
SECOND = 1_000_000
HALF_HOUR = 1_800 * SECOND
TIME = re.compile(r"""redis\.call\(['"]TIME['"]\)""")
GUARD_SECONDS = 30
RULES = """
keyring app_keys { }
keyring partners {
  credential header X-Api-Key   identity by claims.account
  claims { account: text(1..64)  tenant: slug }
}
issuer mobile {
  iss "https://auth.example.com"   keys keyring app_keys   algorithms HS256   audience "https://api.example.com"
  identity by claims.sub   claims { sub: text(1..128)  tenant: slug }
}
metadata { fresh within 30s  tier: slug default "none"  roles: set of slug default [] }
route orders { match GET on "/orders/**"  trust mobile  upstream setting.service }
route feeds  { match GET on "/feeds/**"   trust partners  upstream setting.service }
route people { match GET on "/people/**"  trust corp  upstream setting.service }
allow read on orders always
allow meet on people always
allow take on feeds always
request headers on orders, feeds {
  set X-Tenant "{claims.tenant}"  set X-Tier "{metadata.tier}"  set X-Roles metadata.roles joined by ","  omit when empty
}
identity token person on orders {
  audience "svc"  subject claims.sub  lifetime 10min  header X-Identity
  claims { tier: metadata.tier  roles: metadata.roles }
}
identity token partner on feeds {
  audience "svc"  subject claims.account  lifetime 10min  header X-Identity  claims { tier: metadata.tier }
}
"""


class Clock:
    """The gateway's time and the store's: microseconds since 1970, the same until it is moved."""

    def __init__(self) -> None:
        self.now = int(time.time()) * SECOND

    def __call__(self) -> int:
        return self.now

    @property
    def seconds(self) -> int:
        """As tokens tell it."""
        return self.now // SECOND


@dataclass(frozen=True, slots=True)
class Act:
    """A world, and the authorization server's side of it."""

    w: World
    clock: Clock

    async def admin(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        """One request to the admin API."""
        headers = {"Authorization": f"Bearer {CREDENTIAL}"}
        if method == "PATCH":
            headers["Content-Type"] = "application/merge-patch+json"
        async with self.w.session.request(method, f"{self.w.admin}/v1{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else {}

    async def key(self, keyring: str, **given: Any) -> dict[str, Any]:
        """A key of the keyring, with its secret."""
        proof = {"kind": "opaque"} if keyring == "partners" else {"kind": "hmac", "alg": "HS256"}
        status, made = await self.admin("POST", f"/keyrings/{keyring}/keys", {"proof": proof, **given})
        assert status == 201, made
        return made

    async def identity(self, issuer: str, value: str) -> str:
        """The virtual identity of a claim's value."""
        status, found = await self.admin("POST", "/identities/lookup", {"issuer": issuer, "value": value})
        assert status == 200, found
        return str(found["identity"])

    def signed(self, made: dict[str, Any], sub: str = "u1", lifetime: int = 7_200) -> str:
        """A token that names the key by its ``kid``, signed with the key's secret."""
        now = self.clock.seconds
        said = {"iss": ISS, "aud": AUDIENCE, "iat": now, "exp": now + lifetime, "sub": sub, "tenant": "acme"}
        secret = decode_base64url(made["secret"].encode())
        return jwt.encode({**said, "jti": f"of-{sub}"}, secret, "HS256", {"kid": made["kid"], "typ": "at+jwt"})

    async def present(self, credential: str) -> Reply:
        """One request with a token (two dots) or with an opaque key."""
        if credential.count(".") == 2:
            return await self.w.ask("GET", "/orders/7", credential)
        return await self.w.ask("GET", "/feeds/7", headers={"X-Api-Key": credential})

    async def minted(self, reply: Reply) -> dict[str, Any]:
        """What the identity token says, verified with the key set that the gateway publishes."""
        status, text = await self.w.get_admin("/.well-known/jwks.json")
        assert status == 200
        keys = KeySet([import_key(key) for key in json.loads(text)["keys"]])
        (token,) = reply.seen("X-Identity")
        decoded = jose.decode(token, keys, algorithms=["ES256"])
        asked: Any = {"iss": {"value": "https://gateway.test"}, "aud": {"value": "svc"}, "exp": {"essential": True}}
        jose.JWTClaimsRegistry(now=self.clock.seconds, **asked).validate(decoded.claims)
        return dict(decoded.claims)

    async def refused_from_now_on(self, credential: str) -> None:
        """The act is seen, and from then on no request gets in."""
        async with asyncio.timeout(GUARD_SECONDS):
            while (reply := await self.present(credential)).status in (200, 503):
                await asyncio.sleep(0.005)
        answers = [reply, *[await self.present(credential) for _ in range(5)]]
        assert [(answer.status, answer.code) for answer in answers] == [(401, "credential_refused")] * 6
        assert all(answer.seen("X-Tier") == [] for answer in answers)


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request: pytest.FixtureRequest, namespace: str, tmp_path: Path) -> StoreSettings:
    """The settings of each store in turn."""
    url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'state.db'}"}.get(request.param)
    if url is None:
        server: StoreProcess = request.getfixturevalue("valkey_server")
        url = f"redis://{server.address}"
    return StoreSettings(url=url, namespace=namespace, timeout_seconds=5.0)


@asynccontextmanager
async def acting(folder: Path, store: StoreSettings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Act]:
    """A world whose time stands still, on this store."""
    clock = Clock()
    call = LinkRedis.call

    def told(
        link: LinkRedis, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]
    ) -> asyncio.Future[Any]:
        instant_of_store = f"{{'{clock.seconds}', '{clock.now % SECOND}'}}"
        return call(link, Script(script.name, TIME.sub(instant_of_store, script.text)), shard, keys, args)

    monkeypatch.setattr(gateway.app, "wall_clock", clock)
    monkeypatch.setattr(LinkRedis, "call", told)
    settings: dict[str, Any] = {"admin_credential": CREDENTIAL.encode(), "identity_key": b"k" * 64, "store": store}
    async with world(folder, RULES, **settings) as w:
        yield Act(w, clock)


async def test_half_an_hour_of_a_key_and_its_metadata(
    tmp_path: Path, store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with acting(tmp_path, store, monkeypatch) as act:
        ends = act.clock.now + HALF_HOUR
        until = {"expires": instant(ends)}
        made = await act.key("app_keys", metadata={"tier": "gold"}, **until)
        lasting = await act.key("app_keys", metadata={})
        opaque = await act.key(
            "partners", claims={"account": "p1", "tenant": "acme"}, metadata={"tier": "silver"}, **until
        )
        who = await act.identity("mobile", "u1")
        status, _ = await act.admin("PUT", f"/identities/{who}", {"metadata": {"roles": ["b", "a"]}, **until})
        assert status == 201

        token, other = act.signed(made), act.signed(lasting)
        for _ in range(2):
            reply = await act.present(token)
            assert reply.status == 200
            assert (reply.seen("X-Tenant"), reply.seen("X-Tier"), reply.seen("X-Roles")) == (
                ["acme"],
                ["gold"],
                ["a,b"],
            )
            said = await act.minted(reply)
            assert (said["sub"], said["tier"], said["roles"]) == ("u1", "gold", ["a", "b"])
            partner = await act.present(opaque["credential"])
            assert (partner.status, partner.seen("X-Tier"), partner.seen("X-Roles")) == (200, ["silver"], [])
            said = await act.minted(partner)
            assert (said["sub"], said["tier"]) == ("p1", "silver")
        for answer, secret in ((reply, token), (reply, made["secret"]), (partner, opaque["credential"])):
            assert secret not in json.dumps(answer.body), "a credential went to the service"

        act.clock.now = ends - SECOND
        reply = await act.present(token)
        assert (reply.status, reply.seen("X-Tier")) == (200, ["gold"])
        assert (await act.minted(reply))["exp"] * SECOND <= ends, "an identity token outlives the key"
        partner = await act.present(opaque["credential"])
        assert (await act.minted(partner))["exp"] * SECOND <= ends, "an identity token outlives the key"

        act.clock.now = ends
        for credential in (token, act.signed(made), opaque["credential"]):
            refused = await act.present(credential)
            assert (refused.status, refused.code) == (401, "credential_refused")
        for path in (
            f"keyrings/app_keys/keys/{made['kid']}",
            f"keyrings/partners/keys/{opaque['kid']}",
            f"identities/{who}",
        ):
            assert (await act.admin("GET", f"/{path}"))[0] == 404
        still = await act.present(other)
        assert (still.status, still.seen("X-Tier"), still.seen("X-Roles")) == (200, ["none"], [])
        assert (await act.minted(still))["roles"] == []
    log = (tmp_path / "decisions.log").read_text(encoding="utf-8")
    for secret in (token, made["secret"], opaque["credential"], opaque["credential"].partition(".")[2]):
        assert secret not in log


@pytest.mark.parametrize("what", ["disable", "rotate", "delete"])
@pytest.mark.parametrize("keyring", ["app_keys", "partners"])
async def test_an_act_on_a_key_that_every_cache_knows(
    keyring: str, what: str, tmp_path: Path, store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with acting(tmp_path, store, monkeypatch) as act:

        async def made_key() -> tuple[dict[str, Any], str]:
            claims = {"claims": {"account": "p1", "tenant": "acme"}} if keyring == "partners" else {}
            made = await act.key(keyring, metadata={"tier": "gold"}, **claims)
            return made, made["credential"] if keyring == "partners" else act.signed(made)

        made, credential = await made_key()
        _, bystander = await made_key()
        for one in (credential, bystander, credential, bystander):
            assert (await act.present(one)).status == 200
        path = f"/keyrings/{keyring}/keys/{made['kid']}"
        if what == "disable":
            assert (await act.admin("PATCH", path, {"disabled": True}))[0] == 200
        elif what == "rotate":
            status, rotated = await act.admin("POST", f"{path}/rotate")
            assert status == 200
        else:
            assert (await act.admin("DELETE", path))[0] == 204
        await act.refused_from_now_on(credential)
        assert (await act.present(bystander)).status == 200
        if what == "rotate":
            fresh = rotated["credential"] if keyring == "partners" else act.signed(rotated)
            reply = await act.present(fresh)
            assert (reply.status, reply.seen("X-Tier")) == (200, ["gold"])


@pytest.mark.parametrize("what", ["identity", "issued_before", "jti"])
async def test_a_revocation_of_what_every_cache_knows(
    what: str, tmp_path: Path, store: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with acting(tmp_path, store, monkeypatch) as act:
        made = await act.key("app_keys")
        token, bystander = act.signed(made, "u1"), act.signed(made, "u2")
        for one in (token, bystander, token, bystander):
            assert (await act.present(one)).status == 200
        who = await act.identity("mobile", "u1")
        bodies: dict[str, dict[str, Any]] = {
            "identity": {"identity": who},
            "issued_before": {"identity": who, "issued_before": instant(act.clock.now + SECOND)},
            "jti": {"issuer": "mobile", "jti": "of-u1"},
        }
        status, made_revocation = await act.admin("POST", "/revocations", bodies[what])
        assert status == 201, made_revocation
        await act.refused_from_now_on(token)
        assert (await act.present(bystander)).status == 200
        act.clock.now += 2 * SECOND
        again = await act.present(act.signed(made, "u1"))
        assert again.status == (200 if what == "issued_before" else 401)
        await act.admin("DELETE", f"/revocations/{made_revocation['revocation']}")
        async with asyncio.timeout(GUARD_SECONDS):
            while (await act.present(token)).status != 200:
                await asyncio.sleep(0.005)
