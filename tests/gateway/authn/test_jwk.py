from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448

from gateway.authn.jwk import public_key, secret_key
from gateway.authn.keys import KeyRefused
from policylang.embed import NON_INTEGER
from tests.strategies.tokens import b64, ec_key, ed_key, jwk, rsa_key

EC = jwk(ec_key(), kid="k1")
RSA = jwk(rsa_key())
OKP = jwk(ed_key())
OCT = {"kty": "oct", "k": b64(b"s" * 32).decode()}


def reason(members: Any) -> str:
    with pytest.raises(KeyRefused) as caught:
        public_key(members)
    return caught.value.reason


@pytest.mark.parametrize(
    ("private", "alg"),
    [
        (rsa_key(), "RS256"),
        (ec_key(), "ES256"),
        (ec_key(0, ec.SECP384R1), "ES384"),
        (ec_key(0, ec.SECP521R1), "ES512"),
        (ec_key(0, ec.SECP256K1), "ES256K"),
        (ed_key(), "EdDSA"),
        (ed448.Ed448PrivateKey.generate(), "EdDSA"),
    ],
)
def test_reads_public_keys(private: Any, alg: str) -> None:
    key = public_key(jwk(private, kid="k1", use="sig", alg=alg, key_ops=["verify"], x5c=["ignored"]))
    assert key.kid == "k1"
    assert key.algorithms == {alg}
    assert key.material == private.public_key()


def test_without_alg_all_algorithms_of_the_kind() -> None:
    assert "PS512" in public_key(RSA).algorithms
    assert public_key(RSA).kid is None


@pytest.mark.parametrize("members", [None, 1, "x", [], [EC], True, NON_INTEGER])
def test_what_is_no_object(members: object) -> None:
    assert reason(members) == "not_object"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"use": "enc"}, "use"),
        ({"use": None}, "use"),
        ({"use": ["sig"]}, "use"),
        ({"key_ops": ["sign"]}, "key_ops"),
        ({"key_ops": []}, "key_ops"),
        ({"key_ops": "verify"}, "key_ops"),
        ({"kid": 1}, "kid"),
        ({"kid": ""}, "kid"),
        ({"kid": "k" * 257}, "kid"),
        ({"alg": None}, "alg"),
        ({"alg": "ES384"}, "alg_not_of_key"),
        ({"alg": "HS256"}, "alg_not_of_key"),
        ({"alg": "none"}, "alg_not_of_key"),
        ({"alg": "ECDH-ES"}, "alg_not_of_key"),
        ({"kty": "RSA"}, "n"),
        ({"kty": "oct"}, "kty"),
        ({"kty": "ec"}, "kty"),
        ({"kty": None}, "kty"),
        ({"kty": ["EC"]}, "kty"),
        ({"d": EC["x"]}, "private_key"),
        ({"k": "AAAA"}, "private_key"),
        ({"crv": "P-384"}, "parameters"),
        ({"crv": "P-224"}, "curve"),
        ({"crv": "Ed25519"}, "curve"),
        ({"x": EC["y"]}, "parameters"),
        ({"x": ""}, "parameters"),
        ({"x": EC["x"] + "="}, "parameters"),
        ({"x": EC["x"] + "A"}, "parameters"),
        ({"x": "\u00e9"}, "parameters"),
        ({"x": 7}, "x"),
        ({"x": b64(b"\0" * 32).decode(), "y": b64(b"\0" * 32).decode()}, "parameters"),
    ],
)
def test_refuses(change: dict[str, Any], expected: str) -> None:
    assert reason(EC | change) == expected


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth"])
def test_a_published_private_key_is_not_used(member: str) -> None:
    assert reason(RSA | {member: RSA["e"]}) == "private_key"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"n": jwk(rsa_key(0, 1024))["n"]}, "rsa_size"),
        ({"n": b64(b"\xff" * 2000).decode()}, "rsa_size"),
        ({"e": "Aw"}, "rsa_exponent"),
        ({"e": b64((2**32 + 1).to_bytes(5, "big")).decode()}, "rsa_exponent"),
        ({"e": b64(b"\xff" * 9).decode()}, "rsa_size"),
        ({"e": "AQ"}, "parameters"),
        ({"e": "AQAA"}, "parameters"),
        ({"e": ""}, "parameters"),
        ({"n": ""}, "parameters"),
    ],
)
def test_rsa_parameters_make_sense(change: dict[str, Any], expected: str) -> None:
    assert reason(RSA | change) == expected


def test_a_zero_octet_before_the_modulus_is_harmless() -> None:
    number = rsa_key().public_key().public_numbers().n
    padded = b64(b"\0" + number.to_bytes(256, "big")).decode()
    assert public_key(RSA | {"n": padded}).material == rsa_key().public_key()


@pytest.mark.parametrize("change", [{"crv": "X25519"}, {"crv": "Ed448"}, {"x": "AAAA"}, {"x": ""}])
def test_okp_parameters_make_sense(change: dict[str, Any]) -> None:
    assert reason(OKP | change) in {"curve", "parameters"}


def test_a_symmetric_key_is_never_public() -> None:
    assert reason(OCT) == "private_key"
    assert reason({"kty": "oct"}) == "kty"


def test_a_symmetric_key_of_a_secret() -> None:
    key = secret_key(OCT | {"kid": "k", "alg": "HS256", "use": "sig"})
    assert (key.kid, sorted(key.algorithms), key.material) == ("k", ["HS256"], b"s" * 32)


@pytest.mark.parametrize(
    "members",
    [EC, RSA, OCT | {"k": "AAAA"}, OCT | {"k": 1}, OCT | {"alg": "HS512"}, OCT | {"use": "enc"}, {"kty": "oct"}, []],
)
def test_what_is_no_symmetric_key_to_sign_with(members: Any) -> None:
    with pytest.raises(KeyRefused):
        secret_key(members)
