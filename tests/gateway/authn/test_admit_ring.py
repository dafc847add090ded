"""Tokens whose kid names an access key, and access keys themselves, through the whole of authentication."""

import json
from typing import Any

import pytest

from gateway.authn.authenticate import Authenticator
from gateway.authn.key_set import FOREVER, HOUR, SECOND
from gateway.authn.packing import Entry
from gateway.keys.changes import Created
from gateway.keys.revocations import of_identity, of_issuer, of_token
from gateway.message.parked import settle
from gateway.message.refusal import Refusal
from gateway.records.port import Stored
from policylang.token.compact import decode_base64url
from policylang.token.identity import virtual_identity
from tests.strategies.door import IDENTITY_KEY
from tests.strategies.ring_door import PARTNERS, SIGNED, RingDoor, opaque
from tests.strategies.tokens import CORP, NOW, bearer, claim, ec_key, issuer, jwk, payload, rsa_key, sign

T = NOW // SECOND


def hs_token(made: Created, alg: str = "HS256", kid: str | None = None, **changes: Any) -> bytes:
    assert made.secret is not None
    members = payload(iss=SIGNED.iss, **changes)
    return sign(members, decode_base64url(made.secret.encode()), alg, kid=made.key.kid if kid is None else kid)


async def faults(door: RingDoor, token: bytes) -> str:
    answer = await door.ask(token)
    assert isinstance(answer, Refusal), answer
    assert (answer.kind, answer.status, answer.headers) == ("keys_fault", 503, [])
    return answer.reason


async def test_an_opaque_key_is_who_its_claims_say() -> None:
    door = await RingDoor.open()
    made = await door.make(claims={"sub": "k1", "tenant": "acme"}, expires=NOW + HOUR)
    for _ in range(3):
        found = await door.admits(opaque(made))
        assert isinstance(found, Entry)
        assert (found.issuer, found.claims) == (1, (frozenset(), "k1", "acme"))
        assert found.key == ("partners", made.key.kid)
        assert found.identity == virtual_identity(PARTNERS, found.claims, IDENTITY_KEY)
        assert (found.expires, found.valid_until, found.issued, found.jti) == (NOW + HOUR, NOW + HOUR, T, None)
    counters = door.authenticator.counters
    assert (counters.verified, counters.known, counters.parked) == (1, 1, 1)
    assert door.fetcher.places == []


async def test_a_key_without_an_end_has_none() -> None:
    door = await RingDoor.open()
    found = await door.admits(opaque(await door.make()))
    assert found.expires == FOREVER


async def test_a_token_is_verified_by_the_key_that_its_kid_names() -> None:
    door = await RingDoor.open()
    shared = await door.make("clients", "HS256")
    public = await door.make("clients", "public", jwk=jwk(rsa_key(), kid="whatever"))
    for _ in range(3):
        first = await door.admits(hs_token(shared))
        assert (first.issuer, first.key, first.claims[1]) == (2, ("clients", shared.key.kid), "u1")
        made = sign(payload(iss=SIGNED.iss), rsa_key(), "RS256", kid=public.key.kid)
        assert (await door.admits(made)).key == ("clients", public.key.kid)
    assert door.authenticator.counters.verified == 2
    assert door.fetcher.places == []


async def test_no_token_outlives_its_key() -> None:
    door = await RingDoor.open()
    made = await door.make("clients", "HS256", expires=NOW + 60 * SECOND)
    token = hs_token(made)
    for _ in range(3):
        found = await door.admits(token)
        assert isinstance(found, Entry)
        assert (found.expires, found.valid_until) == (NOW + 60 * SECOND, NOW + 60 * SECOND)
    door.clock.now = NOW + 60 * SECOND - 1
    await door.admits(token)
    door.clock.now += 1
    assert await door.refuses(token) == "no_such_key"
    assert not door.cache.entries


async def test_no_key_outlives_its_token() -> None:
    door = await RingDoor.open()
    made = await door.make("clients", "HS256", expires=NOW + HOUR)
    found = await door.admits(hs_token(made))
    assert isinstance(found, Entry)
    assert (found.expires, found.valid_until) == (NOW + 300 * SECOND, NOW + 330 * SECOND)


@pytest.mark.parametrize("warm", [0, 1, 2, 5])
@pytest.mark.parametrize("ring", ["partners", "clients"])
async def test_each_act_ends_a_warm_token_at_its_next_use(warm: int, ring: str) -> None:
    for act, reason in (("rotate", "key_secret"), ("disable", "key_disabled"), ("delete", "no_such_key")):
        door = await RingDoor.open()
        made = await door.make(ring, "opaque" if ring == "partners" else "HS256")
        token = opaque(made) if ring == "partners" else hs_token(made)
        other = await door.make()
        for _ in range(warm):
            await door.admits(token)
            await door.admits(opaque(other))
        if act == "rotate":
            again = await door.rotate(made.key)
            fresh = opaque(again) if ring == "partners" else hs_token(again)
        elif act == "disable":
            await door.change(made.key, disabled=True)
        else:
            await door.delete(made.key)
        expected = "signature" if (act, ring) == ("rotate", "clients") else reason
        assert await door.refuses(token) == expected
        assert await door.refuses(token) == expected
        await door.admits(opaque(other))
        if act == "rotate":
            await door.admits(fresh)
        if act == "disable":
            await door.change(made.key, disabled=False)
            await door.admits(token)


async def test_a_change_of_one_key_asks_the_store_for_no_other() -> None:
    door = await RingDoor.open()
    keys = [await door.make() for _ in range(20)]
    for made in keys * 3:
        await door.admits(opaque(made))
    readings, looked = door.records.readings, door.records.hits
    await door.change(keys[0].key, disabled=True)
    for made in keys[1:]:
        await door.admits(opaque(made))
    assert (door.records.readings, door.records.hits) == (readings, looked)
    assert door.authenticator.counters.rechecked == 19


async def test_other_claims_are_in_force_at_the_next_use() -> None:
    door = await RingDoor.open()
    made = await door.make(claims={"sub": "k1", "tenant": "acme"})
    for _ in range(3):
        assert (await door.admits(opaque(made))).claims[2] == "acme"
    await door.change(made.key, claims={"sub": "k1", "tenant": "zeta"})
    for _ in range(3):
        assert (await door.admits(opaque(made))).claims[2] == "zeta"


async def test_claims_that_no_longer_decode_refuse() -> None:
    door = await RingDoor.open()
    made = await door.make()
    strict = (
        CORP,
        issuer(
            name="partners",
            iss="",
            keys=PARTNERS.keys,
            algorithms=(),
            claims=(claim("sub", ("text", 1, 128)), claim("risk", ("int", 0, 9))),
        ),
        SIGNED,
    )
    assert await door.refuses(opaque(made), plan="plan-2", issuers=strict) == "claim_missing: risk"
    await door.admits(opaque(made))


async def test_while_the_store_is_out_a_key_is_a_fault_and_no_refusal() -> None:
    door = await RingDoor.open()
    made = await door.make()
    token = await door.make("clients", "HS256")
    door.store.out = True
    assert await faults(door, opaque(made)) == "key_store"
    assert await faults(door, hs_token(token)) == "key_store"
    assert await faults(door, b"0" * 16 + b"." + b"A" * 43) == "key_store"
    assert door.cache.facts == {}
    door.store.out = False
    await door.admits(opaque(made))


async def test_a_silent_feed_puts_warm_keys_in_doubt_within_a_second() -> None:
    door = await RingDoor.open()
    made = await door.make()
    for _ in range(3):
        await door.admits(opaque(made))
    door.store.out = True
    await door.admits(opaque(made))
    door.steady.now += 2 * SECOND
    door.clock.now += SECOND
    assert await faults(door, opaque(made)) == "key_store"
    door.store.out = False
    await door.admits(opaque(made))


async def test_a_request_is_parked_once_while_the_store_is_asked() -> None:
    door = await RingDoor.open()
    made = await door.make()
    parked = door.parks(bearer(opaque(made)))
    await parked.ready
    assert isinstance(parked.resume(), Entry)
    assert isinstance(door.knock(bearer(opaque(made))), Entry)
    assert door.authenticator.counters.parked == 1


async def test_a_record_that_cannot_be_read_is_a_fault() -> None:
    door = await RingDoor.open()
    made = await door.make()
    await door.store.put("key", f"partners:{made.key.kid}", b'{"version": 2}', 0, None)
    await door.hear()
    assert await faults(door, opaque(made)) == "key_store"
    assert door.access_keys.unreadable == 1


async def test_a_stored_jwk_that_may_not_verify_is_a_fault() -> None:
    door = await RingDoor.open()
    made = await door.make("clients", "public", jwk=jwk(rsa_key()))
    stored = await door.store.get("key", f"clients:{made.key.kid}")
    assert isinstance(stored, Stored)
    members = json.loads(stored.content)
    members["proof"]["jwk"] = jwk(rsa_key(1, 1024))
    await door.store.put("key", stored.name, json.dumps(members).encode(), 0, None)
    await door.hear()
    token = sign(payload(iss=SIGNED.iss), rsa_key(1, 1024), "RS256", kid=made.key.kid)
    assert await faults(door, token) == "key_unusable"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (b"a.b", "not_a_key"),
        (b"0" * 16 + b"." + b"A" * 43, "no_such_key"),
        (b"0" * 16 + b"." + b"A" * 42 + b"B", "not_a_key"),
        (b"0" * 16 + b"A" * 43, "not_compact"),
        (sign(payload(iss=SIGNED.iss), ec_key()), "kid_missing"),
        (sign(payload(iss=SIGNED.iss), ec_key(), kid="ec"), "no_such_key"),
        (sign(payload(iss=SIGNED.iss), ec_key(), kid="0" * 16), "no_such_key"),
        (sign(payload(iss=SIGNED.iss), b"s" * 48, "HS384", kid="0" * 16), "alg_not_allowed"),
        (sign(payload(iss=""), ec_key(), kid="0" * 16), "iss_unknown"),
    ],
)
async def test_refusals_have_a_reason_for_the_log(made: bytes, reason: str) -> None:
    door = await RingDoor.open()
    assert await door.refuses(made) == reason
    assert door.authenticator.counters.refused == 1
    assert door.fetcher.places == []
    assert not door.cache.entries
    assert not door.cache.facts


async def test_where_no_keyring_is_trusted_itself_one_dot_is_no_token() -> None:
    door = await RingDoor.open()
    made = await door.make()
    assert await door.refuses(opaque(made), trust=(0, 2)) == "not_compact"


async def test_without_a_store_no_keyring_lets_anybody_in() -> None:
    door = await RingDoor.open()
    made = await door.make()
    door.authenticator = Authenticator(door.key_sets, door.cache, IDENTITY_KEY)
    assert await faults(door, opaque(made)) == "key_store"


async def test_two_blocks_with_one_keyring_are_not_guessed_between() -> None:
    twin = issuer(name="twin", iss="", keys=PARTNERS.keys, algorithms=())
    door = await RingDoor.open((CORP, PARTNERS, twin))
    made = await door.make()
    assert await door.refuses(opaque(made)) == "issuer_ambiguous"
    assert (await door.admits(opaque(made), trust=(2,))).issuer == 2


async def test_a_revocation_acts_on_warm_tokens_of_every_kind() -> None:
    door = await RingDoor.open()
    made = await door.make()
    signed = hs_token(await door.make("clients", "HS256"), jti="j1")
    corp = sign(payload(jti="j1", sub="other"), ec_key(), kid="ec")
    for _ in range(3):
        found = await door.admits(opaque(made))
        await door.admits(signed)
        await door.admits(corp)
    await door.acts.add(of_identity(found.identity), None, None)
    await door.hear()
    assert await door.refuses(opaque(made)) == "revoked"
    await door.acts.add(of_token("signed", "j1"), None, None)
    await door.hear()
    assert await door.refuses(signed) == "revoked"
    await door.admits(corp)
    await door.acts.add(of_issuer("corp"), T - 10, None)
    await door.hear()
    await door.admits(corp)
    await door.acts.add(of_issuer("corp"), T - 9, None)
    await door.hear()
    assert await door.refuses(corp) == "revoked"
    assert not door.cache.entries
    await door.acts.lift("issuer:corp")
    await door.hear()
    await door.admits(corp)
    assert door.authenticator.counters.revoked == 3


async def test_a_list_that_was_not_confirmed_is_a_fault() -> None:
    door = RingDoor()
    token = sign(payload(), ec_key(), kid="ec")
    assert await faults(door, token) == "revocations_unconfirmed"
    await door.hear()
    for _ in range(3):
        await door.admits(token)
    door.store.out = True
    door.steady.now += 2 * SECOND
    door.clock.now += HOUR
    long = sign(payload(exp=T + 10**5), ec_key(), kid="ec")
    door.revocations.sweep(door.clock.now)
    assert await faults(door, long) == "revocations_unconfirmed"


async def test_rotation_begins_the_time_of_issue_anew() -> None:
    door = await RingDoor.open()
    made = await door.make()
    found = await door.admits(opaque(made))
    door.clock.now += 10 * SECOND
    await door.acts.add(of_identity(found.identity), T + 5, None)
    await door.hear()
    assert await door.refuses(opaque(made)) == "revoked"
    again = await door.rotate(made.key)
    await settle(door.knock(bearer(opaque(again))))
    await door.admits(opaque(again))


async def test_a_key_rotated_while_a_request_is_parked_leaves_nothing_that_lasts() -> None:
    door = await RingDoor.open()
    made = await door.make()
    await door.admits(opaque(made))
    await door.store.put("key", "partners:0000000000000000", b"{}", 0, None)
    door.records.doubted()
    parked = door.parks(bearer(opaque(made)))
    await parked.ready
    await door.rotate(made.key)
    parked.resume()
    assert await door.refuses(opaque(made)) == "key_secret"
    assert await door.refuses(opaque(made)) == "key_secret"
