import asyncio
from typing import Any

import pytest

from gateway.authn.authenticate import PLANS_KEPT, Authenticator
from gateway.authn.key_set import SECOND
from gateway.authn.packing import Entry
from gateway.authn.token_cache import TokenCache
from gateway.message.parked import settle
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.plan.model import Credential, Keys
from policylang.token.compact import MAX_TOKEN_BYTES
from tests.strategies.door import Door
from tests.strategies.key_sources import settled
from tests.strategies.tokens import CORP, NOW, bearer, ec_key, issuer, payload, sign

NONE: tuple[tuple[bytes, bytes], ...] = ((b"Host", b"h"),)
PLAIN = [("WWW-Authenticate", 'Bearer realm="gateway"')]


def token(**changes: Any) -> bytes:
    return sign(payload(**changes), ec_key(), kid="ec")


def refusal(answer: object) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


async def test_anonymous_alone_reads_no_credential() -> None:
    door = Door()
    first = door.knock(NONE, trust=(), anonymous=True)
    assert isinstance(first, Principal)
    assert (first.issuer, first.claims, first.identity) == (None, (), b"")
    twice = ((b"Authorization", b"Bearer x"), (b"Authorization", b"Basic y"))
    assert door.knock(twice, trust=(), anonymous=True) is first
    assert door.knock(NONE, trust=(), anonymous=True, plan="plan-2") is not first
    assert first.expires > NOW * 1000


async def test_beside_anonymous_absent_is_nobody_and_bad_is_401() -> None:
    door = Door()
    nobody = door.knock(NONE, anonymous=True)
    assert isinstance(nobody, Principal)
    assert nobody.issuer is None
    assert (await door.admits(token(), anonymous=True)).issuer == 0
    assert await door.refuses(b"bad", anonymous=True) == "not_compact"
    assert await door.refuses(token(exp=1), anonymous=True) == "expired"


async def test_a_missing_credential() -> None:
    answer = refusal(Door().knock(NONE))
    assert (answer.kind, answer.status, answer.headers) == ("credential_missing", 401, PLAIN)


@pytest.mark.parametrize("value", [b"Basic dTpw", b"DPoP x", b"", b"Bearer "])
async def test_no_error_is_stated_where_no_token_was_sent(value: bytes) -> None:
    answer = refusal(Door().knock(((b"Authorization", value),), anonymous=True))
    assert (answer.kind, answer.headers) == ("credential_refused", PLAIN)


async def test_two_credentials_are_400() -> None:
    door = Door()
    answer = refusal(door.knock((*bearer(token()), *bearer(token()))))
    assert (answer.kind, answer.status, answer.headers) == ("malformed", 400, [])
    assert door.authenticator.counters.refused == 1


async def test_a_token_stands_where_its_issuer_says() -> None:
    cookie = issuer(name="web", iss="https://web.example", credential=Credential("cookie", "session"))
    door = Door((CORP, cookie))
    corp, web = token(), token(iss="https://web.example")
    in_cookie = ((b"Cookie", b"session=" + web),)
    for _ in range(3):
        assert (await door.admits(corp)).issuer == 0
        found = await settle(door.knock(in_cookie))
        assert isinstance(found, Principal)
        assert found.issuer == 1
        assert await door.refuses(web) == "iss_unknown"
        assert refusal(await settle(door.knock(((b"Cookie", b"session=" + corp),)))).reason == "iss_unknown"
    assert refusal(door.knock((*bearer(corp), *in_cookie))).kind == "malformed"


async def test_a_token_past_the_cap_is_not_even_digested() -> None:
    door = Door()
    assert await door.refuses(b"a" * (MAX_TOKEN_BYTES + 1)) == "too_large"


async def test_a_known_token_is_answered_at_once() -> None:
    door = Door()
    made = token()
    await door.admits(made)
    known = await door.admits(made)
    door.fetcher.gate.clear()
    for _ in range(100):
        assert door.knock(bearer(made)) is known
    assert door.authenticator.counters.known == 100
    assert len(door.fetcher.places) == 1


async def test_a_thousand_unknown_kids_at_once_cost_one_fetch() -> None:
    door = Door()
    await door.admits(token())
    door.fetcher.gate.clear()
    made = [sign(payload(), ec_key(1), kid=f"unknown-{number}") for number in range(1000)]
    asked = [asyncio.ensure_future(door.ask(one)) for one in made]
    await settled(3)
    assert len(door.fetcher.places) == 2
    door.fetcher.gate.set()
    answers = await asyncio.gather(*asked)
    assert {refusal(answer).reason for answer in answers} == {"no_such_key"}
    assert len(door.fetcher.places) == 2
    for one in made:
        assert refusal(door.knock(bearer(one))).reason == "no_such_key"
    assert len(door.fetcher.places) == 2
    assert door.authenticator.counters.parked == 1 + 1000


async def test_a_thousand_first_requests_cost_one_fetch() -> None:
    door = Door()
    door.fetcher.gate.clear()
    asked = [asyncio.ensure_future(door.ask(token(sub=f"u{number}"))) for number in range(1000)]
    await settled(3)
    door.fetcher.gate.set()
    answers = await asyncio.gather(*asked)
    assert all(isinstance(answer, Entry) for answer in answers)
    assert len(door.fetcher.places) == 1


async def test_bad_tokens_leave_good_ones_alone() -> None:
    door = Door(cache=TokenCache(max_entries=4))
    good = [token(sub=f"u{number}") for number in range(4)]
    for one in good * 3:
        await door.admits(one)
    verified = door.authenticator.counters.verified
    for number in range(200):
        await door.refuses(good[0][:-6] + b"%06d" % number)
        await door.refuses(sign(payload(sub=f"x{number}"), ec_key(1), kid="ec"))
    for one in good:
        await door.admits(one)
    assert door.authenticator.counters.verified == verified
    assert len(door.cache.entries) == 4


async def test_new_tokens_leave_proven_ones_alone() -> None:
    door = Door(cache=TokenCache(max_entries=4))
    good = [token(sub=f"u{number}") for number in range(4)]
    for one in good * 3:
        await door.admits(one)
    for number in range(50):
        await door.admits(token(sub=f"n{number}"))
    known = door.authenticator.counters.known
    for one in good:
        await door.admits(one)
    assert door.authenticator.counters.known == known + 4


async def test_forgetting_everything_verifies_anew() -> None:
    door = Door()
    made = token()
    for _ in range(3):
        await door.admits(made)
    door.authenticator.forget_everything()
    await door.admits(made)
    assert door.authenticator.counters.verified == 2


async def test_a_sweep_lets_go_of_the_expired() -> None:
    door = Door()
    made = token(exp=NOW // SECOND + 1)
    await door.admits(made)
    await door.admits(made)
    door.clock.now += 3600 * SECOND
    door.authenticator.sweep(door.clock.now)
    assert not door.cache.entries


async def test_plans_that_are_gone_are_not_kept() -> None:
    door = Door()
    for number in range(20):
        door.knock(NONE, plan=f"plan-{number}")
    assert len(door.authenticator._plans) == PLANS_KEPT


@pytest.mark.parametrize("key", [b"", b"k" * 65])
def test_an_identity_key_of_a_length_that_cannot_be(key: bytes) -> None:
    with pytest.raises(ValueError, match="identity key"):
        Authenticator(Door().key_sets, TokenCache(), key)


async def test_nothing_of_a_refused_token_is_told() -> None:
    door = Door()
    secret = sign(payload(sub="secret-person", tenant="SECRET TENANT"), ec_key(), kid="ec")
    answer = refusal(await door.ask(secret))
    assert "secret" not in repr(answer).lower().replace("secret_", "")
    assert secret.decode()[:20] not in repr(answer)


async def test_keys_that_went_are_not_found_by_their_old_plan_either() -> None:
    """A plan lets an issuer go and a later one takes it up again: its keys are fetched anew, not remembered for a day."""
    door = Door()
    made = token(exp=NOW // SECOND + 7200)
    for _ in range(3):
        await door.admits(made)
    other = (issuer(name="other", iss="https://other.example", keys=Keys("url", "https://other.example/jwks")),)
    door.key_sets.configure(other, {})
    door.clock.now += 3000 * SECOND
    door.key_sets.configure(door.issuers, {})
    places = len(door.fetcher.places)
    door.key_sets.tick()
    await settled(3)
    assert len(door.fetcher.places) == places + 1
