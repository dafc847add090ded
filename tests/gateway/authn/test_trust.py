from dataclasses import replace
from typing import Any

import pytest

from gateway.authn.key_sets import KeySets
from gateway.authn.trust import Trust, prepare_trust
from gateway.message.principal import Principal
from policylang.plan.model import Credential, Issuer, Keys, Mark
from tests.strategies.key_sources import HandClock, HandFetcher, published
from tests.strategies.tokens import CORP, NOW, claim, issuer

COOKIE = Credential("cookie", "session")
SETS = KeySets(HandFetcher(published()), HandClock(NOW))


def trust(*issuers: Issuer, only: tuple[int, ...] | None = None) -> Trust:
    indices = tuple(range(len(issuers))) if only is None else only
    return prepare_trust("plan", issuers, indices, None, SETS.holder)


def salt(*issuers: Issuer, **how: Any) -> bytes:
    (source,) = trust(*issuers, **how).sources
    assert len(source.salt) == 16
    return source.salt


def test_issuers_by_where_their_credentials_stand() -> None:
    by_cookie = issuer(name="web", iss="https://web.example", credential=COOKIE)
    other = issuer(name="other", iss="https://other.example")
    ready = trust(CORP, by_cookie, other)
    assert ready.credentials == (CORP.credential, COOKIE)
    assert [sorted(source.issuers) for source in ready.sources] == [["corp", "other"], ["web"]]
    assert {one.index for source in ready.sources for one in source.issuers.values()} == {0, 1, 2}
    assert ready.sources[0].candidates == (CORP, other)


def test_only_what_the_route_trusts() -> None:
    other = issuer(name="other", iss="https://other.example")
    ready = trust(other, CORP, only=(1,))
    assert [list(source.issuers) for source in ready.sources] == [["corp"]]
    assert ready.sources[0].issuers["corp"].index == 1
    assert trust(CORP, only=()).sources == ()


def test_nobody_is_who_asks_without_a_credential() -> None:
    nobody = Principal(None, (), b"", 0, "plan")
    assert prepare_trust("plan", (CORP,), (), nobody, SETS.holder).nobody is nobody


@pytest.mark.parametrize(
    "change",
    [
        {"name": "corp2"},
        {"iss": "https://auth2.example.com"},
        {"keys": Keys("url", "https://auth.example.com/jwks2.json")},
        {"keys": Keys("inline", CORP.keys.value)},
        {"algorithms": ("ES256",)},
        {"audience": ("https://api.example.com", "x")},
        {"leeway_micros": 0},
        {"lifetime_micros": 1},
        {"marked": Mark(("gty",), None)},
        {"marked": Mark(("gty",), "x")},
        {"identity": "tenant"},
        {"credential": COOKIE},
    ],
)
def test_the_salt_holds_all_that_decides_acceptance(change: dict[str, Any]) -> None:
    assert salt(issuer(**change)) != salt(CORP)


def test_the_salt_leaves_out_what_the_plan_digest_holds() -> None:
    assert salt(issuer(claims=(claim("sub", ("slug",)),), at=7)) == salt(CORP)


def test_the_salt_is_of_the_issuers_whatever_their_indices() -> None:
    other = issuer(name="other", iss="https://other.example")
    assert salt(CORP, other) == salt(other, CORP)
    assert salt(other, CORP, only=(1,)) == salt(CORP)
    assert salt(CORP, other) != salt(CORP)


def test_two_configurations_cannot_run_into_one_another() -> None:
    left = salt(issuer(algorithms=("ES256",), audience=("a", "b")))
    right = salt(issuer(algorithms=("ES256", "a"), audience=("b",)))
    assert left != right
    assert salt(issuer(name='a","b')) != salt(issuer(name="a"))


def test_a_prepared_trust_is_data() -> None:
    ready = trust(CORP)
    assert replace(ready, plan="other").sources == ready.sources
