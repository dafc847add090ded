"""Identity tokens: what they say, how long they live, that another library verifies them, and when they are reused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt as jose
from joserfc.jwk import KeySet, import_key

from gateway.message.principal import Principal
from gateway.rewrite.identity_token import TYPE, Minter
from gateway.rewrite.keys import KeyRing, development_ring, key_ring
from policylang.embed import Mint, plan_model
from tests.gateway.rewrite.test_keys import RSA, pem

SECOND = 1_000_000
NOW = 1_800_000_000 * SECOND
SPEC = plan_model.Token(
    "for_orders", "svc-orders", ("claim", "sub"), 60 * SECOND, "Authorization", True, (), "token", 0
)
SAYS = Mint(0, "u1", {"tenant": "acme", "roles": ["a", "b"]})


def caller(expires: int = NOW + 1800 * SECOND) -> Principal:
    return Principal(0, (), b"i" * 16, expires, "plan")


def read(minter: Minter, token: bytes) -> tuple[dict[str, object], dict[str, object]]:
    keys = KeySet([import_key(key) for key in minter.ring.jwks()["keys"]])
    algorithms = ["ES256", "EdDSA", "RS256"]
    decoded = jose.decode(token.decode(), keys, algorithms=algorithms)
    return dict(decoded.header), dict(decoded.claims)


@pytest.mark.filterwarnings("ignore:.*EdDSA.*")
@pytest.mark.parametrize(
    "ring", [development_ring(), key_ring([pem(ed25519.Ed25519PrivateKey.generate())]), key_ring([pem(RSA)])]
)
def test_another_library_verifies_what_was_minted(ring: KeyRing) -> None:
    minter = Minter(ring, "https://gateway.test")
    header, claims = read(minter, minter.mint(SPEC, SAYS, caller(), NOW))
    assert header["typ"] == TYPE
    assert header["kid"] == ring.active.kid
    assert claims == {
        "iss": "https://gateway.test",
        "sub": "u1",
        "aud": "svc-orders",
        "iat": 1_800_000_000,
        "exp": 1_800_000_060,
        "tenant": "acme",
        "roles": ["a", "b"],
    }


@given(st.integers(1, 3600), st.integers(1, 3600 * SECOND))
def test_it_never_outlives_the_rule_or_the_access_token(lifetime: int, left: int) -> None:
    spec = plan_model.Token("t", "a", ("claim", "sub"), lifetime * SECOND, "X-I", False, (), "token", 0)
    expires = (NOW + left) // SECOND * SECOND + SECOND
    _, claims = read(MINTER, MINTER.mint(spec, SAYS, caller(expires), NOW))
    exp = claims["exp"]
    assert isinstance(exp, int)
    assert NOW < exp * SECOND <= min(NOW + lifetime * SECOND, expires)


MINTER = Minter(development_ring(), "https://gateway.test")


def test_reused_while_it_says_the_same_and_most_of_its_life_is_ahead() -> None:
    minter, principal = Minter(development_ring(), "g"), caller()
    first = minter.mint(SPEC, SAYS, principal, NOW)
    assert minter.mint(SPEC, SAYS, principal, NOW + 47 * SECOND) == first
    assert minter.mint(SPEC, SAYS, principal, NOW + 48 * SECOND) != first
    assert minter.signed == 2


def test_not_reused_for_other_claims_or_after_a_rotation() -> None:
    minter, principal = Minter(development_ring(), "g"), caller()
    first = minter.mint(SPEC, SAYS, principal, NOW)
    other = minter.mint(SPEC, Mint(0, "u1", {"tenant": "acme", "roles": ["a"]}), principal, NOW)
    assert other != first
    minter.ring = development_ring()
    rotated = minter.mint(SPEC, Mint(0, "u1", {"tenant": "acme", "roles": ["a"]}), principal, NOW)
    assert read(minter, rotated)[0]["kid"] == minter.ring.active.kid
