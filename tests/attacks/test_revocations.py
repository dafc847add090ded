"""What was taken back stays taken back, however a token spells what it was taken back by."""

import json

import pytest

from gateway.authn.key_set import HOUR, SECOND
from gateway.keys.names import jti_digest
from gateway.keys.revocations import of_identity, of_issuer, of_token
from gateway.message.refusal import Refusal
from tests.strategies.ring_door import RingDoor
from tests.strategies.tokens import NOW, b64, ec_key, payload, sign

T = NOW // SECOND


def with_jti(spelled: str, **changes: object) -> bytes:
    members = json.dumps(payload(**changes))
    return sign(f'{members[:-1]}, "jti": {spelled}}}'.encode(), ec_key(), kid="ec")


@pytest.mark.parametrize(
    "spelled", ['"abc1"', '"\\u0061bc1"', '"a\\u0062\\u0063\\u0031"', ' \n "abc1" ', '"abc\\u0031"'], ids=range(5)
)
async def test_a_jti_is_what_it_reads_as(spelled: str) -> None:
    door = await RingDoor.open()
    token = with_jti(spelled)
    for _ in range(3):
        await door.admits(token)
    await door.acts.add(of_token("corp", "abc1"), None, None)
    await door.hear()
    assert await door.refuses(token) == "revoked"
    for other in ("abc2", "ABC1", "abc1 ", "abc", "ａbc1"):
        await door.admits(with_jti(json.dumps(other)))


async def test_a_jti_that_is_a_number_is_revoked_by_its_digits() -> None:
    door = await RingDoor.open()
    await door.acts.add(of_token("corp", "42"), None, None)
    await door.hear()
    assert await door.refuses(with_jti("42")) == "revoked"
    assert await door.refuses(with_jti('"42"')) == "revoked"
    await door.admits(with_jti("true"))
    await door.admits(with_jti("43"))


async def test_another_signature_of_the_same_token_is_the_same_token() -> None:
    door = await RingDoor.open()
    one, two = with_jti('"j"'), with_jti('"j"')
    assert one != two
    for _ in range(3):
        await door.admits(one)
    await door.acts.add(of_token("corp", "j"), None, None)
    await door.hear()
    assert await door.refuses(one) == "revoked"
    assert await door.refuses(two) == "revoked"


async def test_a_token_without_a_time_of_issue_was_issued_before_any() -> None:
    door = await RingDoor.open()
    await door.acts.add(of_issuer("corp"), 1, None)
    await door.hear()
    await door.admits(with_jti('"j"'))
    assert await door.refuses(with_jti('"j"', iat=...)) == "revoked"


async def test_an_identity_is_taken_back_with_all_its_tokens_and_no_other() -> None:
    door = await RingDoor.open()
    tokens = [sign(payload(scope=scope), ec_key(), kid="ec") for scope in ("a", "b", "c")]
    other = sign(payload(sub="u2"), ec_key(), kid="ec")
    for token in (*tokens, other) * 3:
        found = await door.admits(token)
    found = await door.admits(tokens[0])
    await door.acts.add(of_identity(found.identity), T - 9, None)
    await door.hear()
    for token in tokens:
        assert await door.refuses(token) == "revoked"
    await door.admits(other)
    await door.admits(sign(payload(iat=T - 9), ec_key(), kid="ec"))


async def test_a_revocation_acts_on_an_entry_that_sleeps() -> None:
    from gateway.authn.token_cache import TokenCache

    door = await RingDoor.open(cache=TokenCache(max_entries=100, max_awake=1))
    tokens = [sign(payload(sub=f"u{number}", jti=f"j{number}"), ec_key(), kid="ec") for number in range(6)]
    for token in tokens * 4:
        await door.admits(token)
    assert len(door.cache.asleep) == 5
    for number in range(6):
        await door.acts.add(of_token("corp", f"j{number}"), None, None)
    await door.hear()
    for token in tokens:
        assert await door.refuses(token) == "revoked"
    assert len(door.cache) == 0


async def test_an_unknown_name_in_the_store_lets_nobody_in() -> None:
    door = await RingDoor.open()
    token = with_jti('"j"')
    for _ in range(3):
        await door.admits(token)
    await door.store.put("revocation", "client:acme", b"{}", 0, None)
    await door.hear()
    answer = await door.ask(token)
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.reason) == ("keys_fault", "revocations_unconfirmed")


async def test_a_revocation_outlives_the_token_and_then_leaves() -> None:
    door = await RingDoor.open()
    token = with_jti('"j"')
    await door.acts.add(of_token("corp", "j"), None, NOW + HOUR)
    await door.hear()
    assert await door.refuses(token) == "revoked"
    door.clock.now = NOW + HOUR
    door.revocations.sweep(door.clock.now)
    assert len(door.revocations) == 0
    assert await door.refuses(token) == "expired"


def test_a_digest_does_not_move_its_boundary() -> None:
    assert jti_digest("corp", "x") != jti_digest("corpx", "")
    assert b64(jti_digest("corp", "x")) != b64(jti_digest("corp", "y"))
