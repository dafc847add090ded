"""Identity tokens say what the rules declare, for no longer than the rule and the access token, and only to who is allowed.

The whole spine decides, with a real authenticator before it and a real signer behind it. Another library verifies what
was minted under the keys that the gateway publishes. The issuer here shares name, audience and keys with the gateway:
what keeps an identity token out is then nothing but what it is.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jwt as jose
from joserfc.jwk import KeySet, import_key

from gateway.message.forward import Forward
from gateway.message.parked import settle
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.policy.loaded import Loaded, loaded
from gateway.quota.limits_memory import MemoryLimits
from gateway.rewrite.identity_token import TYPE, Minter
from gateway.rewrite.keys import development_ring
from gateway.server.compose import Composer
from gateway.server.handle import Answer, Parts, handle
from policylang.embed import CompiledPlan
from tests.strategies import json_texts, pool
from tests.strategies.door import Door
from tests.strategies.key_sources import published
from tests.strategies.profile import examples
from tests.strategies.spine import Facts, inbound, plan_of
from tests.strategies.tokens import NOW, bearer, ec_key, jwk, sign

T = NOW // pool.SECOND
RING = development_ring()
GATEWAY = "https://gateway.test"
LIFETIMES = (5, 60, 3600)
LEEWAYS = (0, 30)


def head(leeway: int) -> str:
    return f"""language 1
issuer corp {{
  iss "{GATEWAY}"  keys "https://corp.test/jwks"  algorithms ES256  audience "api", "svc"  identity by claims.sub
  leeway {leeway}s
  claims {{
    sub: text(1..64)  team: slug optional  level: int -9223372036854775808..9223372036854775807 default 7
    admin: bool default false  roles: set of text(0..16) default []  seen: time optional
  }}
}}
"""


def rules(lifetime: int) -> str:
    return f"""
metadata {{ fresh within 30s  plan: text(0..9) default "none" }}
policy p {{ quota 1 per day }}
route r {{ match GET on "/orders/{{id: int 0..99}}"  trust corp  upstream "http://svc.test:9000" }}
select policy on r {{ use p otherwise }}
allow members on r when claims.level >= 0
deny admins on r when claims.admin
identity token t on r {{
  audience "svc"  subject claims.sub  lifetime {lifetime}s  header X-Id
  claims {{ team: claims.team  level: claims.level  admin: claims.admin  roles: claims.roles  seen: claims.seen
    plan: metadata.plan  id: path.id }}
}}
"""


TEXTS = st.sampled_from((*pool.TEXTS, *pool.ODD_TEXTS)).filter(lambda text: len(text) <= 16)
MEMBERS = st.fixed_dictionaries(
    {"sub": TEXTS.filter(bool), "level": st.sampled_from((-(2**63), -1, 0, 1, 2**53 + 1, 2**63 - 1))},
    optional={
        "team": st.sampled_from(pool.SLUGS),
        "admin": st.sampled_from((False, False, False, True)),
        "roles": st.lists(TEXTS, max_size=3),
        "seen": st.integers(0, 253402300799),
        "undeclared": st.just("no"),
    },
)
LEFT = st.sampled_from((-31, -30, -1, 0, 1, 2, 59, 60, 61, 3600, 10**6))
"""Seconds that the access token has left."""


@dataclass(frozen=True)
class Bench:
    """One gateway; ``ask`` is one request with a token."""

    loaded: Loaded
    door: Door
    minter: Minter
    limits: MemoryLimits

    def ask(self, token: bytes, now: int) -> Answer:
        composer = Composer(self.minter, b"https")
        parts = Parts(lambda: self.loaded, self.door.authenticator, self.limits, composer, ())
        request = inbound("GET", "/orders/5", *bearer(token)[1:])

        async def wait() -> Answer:
            answer: Answer = await settle(handle(parts, request, Record("0", now, "GET")))
            await self.door.key_sets.stop()
            return answer

        self.door.clock.now = now
        return asyncio.run(wait())


def gateway(leeway: int, lifetime: int, plan: str | None) -> Bench:
    """A gateway where the caller's ``metadata.plan`` is so, or cannot be had."""
    store = Facts() if plan is None else Facts((1, (plan,)))
    ready = loaded(CompiledPlan(plan_of(rules(lifetime), head(leeway)), {}), store, 1)
    keys = published(jwk(ec_key(), kid="ec"), *RING.jwks()["keys"])
    return Bench(ready, Door(ready.compiled.plan.issuers, keys), Minter(RING, GATEWAY), MemoryLimits())


def access_token(members: dict[str, Any], left: int) -> bytes:
    whole = {"iss": GATEWAY, "aud": "api", "exp": T + left, **members}
    return sign(json_texts.without_gaps(whole), ec_key(), kid="ec")


def identity_token(answer: Forward) -> bytes:
    (line,) = [line for line in answer.head.split(b"\r\n") if line.lower().startswith(b"x-id:")]
    return line.removeprefix(b"X-Id: ")


def verified(token: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims, by another library under the published keys."""
    keys = KeySet([import_key(key) for key in RING.jwks()["keys"]])
    decoded = jose.decode(token.decode(), keys, algorithms=["ES256"])
    return dict(decoded.header), dict(decoded.claims)


def declared(members: dict[str, Any], plan: str) -> dict[str, Any]:
    """What the rules say of a token: every claim of the rule, absent ones left out."""
    said = {"level": members["level"], "admin": members.get("admin", False), "plan": plan, "id": 5}
    said["roles"] = sorted(set(members.get("roles", ())))
    return said | {name: members[name] for name in ("team", "seen") if name in members}


@given(MEMBERS, LEFT, st.sampled_from(LIFETIMES), st.sampled_from(LEEWAYS), st.sampled_from(("gold", "é\n", None)))
@example({"sub": "u", "level": 1}, 1, 60, 30, "gold")
@example({"sub": "u", "level": 1}, 0, 60, 30, "gold")
@example({"sub": "u", "level": 1, "roles": ["b", "a", "b"]}, 10**6, 3600, 0, "gold")
@examples(80)
def test_a_minted_token_says_what_is_declared_and_is_minted_for_the_allowed_alone(
    members: dict[str, Any], left: int, lifetime: int, leeway: int, plan: str | None
) -> None:
    bench = gateway(leeway, lifetime, plan)
    answer = bench.ask(access_token(members, left), NOW)
    allowed = left > 0 and members["level"] >= 0 and not members.get("admin") and plan is not None
    assert isinstance(answer, Forward) is allowed
    assert bench.minter.signed == int(allowed)
    if not isinstance(answer, Forward) or plan is None:
        return
    header, claims = verified(identity_token(answer))
    assert (header["typ"], header["kid"]) == (TYPE, RING.active.kid)
    instants = {name: claims.pop(name) for name in ("iat", "exp")}
    assert claims == {"iss": GATEWAY, "aud": "svc", "sub": members["sub"], **declared(members, plan)}
    assert instants == {"iat": T, "exp": min(T + lifetime, T + left)}


@given(MEMBERS, st.sampled_from((1, 2, 61, 3600)), st.sampled_from(LIFETIMES), st.sampled_from(LEEWAYS))
@examples(40)
def test_an_identity_token_is_refused_where_access_tokens_are_taken(
    members: dict[str, Any], left: int, lifetime: int, leeway: int
) -> None:
    bench = gateway(leeway, lifetime, "gold")
    answer = bench.ask(access_token(members | {"admin": False, "level": 1}, left), NOW)
    assert isinstance(answer, Forward)
    minted = identity_token(answer)
    _, claims = verified(minted)
    again = gateway(leeway, lifetime, "gold")
    refused = again.ask(minted, NOW)
    assert isinstance(refused, Refusal)
    assert (refused.kind, refused.reason, again.minter.signed) == ("credential_refused", "typ_not_allowed", 0)
    # Signed as an access token, with the gateway's key and the same claims, it is taken: nothing else keeps it out.
    same_words = sign(json_texts.without_gaps(claims), ec_key(), kid="ec")
    assert isinstance(again.ask(same_words, NOW), Forward)


@given(
    MEMBERS,
    st.sampled_from((2, 61, 3600)),
    st.sampled_from((5, 60)),
    st.lists(st.sampled_from((1, 0, 3, 4, 5, 47, 61)), min_size=2, max_size=6),
)
@examples(30)
def test_a_token_that_is_handed_out_again_is_still_good(
    members: dict[str, Any], left: int, lifetime: int, waits: list[int]
) -> None:
    """And who is over the limit, or whose access token has ended, gets none."""
    bench, now = gateway(30, lifetime, "gold"), NOW
    access = access_token(members | {"admin": False, "level": 1}, left)
    for number, wait in enumerate((0, *waits)):
        now += wait * pool.SECOND
        signed, spent = bench.minter.signed, number % 3 == 2
        if not spent:
            bench = replace(bench, limits=MemoryLimits())
        answer = bench.ask(access, now)
        if isinstance(answer, Forward):
            _, claims = verified(identity_token(answer))
            assert now < claims["exp"] * pool.SECOND <= (T + left) * pool.SECOND
            assert claims["iat"] * pool.SECOND <= now
            assert claims["exp"] - claims["iat"] <= lifetime
        else:
            assert spent or now >= (T + left) * pool.SECOND
            assert bench.minter.signed == signed
