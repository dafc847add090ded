"""R33: a token has as many spellings as its signature. Whoever holds one spelling can make the others, and gains nothing."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.authn.key_set import MINUTE
from gateway.message.forward import Forward
from gateway.message.principal import Principal
from policylang.token.compact import decode_base64url
from tests.strategies.door import Door
from tests.strategies.key_sources import published, settled
from tests.strategies.spine import UPSTREAM, Spy, ask, kind, load, parts, values
from tests.strategies.tokens import b64, bearer, ec_key, ed_key, issuer, jwk, payload, rsa_key, sign

CURVES: dict[str, type[ec.EllipticCurve]] = {
    "ES256": ec.SECP256R1,
    "ES384": ec.SECP384R1,
    "ES512": ec.SECP521R1,
    "ES256K": ec.SECP256K1,
}
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
EVERY = issuer(algorithms=("ES256", "ES384", "ES512", "ES256K", "EdDSA", "RS256"))

RULES = f"""
metadata {{ fresh within 30s  roles: set of slug default [] }}
policy few {{ rate 2 per 1h burst 2 }}
select policy on orders {{ use few otherwise }}
route orders {{ match GET on "/orders"  trust corp  {UPSTREAM} }}
allow read on orders always
limit each on orders by claims.sub {{ quota 5 per day on outage deny }}
request headers on orders {{ set X-User "{{claims.sub}}"  set X-Roles metadata.roles joined by "," omit when empty }}
identity token inner on orders {{ audience "svc"  subject claims.sub  lifetime 60s  header X-Identity }}
"""


def other_spelling(token: bytes, alg: str = "ES256") -> bytes:
    """The same token with the signature (r, n - s) in the place of (r, s)."""
    signed, _, signature = token.rpartition(b".")
    raw, order = decode_base64url(signature), CURVES[alg]().group_order
    half = len(raw) // 2
    mirrored = (order - int.from_bytes(raw[half:], "big")).to_bytes(half, "big")
    return signed + b"." + b64(raw[:half] + mirrored)


@pytest.mark.parametrize("alg", CURVES)
async def test_both_spellings_are_the_same_caller(alg: str) -> None:
    key = ec_key(curve=CURVES[alg])
    door = Door((EVERY,), published(jwk(key, kid="k")))
    first = sign(payload(), key, alg, kid="k")
    second = other_spelling(first, alg)
    assert second != first
    assert other_spelling(second, alg) == first
    said = [await door.admits(token) for token in (first, second) * 3]
    assert len({(one.issuer, one.claims, one.identity, one.expires) for one in said}) == 1


async def test_spellings_that_no_standard_knows_are_refused() -> None:
    """RFC 8032 section 5.1.7 and RFC 8017 section 8.2.2: s is below the order, or below the modulus."""
    door = Door((EVERY,), published(jwk(ec_key(), kid="ec"), jwk(ed_key(), kid="ed"), jwk(rsa_key(), kid="rsa")))
    signed, _, signature = sign(payload(), ed_key(), "EdDSA", kid="ed").rpartition(b".")
    raw = decode_base64url(signature)
    more = (int.from_bytes(raw[32:], "little") + ED25519_ORDER).to_bytes(32, "little")
    assert await door.refuses(signed + b"." + b64(raw[:32] + more)) == "signature"

    signed, _, signature = sign(payload(), rsa_key(), "RS256", kid="rsa").rpartition(b".")
    number = int.from_bytes(decode_base64url(signature), "big") + rsa_key().public_key().public_numbers().n
    assert await door.refuses(signed + b"." + b64(number.to_bytes(257, "big"))) == "signature"

    signed, _, signature = sign(payload(), ec_key(), kid="ec").rpartition(b".")
    raw = decode_base64url(signature)
    for longer in (b"\0" + raw[:32] + b"\0" + raw[32:], raw + b"\0", raw[:32] + b"\0" + raw[32:]):
        assert await door.refuses(signed + b"." + b64(longer)) == "signature"


async def test_a_caller_with_two_spellings_has_one_budget() -> None:
    plan = load(RULES)
    door = Door(plan.compiled.plan.issuers)
    first = sign(payload(iss="https://corp.test", aud="api"), ec_key(), kid="ec")
    tokens = (first, other_spelling(first))
    for token in tokens:
        await door.admits(token, plan=plan.names.digest)
    counters = Spy()
    made = parts(plan, door.authenticator, counters)
    answers = [ask(made, "GET", "/orders", *bearer(token)[1:]) for token in (*tokens, *tokens)]
    assert [kind(answer) for answer, _ in answers] == ["allow", "allow", "limited", "limited"]
    assert len({record.identity for _, record in answers}) == 1
    allowed = [answer for answer, _ in answers if isinstance(answer, Forward)]
    assert [values(answer, b"x-user") for answer in allowed] == [[b"u1"], [b"u1"]]
    assert len(counters.inner) == 2, "one counter for the policy, one for the limit"


async def test_what_ends_one_spelling_ends_the_other() -> None:
    door = Door()
    first = sign(payload(), ec_key(), kid="ec")
    tokens = (first, other_spelling(first))
    for token in (*tokens, *tokens):
        assert isinstance(await door.ask(token), Principal)
    door.fetcher.answer = published(jwk(ec_key(1), kid="new"))
    door.clock.now += 13 * MINUTE
    door.key_sets.tick()
    await settled()
    for token in tokens:
        await door.refuses(token)


async def test_a_second_spelling_costs_one_check_and_one_place() -> None:
    door = Door()
    first = sign(payload(), ec_key(), kid="ec")
    for token in (first, other_spelling(first)) * 5:
        await door.admits(token)
    assert door.authenticator.counters.verified == 2
    assert len(door.cache.entries) == 2
    assert not door.cache.facts
