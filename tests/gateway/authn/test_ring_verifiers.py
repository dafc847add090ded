from typing import Any

import pytest

from gateway.authn.keys import KeyRefused
from gateway.authn.ring_verifiers import RingVerifiers, mark_of
from gateway.keys.port import AccessKey
from tests.strategies.tokens import ec_key, jwk, rsa_key

KID = "0123456789abcdef"
OCT = {"kty": "oct", "alg": "HS256", "kid": KID, "k": "A" * 43}


def key(given: dict[str, Any] | None, version: int = 1, kid: str = KID, keyring: str = "ring") -> AccessKey:
    return AccessKey(keyring, kid, version, b"", given, {}, 0, False)


def test_a_key_is_read_once_a_version() -> None:
    verifiers = RingVerifiers()
    first = verifiers.key(key(jwk(ec_key(), kid=KID)))
    assert first is not None
    assert first.algorithms == {"ES256"}
    assert verifiers.key(key(jwk(ec_key(), kid=KID))) is first
    second = verifiers.key(key(jwk(rsa_key(), kid=KID), 2))
    assert second is not None
    assert "RS256" in second.algorithms
    assert len(verifiers) == 1


def test_a_shared_secret_is_for_its_algorithm_alone() -> None:
    found = RingVerifiers().key(key(OCT))
    assert found is not None
    assert found.algorithms == {"HS256"}


def test_an_opaque_key_verifies_nothing() -> None:
    assert RingVerifiers().key(key(None)) is None


@pytest.mark.parametrize(
    "given",
    [
        jwk(rsa_key(1, 1024), kid=KID),
        OCT | {"k": "AAAA"},
        OCT | {"kid": "x"},
        {"kty": "RSA", "kid": KID},
        jwk(ec_key()),
    ],
)
def test_what_may_not_verify_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        RingVerifiers().key(key(given))


def test_they_are_bounded() -> None:
    verifiers = RingVerifiers(kept=3)
    for number in range(10):
        kid = f"{number:016}"
        verifiers.key(key(jwk(ec_key(), kid=kid), kid=kid))
    assert len(verifiers) == 3


def test_a_mark_is_of_one_version_of_one_key() -> None:
    marks = {mark_of(one) for one in (key(None), key(None, 2), key(None, 1, KID[::-1]), key(None, keyring="rin"))}
    assert len(marks) == 4
    assert {len(mark) for mark in marks} == {16}
