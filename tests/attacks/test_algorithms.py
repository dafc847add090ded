"""R22, R23, R25, R26: the algorithm belongs to the key and the rule, never to the token; without keys nobody comes in."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.authn.key_fetch import FetchFailed
from gateway.message.refusal import Refusal
from policylang.plan.model import Keys
from tests.strategies.door import Door
from tests.strategies.key_sources import published
from tests.strategies.tokens import b64, ec_key, issuer, jwk, payload, rsa_key, sign

EVERYTHING = issuer(algorithms=("ES256", "ES384", "HS256", "PS256", "RS256"))
PUBLIC = rsa_key().public_key()


@pytest.mark.parametrize(
    "secret",
    [
        PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        json.dumps(jwk(rsa_key(), kid="rsa")).encode(),
        b"",
        b"\0" * 32,
    ],
)
async def test_r22_a_public_key_is_no_hmac_secret(secret: bytes) -> None:
    token = sign(payload(), secret, "HS256", kid="rsa")
    assert await Door((EVERYTHING,)).refuses(token) == "alg_not_of_key"


@pytest.mark.parametrize("alg", ["none", "NONE", "nOnE", "HS256", "RS256", "ES256K", "EdDSA", "", "es256", "ES256\x00"])
async def test_r22_a_header_that_says_another_algorithm(alg: str) -> None:
    token = sign(payload(), ec_key(), "ES256", {"alg": alg, "kid": "ec"})
    await Door((EVERYTHING,)).refuses(token)
    await Door((EVERYTHING,)).refuses(token.rpartition(b".")[0] + b".")


async def test_r22_a_key_for_one_algorithm_takes_no_other() -> None:
    door = Door((EVERYTHING,), published(jwk(rsa_key(), kid="r", alg="PS256")))
    await door.admits(sign(payload(), rsa_key(), "PS256", kid="r"))
    assert await door.refuses(sign(payload(), rsa_key(), "RS256", kid="r")) == "alg_not_of_key"


async def test_r22_a_rule_that_lists_one_algorithm_takes_no_other() -> None:
    door = Door((issuer(algorithms=("ES256",)),))
    assert await door.refuses(sign(payload(), rsa_key(), "RS256", kid="rsa")) == "alg_not_allowed"


@pytest.mark.parametrize(
    "embedded", [{"jwk": jwk(ec_key(5))}, {"jku": "https://evil.example/jwks"}, {"x5u": "https://evil.example/c"}]
)
async def test_r29_a_token_brings_no_key_of_its_own(embedded: dict[str, Any]) -> None:
    door = Door()
    await door.refuses(sign(payload(), ec_key(5), kid="ec", **embedded))
    await door.refuses(sign(payload(), ec_key(5), kid="evil", **embedded))
    assert door.fetcher.places == []


async def test_a_certificate_chain_in_a_token_is_no_key_either() -> None:
    chain = b64(b"certificate").decode()
    assert await Door().refuses(sign(payload(), ec_key(5), kid="ec", x5c=[chain])) == "signature"


@pytest.mark.parametrize("crit", [["exp"], ["b64"], ["http://example.com/ext"], [], None, "exp"])
async def test_r23_every_crit_refuses(crit: object) -> None:
    assert await Door().refuses(sign(payload(), ec_key(), kid="ec", crit=crit, exp=1)) == "crit"


async def test_an_unencoded_payload_is_refused() -> None:
    await Door().refuses(sign(payload(), ec_key(), kid="ec", b64=False))


async def test_r25_one_bad_key_is_skipped_and_the_rest_work() -> None:
    bad: list[Any] = [
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "small"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "oct", "k": b64(b"s" * 32).decode(), "kid": "ec"},
        {"kty": "future"},
        jwk(ec_key(0, ec.SECP384R1), kid="ec", use="enc"),
        None,
    ]
    door = Door((EVERYTHING,), published(*bad, jwk(ec_key(), kid="ec"), *bad))
    await door.admits(sign(payload(), ec_key(), kid="ec"))
    assert await door.refuses(sign(payload(), b"s" * 32, "HS256", kid="ec")) == "alg_not_of_key"
    assert door.key_sets.counters.skipped_keys == 2 * len(bad)


@pytest.mark.parametrize("answer", [FetchFailed("timeout"), published(), published({"kty": "oct", "k": "AAAA"})])
async def test_r26_no_keys_no_access(answer: Any) -> None:
    door = Door(answer=answer)
    for key, kid in ((ec_key(), "ec"), (ec_key(3), "x")):
        assert isinstance(await door.ask(sign(payload(), key, kid=kid)), Refusal)


async def test_r26_a_short_secret_is_no_key() -> None:
    hooks = issuer(keys=Keys("secret", "hooks"), algorithms=("HS256", "HS512"))
    door = Door((hooks,), secrets={"hooks": "short"})
    answer = await door.ask(sign(payload(), b"short", "HS256"))
    assert isinstance(answer, Refusal)
    assert answer.kind == "keys_fault"
    longer = Door((hooks,), secrets={"hooks": "s" * 32})
    assert await longer.refuses(sign(payload(), b"s" * 32, "HS512")) == "no_such_key"
