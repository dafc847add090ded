import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway.authn.key_text import MAX_KEYS, inline_key_set, published_key_set, secret_key_set
from gateway.authn.keys import KeyRefused
from tests.strategies.tokens import b64, ec_key, ed_key, jwk, rsa_key

EC = jwk(ec_key(), kid="a")
RSA = jwk(rsa_key(), kid="b")
OCT = {"kty": "oct", "kid": "s", "k": b64(b"s" * 32).decode()}


def pem(key: Any, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    data: bytes = key.public_key().public_bytes(Encoding.PEM, form)
    return data.decode()


def private_pem(key: Any) -> str:
    data: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return data.decode()


def test_one_bad_key_is_skipped_and_the_rest_work() -> None:
    found = published_key_set({"keys": [EC | {"crv": "P-521"}, EC, 7, OCT, RSA | {"use": "enc"}, RSA], "more": 1})
    assert [key.kid for key in found.keys] == ["a", "b"]
    assert found.skipped == 4


@pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": {}}, {"Keys": [EC]}, {"keys": "x"}, EC])
def test_what_is_no_key_set(document: object) -> None:
    with pytest.raises(KeyRefused, match="not_a_key_set"):
        published_key_set(document)


def test_an_empty_set_is_a_set() -> None:
    assert published_key_set({"keys": []}).keys == ()


def test_keys_past_the_cap_are_skipped() -> None:
    found = published_key_set({"keys": [EC] * MAX_KEYS + [RSA] * 3})
    assert len(found.keys) == MAX_KEYS
    assert found.skipped == 3


@pytest.mark.parametrize("text", [json.dumps(EC), json.dumps({"keys": [EC]}), "\n " + json.dumps(EC)])
def test_inline_json(text: str) -> None:
    assert [key.kid for key in inline_key_set(text).keys] == ["a"]


@pytest.mark.parametrize("key", [rsa_key(), ec_key(), ed_key()])
def test_inline_pem(key: Any) -> None:
    (found,) = inline_key_set("a comment\n" + pem(key)).keys
    assert found.material == key.public_key()
    assert found.kid is None


def test_inline_pem_may_hold_several() -> None:
    found = inline_key_set(pem(rsa_key(), PublicFormat.PKCS1) + pem(ec_key()).replace("\n", "\r\n"))
    assert [min(key.algorithms) for key in found.keys] == ["PS256", "ES256"]


def test_inline_secrets_and_private_keys_are_skipped() -> None:
    odd = dsa.generate_parameters(1024).generate_private_key()
    for text in (
        json.dumps(OCT),
        json.dumps(EC | {"d": EC["x"]}),
        private_pem(ec_key()),
        pem(rsa_key(0, 1024)),
        pem(odd),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ):
        found = inline_key_set(text)
        assert (found.keys, found.skipped) == ((), 1), text


@pytest.mark.parametrize(
    "text", ["", "x", "{", "[]", "{}}", '{"keys":1,"keys":2}', '{"keys": 1}', "-----BEGIN PUBLIC KEY-----\nAAAA"]
)
def test_inline_text_that_is_no_key_set(text: str) -> None:
    with pytest.raises(KeyRefused):
        inline_key_set(text)


def test_a_secret_is_its_own_bytes() -> None:
    (key,) = secret_key_set("s" * 40).keys
    assert (key.material, sorted(key.algorithms), key.kid) == (b"s" * 40, ["HS256"], None)


@pytest.mark.parametrize("text", [json.dumps(OCT), json.dumps({"keys": [OCT, EC]})])
def test_a_secret_may_be_a_jwk(text: str) -> None:
    (key,) = secret_key_set(text).keys
    assert (key.material, key.kid) == (b"s" * 32, "s")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "not_a_secret"),
        ("s" * 31, "secret_too_short"),
        (pem(rsa_key()), "not_a_secret"),
        (private_pem(rsa_key()), "not_a_secret"),
        ("ssh-rsa AAAA" + "x" * 40, "not_a_secret"),
        ('{"kty": "oct"', "not_json"),
        ('{"keys": 1}', "not_a_key_set"),
    ],
)
def test_a_text_that_is_no_secret(text: str, expected: str) -> None:
    with pytest.raises(KeyRefused, match=expected):
        secret_key_set(text)


def test_public_keys_in_a_secret_are_skipped() -> None:
    assert secret_key_set(json.dumps({"keys": [EC, RSA]})).keys == ()
