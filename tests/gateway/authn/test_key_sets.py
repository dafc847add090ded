import asyncio
import json
from dataclasses import replace

import pytest

from gateway.authn import key_sets
from gateway.authn.key_fetch import FetchFailed, KeyPlace
from gateway.authn.key_set import HOUR
from gateway.authn.key_sets import KeySets, KeyStatus
from policylang.plan.model import Keys
from tests.strategies.key_sources import HandClock, HandFetcher, published, settled
from tests.strategies.tokens import CORP, NOW, ec_key, issuer, jwk

ONE = jwk(ec_key(), kid="one")
HOOKS = issuer(name="hooks", keys=Keys("secret", "hook_keys"), algorithms=("HS256",))
FILED = issuer(name="filed", keys=Keys("inline", json.dumps(ONE)))
FOUND = issuer(name="found", keys=Keys("discovered", "https://found.example"))


def bench(*_: object) -> tuple[KeySets, HandFetcher, HandClock]:
    clock, fetcher = HandClock(NOW), HandFetcher(published(ONE))
    return KeySets(fetcher, clock), fetcher, clock


async def test_one_holder_for_each_source() -> None:
    sets, fetcher, _ = bench()
    twin = replace(CORP, name="twin")
    sets.configure((CORP, twin, FOUND, HOOKS, FILED), {"hook_keys": "s" * 32})
    assert sets.holder(CORP) is sets.holder(twin)
    assert len({id(sets.holder(one)) for one in (CORP, FOUND, HOOKS, FILED)}) == 4
    await sets.start()
    await settled()
    assert fetcher.places == [KeyPlace("url", CORP.keys.value), KeyPlace("discovered", "https://found.example")]
    assert sets.ready()
    assert [(status.issuers, status.kind, status.usable) for status in sets.status()] == [
        (("corp", "twin"), "url", 1),
        (("filed",), "inline", 1),
        (("found",), "discovered", 1),
        (("hooks",), "secret", 1),
    ]
    await sets.stop()


async def test_fixed_keys_are_there_before_any_fetch() -> None:
    sets, fetcher, _ = bench()
    assert sets.holder(FILED).usable(NOW) is not None
    assert fetcher.places == []


async def test_what_cannot_be_read_leaves_no_keys_and_a_reason() -> None:
    sets, _, _ = bench()
    empty = issuer(name="empty", keys=Keys("inline", '{"keys": []}'))
    broken = issuer(name="broken", keys=Keys("inline", "-----"))
    other = issuer(name="other", keys=Keys("secret", "not_given"))
    short = issuer(name="short", keys=Keys("secret", "short"))
    sets.configure((empty, broken, other, short), {"short": "s" * 31})
    assert sets.status() == (
        KeyStatus(("broken",), "inline", "failed", 0, 0, "not_a_key_set"),
        KeyStatus(("empty",), "inline", "failed", 0, 0, "no_usable_key"),
        KeyStatus(("other",), "secret", "failed", 0, 0, "secret_missing"),
        KeyStatus(("short",), "secret", "failed", 0, 0, "secret_too_short"),
    )
    assert not sets.ready()


async def test_an_issuer_that_is_down_shows() -> None:
    sets, fetcher, clock = bench()
    fetcher.answer = FetchFailed("status_503")
    sets.configure((CORP,), {})
    sets.tick()
    await settled()
    assert sets.status() == (KeyStatus(("corp",), "url", "failed", 0, 0, "status_503"),)
    fetcher.answer = published(ONE, {"kty": "x"})
    clock.now += HOUR
    sets.tick()
    await settled()
    assert sets.status() == (KeyStatus(("corp",), "url", "fresh", 1, 1, ""),)
    fetcher.answer = FetchFailed("timeout")
    clock.now += HOUR
    sets.tick()
    await settled()
    assert sets.status() == (KeyStatus(("corp",), "url", "stale", 1, 1, "timeout"),)
    clock.now += HOUR
    sets.tick()
    await settled()
    assert sets.status() == (KeyStatus(("corp",), "url", "failed", 0, 0, "timeout"),)


async def test_a_reload_keeps_what_stays_and_lets_go_of_what_went() -> None:
    sets, fetcher, clock = bench()
    sets.configure((CORP, FOUND), {})
    sets.tick()
    await settled()
    kept, gone = sets.holder(CORP), sets.holder(FOUND)
    epoch = sets.epoch.value
    sets.configure((CORP,), {})
    assert sets.epoch.value == epoch + 1
    assert sets.holder(CORP) is kept
    assert kept.usable(NOW) is not None
    fetcher.places.clear()
    clock.now += HOUR
    sets.tick()
    await settled()
    assert [place.kind for place in fetcher.places] == ["url"]
    assert [status.issuers for status in sets.status()] == [("corp",)]
    # the plan comes back: whoever still holds the old holder and the new plan share one
    sets.configure((CORP, FOUND), {})
    assert sets.holder(FOUND) is gone
    sets.tick()
    await settled()
    assert [place.kind for place in fetcher.places] == ["url", "discovered"]


async def test_a_secret_that_changed_replaces_the_old_one() -> None:
    sets, _, _ = bench()
    sets.configure((HOOKS,), {"hook_keys": "a" * 32})
    holder = sets.holder(HOOKS)
    before, epoch = holder.usable(NOW), sets.epoch.value
    sets.configure((HOOKS,), {"hook_keys": "b" * 32})
    after = sets.holder(HOOKS).usable(NOW)
    assert sets.holder(HOOKS) is holder
    assert before is not None
    assert after is not None
    assert before.thumbprints.isdisjoint(after.thumbprints)
    assert sets.epoch.value > epoch
    sets.configure((HOOKS,), {})
    assert holder.usable(NOW) is None


async def test_stopping_without_starting() -> None:
    sets, _, _ = bench()
    sets.configure((CORP,), {})
    await sets.stop()


async def test_a_tick_that_fails_is_reported_and_the_next_one_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    sets, fetcher, clock = bench()
    sets.configure((CORP,), {})
    monkeypatch.setattr(key_sets, "TICK_SECONDS", 0.0)
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["exception"]))
    await sets.start()
    await settled()
    monkeypatch.setattr(sets, "tick", lambda: 1 // 0)
    while not told:
        await asyncio.sleep(0)
    monkeypatch.undo()
    clock.now += HOUR
    while len(fetcher.places) < 2:
        await asyncio.sleep(0)
    await sets.stop()
    assert isinstance(told[0], ZeroDivisionError)
