import json
from typing import Any

import pytest

from gateway.authn.key_fetch import FetchFailed
from gateway.authn.key_set import HOUR, MINUTE, SECOND
from gateway.authn.packing import Entry
from gateway.message.parked import Parked
from gateway.message.refusal import Refusal
from policylang.plan.model import Keys, Mark
from policylang.token.identity import virtual_identity
from tests.strategies.door import IDENTITY_KEY, PLAN, Door
from tests.strategies.key_sources import published, settled
from tests.strategies.tokens import CORP, NOW, bearer, claim, ec_key, issuer, jwk, payload, rsa_key, sign

T = NOW // SECOND


def token(**changes: Any) -> bytes:
    return sign(payload(**changes), ec_key(), kid="ec")


async def test_a_principal_says_who_calls_until_when() -> None:
    door = Door()
    found = await door.admits(token(tenant="acme"))
    assert isinstance(found, Entry)
    assert found.issuer == 0
    assert found.claims == (frozenset(("a", "b")), "u1", "acme")
    assert found.identity == virtual_identity(CORP, found.claims, IDENTITY_KEY)
    assert found.expires == NOW + 300 * SECOND
    assert found.plan == PLAN
    assert (found.valid_from, found.valid_until) == (NOW - 40 * SECOND, NOW + 330 * SECOND)


async def test_the_index_is_the_plans() -> None:
    other = issuer(name="other", iss="https://other.example", keys=Keys("url", "https://other.example/jwks"))
    assert (await Door((other, CORP)).admits(token(), trust=(0, 1))).issuer == 1
    assert (await Door((other, CORP)).admits(token(), trust=(1,))).issuer == 1


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (b"", "credential_empty"),
        (b"x", "not_compact"),
        (b"a.b.c.d.e", "encrypted"),
        (sign(payload(), ec_key(), "ES256", {"alg": "none"}), "alg_none"),
        (sign(payload(), ec_key(), "ES256", {"alg": "ES384"}), "alg_not_allowed"),
        (sign(payload(), b"s" * 32, "HS256"), "alg_not_allowed"),
        (sign(payload(iss="https://evil.example"), ec_key(), kid="ec"), "iss_unknown"),
        (sign(payload(iss=...), ec_key(), kid="ec"), "iss_missing"),
        (sign(payload(aud="x"), ec_key(), kid="ec"), "aud_mismatch"),
        (sign(payload(exp=T - 31), ec_key(), kid="ec"), "expired"),
        (sign(payload(nbf=T + 31), ec_key(), kid="ec"), "not_yet_valid"),
        (sign(payload(cnf={"jkt": "x"}), ec_key(), kid="ec"), "cnf"),
        (sign(payload(), ec_key(1), kid="ec"), "signature"),
        (sign(payload(), rsa_key(), "RS256", kid="ec"), "alg_not_of_key"),
        (sign(payload(sub=...), ec_key(), kid="ec"), "claim_missing: sub"),
        (sign(payload(tenant="ACME"), ec_key(), kid="ec"), "claim_invalid: tenant"),
        (sign(payload(tenant=None), ec_key(), kid="ec"), "claim_null: tenant"),
        (sign(payload(), ec_key(), kid="ec", typ="identity+jwt"), "typ_not_allowed"),
    ],
)
async def test_refusals_have_a_reason_for_the_log(made: bytes, reason: str) -> None:
    door = Door()
    if reason == "credential_empty":
        answer = await door.ask(made)
        assert isinstance(answer, Refusal)
        assert (answer.kind, answer.reason) == ("credential_refused", reason)
    else:
        assert await door.refuses(made) == reason
    assert door.authenticator.counters.refused == 1
    assert not door.cache.entries
    assert not door.cache.facts


async def test_no_fetch_for_what_would_be_refused_anyway() -> None:
    door = Door()
    for made in (b"x", sign(payload(), b"s" * 32, "HS256"), token(exp=T - 100), token(iss="x"), token(aud="x")):
        answer = door.knock(bearer(made))
        assert isinstance(answer, Refusal)
    assert door.fetcher.places == []


async def test_the_first_request_is_parked_until_keys_are_here() -> None:
    door = Door()
    parked = door.knock(bearer(token()))
    assert isinstance(parked, Parked)
    assert door.authenticator.counters.parked == 1
    await parked.ready
    assert isinstance(parked.resume(), Entry)
    assert isinstance(door.knock(bearer(token(sub="u2"))), Entry)


async def test_no_keys_no_access() -> None:
    door = Door(answer=FetchFailed("status_503"))
    answer = await door.ask(token())
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.reason, answer.status, answer.headers) == ("keys_fault", "status_503", 503, [])
    again = door.knock(bearer(token()))
    assert isinstance(again, Refusal)
    assert again.kind == "keys_fault"
    assert len(door.fetcher.places) == 1


async def test_an_empty_key_set_admits_nobody() -> None:
    assert await Door(answer=published()).refuses(token()) == "no_such_key"


async def test_an_unknown_kid_is_looked_for_once() -> None:
    door = Door()
    await door.admits(token())
    new = sign(payload(), ec_key(7), kid="new")
    door.fetcher.answer = published(jwk(ec_key(7), kid="new"))
    parked = door.knock(bearer(new))
    assert isinstance(parked, Parked)
    await parked.ready
    assert isinstance(parked.resume(), Entry)
    assert await door.refuses(sign(payload(), ec_key(), kid="newer")) == "no_such_key"
    assert len(door.fetcher.places) == 2


async def test_a_known_kid_with_a_bad_signature_costs_no_fetch() -> None:
    door = Door()
    await door.admits(token())
    for _ in range(5):
        assert isinstance(door.knock(bearer(sign(payload(), ec_key(1), kid="ec"))), Refusal)
    assert len(door.fetcher.places) == 1


async def test_where_the_issuer_cannot_be_asked_an_unknown_kid_is_no_ones_fault_but_ours() -> None:
    door = Door()
    await door.admits(token())
    door.fetcher.answer = FetchFailed("timeout")
    answer = await door.ask(sign(payload(), ec_key(), kid="new"))
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.reason) == ("keys_fault", "timeout")
    assert isinstance(door.knock(bearer(token(sub="u3"))), Entry)


async def test_tokens_and_keys_without_ids() -> None:
    door = Door(answer=published(jwk(ec_key()), jwk(ec_key(1))))
    await door.admits(sign(payload(), ec_key(1)))
    await door.admits(sign(payload(), ec_key(), kid="anything"))
    assert await door.refuses(sign(payload(), ec_key(2))) == "signature"


async def test_a_rotation_without_ids_is_found_too() -> None:
    door = Door(answer=published(jwk(ec_key())))
    await door.admits(sign(payload(), ec_key()))
    door.fetcher.answer = published(jwk(ec_key(1)))
    await door.admits(sign(payload(), ec_key(1)))
    assert len(door.fetcher.places) == 2


async def test_the_first_use_leaves_a_fact_the_second_an_entry() -> None:
    door = Door()
    made = token()
    first = await door.admits(made)
    assert (len(door.cache.facts), len(door.cache.entries)) == (1, 0)
    second = await door.admits(made)
    assert (len(door.cache.facts), len(door.cache.entries)) == (0, 1)
    assert await door.admits(made) is second
    assert (second.claims, second.identity, second.expires) == (first.claims, first.identity, first.expires)
    counters = door.authenticator.counters
    assert (counters.verified, counters.known) == (1, 1)


async def test_an_entry_ends_with_its_token() -> None:
    door = Door()
    made = token(exp=T + 60)
    for _ in range(3):
        await door.admits(made)
    door.clock.now = NOW + 90 * SECOND - 1
    await door.admits(made)
    door.clock.now += 1
    assert await door.refuses(made) == "expired"
    assert not door.cache.entries


async def test_a_clock_that_went_back_is_noticed() -> None:
    door = Door()
    made = token(nbf=T)
    for _ in range(3):
        await door.admits(made)
    door.clock.now = NOW - 31 * SECOND
    assert await door.refuses(made) == "not_yet_valid"


async def test_a_removed_key_stops_working_at_the_refresh() -> None:
    door = Door()
    kept, lost = token(exp=T + 7200), sign(payload(exp=T + 7200), rsa_key(), "RS256", kid="rsa")
    for made in (kept, lost) * 3:
        await door.admits(made)
    door.fetcher.answer = published(jwk(ec_key(), kid="ec"))
    door.clock.now += 20 * MINUTE
    door.key_sets.tick()
    await settled()
    verified = door.authenticator.counters.verified
    await door.admits(kept)
    assert await door.refuses(lost) == "no_such_key"
    assert door.authenticator.counters.verified == verified
    assert door.authenticator.counters.rechecked == 1


async def test_a_key_replaced_under_its_id_stops_working() -> None:
    door = Door()
    made = token(exp=T + 7200)
    for _ in range(3):
        await door.admits(made)
    door.fetcher.answer = published(jwk(ec_key(1), kid="ec"))
    door.clock.now += 20 * MINUTE
    door.key_sets.tick()
    await settled()
    assert await door.refuses(made) == "signature"


async def test_stale_keys_carry_known_tokens_for_an_hour_and_no_longer() -> None:
    door = Door()
    made = token(exp=T + 10 * 3600)
    for _ in range(3):
        await door.admits(made)
    door.fetcher.answer = FetchFailed("timeout")
    door.clock.now = NOW + 75 * MINUTE - 1
    await door.admits(made)
    door.clock.now += 1
    answer = await door.ask(made)
    assert isinstance(answer, Refusal)
    assert answer.kind == "keys_fault"
    door.fetcher.answer = published(jwk(ec_key(), kid="ec"))
    door.clock.now += HOUR
    await door.admits(made)


async def test_a_reload_that_leaves_the_issuer_alone_decodes_anew_and_verifies_nothing() -> None:
    door = Door()
    made = token(tenant="acme")
    for _ in range(3):
        await door.admits(made)
    verified = door.authenticator.counters.verified
    moved = (issuer(name="zero", iss="https://zero.example"), issuer(claims=(claim("sub", ("slug",)),)))
    door.key_sets.configure(moved, {})
    found = await door.admits(made, plan="plan-2", issuers=moved, trust=(1,))
    assert (found.plan, found.issuer, found.claims) == ("plan-2", 1, ("u1",))
    old = await door.admits(made, trust=(0,))
    assert (old.plan, old.issuer, old.claims[2]) == (PLAN, 0, "acme")
    assert door.authenticator.counters.verified == verified


async def test_a_reload_with_other_claims_may_refuse_what_was_known() -> None:
    door = Door()
    made = token()
    for _ in range(3):
        await door.admits(made)
    strict = (issuer(claims=(*CORP.claims, claim("risk", ("int", 0, 9)))),)
    assert await door.refuses(made, plan="plan-2", issuers=strict) == "claim_missing: risk"


async def test_a_reload_that_changes_the_issuer_verifies_anew() -> None:
    door = Door()
    made = token()
    for _ in range(3):
        await door.admits(made)
    changed = (issuer(audience=("https://other.example",)),)
    assert await door.refuses(made, plan="plan-2", issuers=changed) == "aud_mismatch"
    await door.admits(made)


async def test_one_token_under_two_trusts_is_judged_by_each() -> None:
    people = issuer(name="people", marked=Mark(("gty",), None))
    robots = issuer(name="robots", marked=Mark(("gty",), "robot"))
    door = Door((people, robots))
    human, robot = token(), token(gty="robot")
    for _ in range(3):
        assert (await door.admits(human, trust=(0, 1))).issuer == 0
        assert (await door.admits(robot, trust=(0, 1))).issuer == 1
        assert (await door.admits(human, trust=(0,))).issuer == 0
        assert await door.refuses(human, trust=(1,)) == "mark_mismatch"
        assert await door.refuses(robot, trust=(0,)) == "mark_mismatch"
        assert (await door.admits(robot, trust=(1,))).issuer == 1


async def test_secrets_sign_and_a_changed_secret_ends_what_it_signed() -> None:
    hooks = issuer(name="hooks", keys=Keys("secret", "hook_keys"), algorithms=("HS256",))
    door = Door((hooks,), secrets={"hook_keys": "a" * 32})
    made = sign(payload(), b"a" * 32, "HS256")
    for _ in range(3):
        await door.admits(made)
    door.key_sets.configure((hooks,), {"hook_keys": "b" * 32})
    assert await door.refuses(made) == "signature"
    await door.admits(sign(payload(), b"b" * 32, "HS256"))
    assert door.fetcher.places == []


async def test_keys_of_the_plan() -> None:
    filed = issuer(keys=Keys("inline", json.dumps(jwk(ec_key(), kid="ec"))))
    door = Door((filed,))
    assert isinstance(door.knock(bearer(token())), Entry)
    assert await door.refuses(sign(payload(), ec_key(), kid="other")) == "no_such_key"


async def test_without_a_secret_nobody_comes_in() -> None:
    door = Door((issuer(keys=Keys("secret", "gone"), algorithms=("HS256",)),))
    answer = await door.ask(sign(payload(), b"a" * 32, "HS256"))
    assert isinstance(answer, Refusal)
    assert (answer.kind, answer.reason) == ("keys_fault", "secret_missing")
