import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from policylang.check.key_file import KeyProblem, key_problem

ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
P256 = {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}
RSA = {"kty": "RSA", "n": "AAAA", "e": "AQAB"}

KEYS: dict[str, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "ES256K": ec.generate_private_key(ec.SECP256K1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}


def public_pem(algorithm: str) -> str:
    public = KEYS[algorithm].public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_a_pem_key_serves_its_own_algorithm_only(algorithm: str) -> None:
    pem = public_pem(algorithm)
    assert key_problem(pem, [algorithm]) is None
    for other in KEYS.keys() - {algorithm}:
        assert key_problem(pem, [other]) == KeyProblem("unfit", f"holds no key for {other}")


def test_a_pem_key_may_have_text_around_it() -> None:
    assert key_problem("the key of 2026\n" + public_pem("ES256") + "\n", ["ES256"]) is None


def test_one_key_for_one_of_the_algorithms_is_enough() -> None:
    text = json.dumps({"keys": [{"kty": "OKP", "crv": "X25519", "x": "AAAA"}, ED25519]})
    assert key_problem(text, ["RS256", "Ed25519"]) is None
    assert key_problem(json.dumps(RSA), ["PS512"]) is None
    assert key_problem(json.dumps(P256), ["ES256"]) is None


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({**ED25519, "d": "AAAA"}),
        json.dumps({**RSA, "p": "AAAA"}),
        json.dumps({"keys": [ED25519, {**P256, "d": "AAAA"}]}),
        json.dumps({"kty": "oct", "k": "AAAA"}),
        json.dumps({"kty": "oct"}),
        KEYS["ES256"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        KEYS["RS256"].private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode(),
        public_pem("ES256") + KEYS["EdDSA"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    ],
)
def test_what_can_sign_is_told_apart(text: str) -> None:
    problem = key_problem(text, ["ES256", "EdDSA", "RS256"])
    assert problem is not None
    assert problem.kind == "private"
    assert "AAAA" not in problem.reason


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "[]", "{}", "null", "1", '{"keys": {}}', '{"keys": []}', '{"keys": [1]}', '{"keys": [{}]}',
        '{"kty": 1}', '{"kty": "EC", "kty": "EC"}', '{"kty": "EC", "crv": "P-256", "x": "AAAA"}',
        '{"kty": "RSA", "n": "", "e": "AQAB"}', '{"kty": "new", "x": "y"}', "[" * 100_000,
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
)  # fmt: skip
def test_what_verifies_nothing_is_told(text: str) -> None:
    problem = key_problem(text, ["ES256", "EdDSA", "RS256"])
    assert problem is not None
    assert problem.kind == "unfit"


def test_a_key_that_only_agrees_on_keys_verifies_nothing() -> None:
    public = x25519.X25519PrivateKey.generate().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert key_problem(pem, ["EdDSA"]) == KeyProblem("unfit", "holds no public key that can be read")


@given(st.text() | st.lists(st.none() | st.integers() | st.text()).map(json.dumps))
def test_any_text_has_an_answer(text: str) -> None:
    assert key_problem(text, ["ES256"]) is not None
