import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448

from gateway.authn.keys import make_key
from gateway.authn.verify import ALGORITHMS, signature_holds
from tests.strategies.tokens import PrivateKey, ec_key, ed_key, rsa_key

SECRET = b"s" * 64
KEYS: dict[str, PrivateKey | bytes] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), rsa_key()),
    "ES256": ec_key(),
    "ES384": ec_key(0, ec.SECP384R1),
    "ES512": ec_key(0, ec.SECP521R1),
    "ES256K": ec_key(0, ec.SECP256K1),
    "EdDSA": ed_key(),
    "Ed25519": ed_key(),
    "Ed448": ed448.Ed448PrivateKey.generate(),
    **dict.fromkeys(("HS256", "HS384", "HS512"), SECRET),
}


def public(private: PrivateKey | bytes):  # type: ignore[no-untyped-def]
    return private if isinstance(private, bytes) else private.public_key()


def test_every_algorithm_is_tried_here_and_none_is_none() -> None:
    assert set(ALGORITHMS) == set(KEYS)
    assert "none" not in ALGORITHMS


@pytest.mark.parametrize("alg", sorted(KEYS))
def test_a_signature_holds_for_its_key_and_its_input(alg: str) -> None:
    key = make_key(None, public(KEYS[alg]))
    signature = ALGORITHMS[alg].sign(b"input", KEYS[alg])
    assert signature_holds(alg, key, b"input", signature)
    assert not signature_holds(alg, key, b"inpuT", signature)
    assert not signature_holds(alg, key, b"input", signature[:-1])
    assert not signature_holds(alg, key, b"input", signature + b"\0")
    assert not signature_holds(alg, key, b"input", b"")
    assert not signature_holds(alg, key, b"input", b"\0" * len(signature))


@pytest.mark.parametrize("alg", sorted(KEYS))
def test_an_algorithm_that_is_not_the_keys_never_verifies(alg: str) -> None:
    signature = ALGORITHMS[alg].sign(b"input", KEYS[alg])
    for other, private in KEYS.items():
        key = make_key(None, public(private))
        if alg not in key.algorithms:
            assert not signature_holds(alg, key, b"input", signature), other


def test_a_name_that_is_no_algorithm() -> None:
    key = make_key(None, ec_key().public_key())
    for name in ("none", "ES256 ", "es256", "", "HS256"):
        assert not signature_holds(name, key, b"input", b"x" * 64)


def test_a_key_that_is_bound_to_one_algorithm() -> None:
    key = make_key(None, rsa_key().public_key(), "PS256")
    assert signature_holds("PS256", key, b"input", ALGORITHMS["PS256"].sign(b"input", rsa_key()))
    assert not signature_holds("RS256", key, b"input", ALGORITHMS["RS256"].sign(b"input", rsa_key()))
