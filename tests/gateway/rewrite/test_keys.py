"""Signing keys: what is taken, what is refused, and key ids that another library computes alike."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from joserfc.jwk import import_key

from gateway.rewrite.keys import KeyRefused, PrivateKey, development_ring, key_ring, signing_key


def pem(private: PrivateKey | dsa.DSAPrivateKey, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


P256 = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(("private", "algorithm"), [(P256, "ES256"), (ED, "EdDSA"), (RSA, "RS256")])
def test_kinds_and_thumbprints(private: PrivateKey, algorithm: str) -> None:
    key = signing_key(pem(private))
    assert key.algorithm == algorithm
    assert key.public["kid"] == key.kid == import_key(key.public).thumbprint()
    assert not {"d", "p", "q", "dp", "dq", "qi"} & key.public.keys()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not an unencrypted PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not an unencrypted PEM"),
        (pem(P256, b"secret"), "not an unencrypted PEM"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "none of"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "1024 bits"),
    ],
)
def test_refused(data: bytes, why: str) -> None:
    with pytest.raises(KeyRefused, match=why):
        signing_key(data)


def test_a_ring_signs_with_one_and_publishes_all() -> None:
    second = signing_key(pem(ED)).kid
    ring = key_ring([pem(P256), pem(ED)], active=second)
    assert ring.active.algorithm == "EdDSA"
    assert [k["alg"] for k in ring.jwks()["keys"]] == ["ES256", "EdDSA"]
    assert key_ring([pem(P256), pem(ED)]).active.algorithm == "ES256"


@pytest.mark.parametrize(
    ("pems", "active", "why"),
    [
        ([], None, "no signing key"),
        ([pem(ED), pem(ED)], None, "twice"),
        ([pem(ED)], "missing", "no signing key has the kid"),
    ],
)
def test_rings_refused(pems: list[bytes], active: str | None, why: str) -> None:
    with pytest.raises(KeyRefused, match=why):
        key_ring(pems, active)


def test_development_keys_are_new_each_time() -> None:
    assert development_ring().active.kid != development_ring().active.kid
