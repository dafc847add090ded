"""R30, R33 to R35: the cache holds facts, each under all that it was made from, and none longer than what it was made from."""

import itertools

import pytest

from gateway.authn.key_fetch import FetchFailed
from gateway.authn.key_set import HOUR, MINUTE, SECOND
from gateway.authn.token_cache import TokenCache
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.plan.model import Credential, Keys
from tests.strategies.door import Door
from tests.strategies.key_sources import published, settled
from tests.strategies.tokens import CORP, NOW, bearer, claim, ec_key, issuer, jwk, payload, sign

T = NOW // SECOND
KEY_URL = Keys("url", "https://keys.example/shared")

STRICT = issuer(name="strict", keys=KEY_URL, audience=("https://strict.example",))
LAX = issuer(name="lax", keys=KEY_URL, audience=("https://strict.example", "https://lax.example"))
SHORT = issuer(name="short", keys=KEY_URL, audience=LAX.audience, lifetime_micros=60 * SECOND)
OTHERS = issuer(name="others", keys=KEY_URL, audience=LAX.audience, claims=(claim("sub", ("slug",)),))
ISSUERS = (STRICT, LAX, SHORT, OTHERS)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
async def test_r33_one_token_under_several_rules_in_any_order(order: tuple[int, ...]) -> None:
    door = Door(ISSUERS, published(jwk(ec_key(), kid="ec")))
    token = sign(payload(aud="https://lax.example", sub="U1", iat=T - 10, exp=T + 300), ec_key(), kid="ec")
    expected = {0: "aud_mismatch", 2: "lifetime", 3: "claim_invalid: sub"}
    for _ in range(3):
        for index in order:
            if index in expected:
                assert await door.refuses(token, trust=(index,)) == expected[index]
            else:
                assert (await door.admits(token, trust=(index,))).issuer == index


async def test_r33_a_token_known_from_a_header_is_not_known_from_a_cookie() -> None:
    door = Door((CORP, issuer(name="web", iss="https://web.example", credential=Credential("cookie", "s"))))
    token = sign(payload(), ec_key(), kid="ec")
    for _ in range(3):
        await door.admits(token)
        assert isinstance(door.knock(((b"Cookie", b"s=" + token),)), Refusal)


async def test_r34_no_entry_outlives_its_token_or_its_key() -> None:
    door = Door()
    short, long = (sign(payload(exp=T + life), ec_key(), kid="ec") for life in (60, 10**6))
    for token in (short, long) * 3:
        await door.admits(token)
    door.clock.now = NOW + 90 * SECOND
    assert await door.refuses(short) == "expired"
    await door.admits(long)
    door.fetcher.answer = FetchFailed("timeout")
    door.clock.now = NOW + 15 * MINUTE + HOUR
    answer = await door.ask(long)
    assert isinstance(answer, Refusal)
    assert answer.kind == "keys_fault"


async def test_r35_no_error_is_remembered_as_a_decision() -> None:
    door = Door(answer=FetchFailed("timeout"))
    token = sign(payload(nbf=T + 60), ec_key(), kid="ec")
    assert await door.refuses(token) == "not_yet_valid"
    door.clock.now += 60 * SECOND
    answer = await door.ask(token)
    assert isinstance(answer, Refusal)
    assert answer.kind == "keys_fault"
    door.fetcher.answer = published(jwk(ec_key(1), kid="ec"))
    door.clock.now += SECOND
    door.key_sets.tick()
    await settled()
    assert await door.refuses(token) == "signature"
    door.fetcher.answer = published(jwk(ec_key(), kid="ec"))
    door.clock.now += 13 * MINUTE
    door.key_sets.tick()
    await settled()
    assert await door.refuses(token) == "expired"
    await door.admits(sign(payload(exp=T + 7200), ec_key(), kid="ec"))
    assert len(door.cache.entries) + len(door.cache.facts) == 1


async def test_bad_and_new_tokens_push_nothing_proven_out() -> None:
    door = Door(cache=TokenCache(max_entries=3))
    proven = [sign(payload(sub=f"u{number}"), ec_key(), kid="ec") for number in range(3)]
    for token in proven * 3:
        await door.admits(token)
    entries = set(door.cache.entries)
    for number in range(1, 301):
        await door.refuses(proven[0] + b"A" * (4 * number))
    for number in range(100):
        await door.admits(sign(payload(sub=f"n{number}"), ec_key(), kid="ec"))
    assert set(door.cache.entries) == entries


@pytest.mark.parametrize("bad", [b"", b"x", b"a.b.c", b"Basic dTpw", b"null", b"undefined"])
async def test_r30_optional_means_absent_only(bad: bytes) -> None:
    door = Door()
    for line in ((b"Authorization", b"Bearer " + bad), (b"Authorization", bad)):
        answer = door.knock((line,), anonymous=True)
        assert isinstance(answer, Refusal)
        assert answer.kind == "credential_refused"
    absent = door.knock(((b"Host", b"h"),), anonymous=True)
    assert isinstance(absent, Principal)
    assert absent.issuer is None


async def test_r30_an_expired_token_is_not_anonymous() -> None:
    door = Door()
    token = sign(payload(exp=T + 1), ec_key(), kid="ec")
    await door.admits(token, anonymous=True)
    door.clock.now += HOUR
    assert await door.refuses(token, anonymous=True) == "expired"
    answer = door.knock((*bearer(token), *bearer(token)), anonymous=True)
    assert isinstance(answer, Refusal)
    assert answer.kind == "malformed"
