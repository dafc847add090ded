"""R24, R27 to R29, R38: which issuer, whose keys, fetched from where and how often is nothing that a token decides."""

import asyncio

import pytest

from gateway.authn.key_fetch import FetchFailed, KeyPlace
from gateway.authn.key_fetch_http import MAX_BODY_BYTES, KeyFetcherHttp
from gateway.authn.key_set import DEFAULT_TIMING, MINUTE, SECOND
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.plan.model import Keys
from tests.strategies.door import Door
from tests.strategies.key_sources import published, settled
from tests.strategies.tokens import CORP, ISS, NOW, bearer, ec_key, issuer, jwk, payload, sign

T = NOW // SECOND


@pytest.mark.parametrize(
    "iss",
    [
        ISS + "/",
        ISS + ".evil.example",
        ISS[:-1],
        ISS.upper(),
        "",
        " " + ISS,
        ISS + "\x00",
        "https://auth.example.com@evil.example",
        "http://auth.example.com",
        ISS + "#",
        ISS.replace(".", "。"),
    ],
)
async def test_r24_issuers_compare_for_equality(iss: str) -> None:
    door = Door()
    assert await door.refuses(sign(payload(iss=iss), ec_key(), kid="ec")) == "iss_unknown"
    assert door.fetcher.places == []


async def test_r24_one_issuer_cannot_speak_for_another_with_its_own_keys() -> None:
    other = issuer(name="other", iss="https://other.example", keys=Keys("url", "https://other.example/jwks"))
    door = Door((CORP, other), published(jwk(ec_key(), kid="ec")))
    await door.admits(sign(payload(), ec_key(), kid="ec"))
    door.fetcher.answer = published(jwk(ec_key(1), kid="ec"))
    await door.admits(sign(payload(iss="https://other.example"), ec_key(1), kid="ec"))
    assert await door.refuses(sign(payload(), ec_key(1), kid="ec")) == "signature"
    assert await door.refuses(sign(payload(iss="https://other.example"), ec_key(), kid="ec")) == "signature"


async def test_r27_a_refresh_replaces_the_set() -> None:
    door = Door()
    token = sign(payload(exp=T + 3600), ec_key(), kid="ec")
    for _ in range(3):
        await door.admits(token)
    door.fetcher.answer = published(jwk(ec_key(1), kid="new"))
    door.clock.now += 16 * MINUTE
    door.key_sets.tick()
    await settled()
    assert await door.refuses(token) == "no_such_key"


async def test_r28_the_algorithm_is_checked_before_any_fetch() -> None:
    door = Door()
    for number in range(50):
        token = sign(payload(), b"s" * 32, "HS256", kid=f"k{number}")
        assert isinstance(door.knock(bearer(token)), Refusal)
    assert door.fetcher.places == []


@pytest.mark.parametrize("up", [True, False])
async def test_r28_random_kids_for_an_hour_cost_one_fetch_in_a_cool_down(up: bool) -> None:
    door = Door()
    await door.admits(sign(payload(), ec_key(), kid="ec"))
    if not up:
        door.fetcher.answer = FetchFailed("timeout")
    for second in range(0, 3600, 5):
        door.clock.now = NOW + second * SECOND
        await door.ask(sign(payload(exp=T + 7200), ec_key(1), kid=f"k{second}"))
    assert len(door.fetcher.places) <= 1 + 3600 * SECOND // DEFAULT_TIMING.cool_down


async def test_r28_a_flood_does_not_keep_a_new_key_out() -> None:
    door = Door()
    await door.admits(sign(payload(), ec_key(), kid="ec"))
    await door.refuses(sign(payload(), ec_key(1), kid="noise"))
    door.fetcher.answer = published(jwk(ec_key(), kid="ec"), jwk(ec_key(2), kid="new"))
    token = sign(payload(), ec_key(2), kid="new")
    assert await door.refuses(token) == "no_such_key"
    door.clock.now += DEFAULT_TIMING.cool_down
    await door.admits(token)


async def test_r29_what_is_fetched_is_what_the_rules_say() -> None:
    door = Door()
    for kid in ("https://evil.example", "../../jwks", "ec?x=1", "\u00e9"):
        await door.ask(sign(payload(sub="https://evil.example"), ec_key(), kid=kid))
    assert set(door.fetcher.places) == {KeyPlace("url", CORP.keys.value)}


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "http://10.0.0.1/",
        "http://id.example/",
        "https://127.1/",
        "https://2130706433/",
        "gopher://127.0.0.1/",
        "http://127.0.0.1/",
        "https://localhost/",
    ],
)
async def test_r29_private_ranges_and_plain_http_are_off(url: str) -> None:
    fetcher = KeyFetcherHttp()
    answer = await fetcher.fetch(KeyPlace("url", url))
    assert isinstance(answer, FetchFailed)
    assert answer.reason in {"address_refused", "url_refused"}
    await fetcher.close()


async def test_r38_a_body_without_end_is_cut_at_the_cap() -> None:
    sent = 0

    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        try:
            while True:
                writer.write(b" " * 65536)
                sent += 65536
                await writer.drain()
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    fetcher = KeyFetcherHttp(frozenset(("127.0.0.1",)), time_limit=60.0)
    port = server.sockets[0].getsockname()[1]
    answer = await fetcher.fetch(KeyPlace("url", f"http://127.0.0.1:{port}/jwks"))
    assert answer == FetchFailed("too_large")
    await fetcher.close()
    server.close()
    assert sent < 40 * MAX_BODY_BYTES


async def test_r36_an_adapter_that_fails_admits_nobody_it_had_not_admitted() -> None:
    door = Door(answer=FetchFailed("unreachable"))
    for anonymous in (False, True):
        answer = await door.ask(sign(payload(), ec_key(), kid="ec"), anonymous=anonymous)
        assert isinstance(answer, Refusal)
        assert answer.kind == "keys_fault"
    known = Door()
    token = sign(payload(), ec_key(), kid="ec")
    await known.admits(token)
    known.fetcher.answer = FetchFailed("unreachable")
    assert isinstance(await known.ask(token), Principal)
