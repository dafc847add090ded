"""R31, R32, R41: an access token of ours is signed, unbound and of its own type; everything else is something else."""

import json
from typing import Any

import pytest

from tests.strategies.door import Door
from tests.strategies.tokens import b64, ec_key, payload, sign


def token(**header: Any) -> bytes:
    return sign(payload(), ec_key(), kid="ec", **header)


@pytest.mark.parametrize("typ", ["identity+jwt", "application/identity+jwt", "IDENTITY+JWT"])
async def test_r41_an_identity_token_is_refused_at_the_edge(typ: str) -> None:
    assert await Door().refuses(token(typ=typ)) == "typ_not_allowed"


@pytest.mark.parametrize(
    "typ", ["dpop+jwt", "secevent+jwt", "logout+jwt", "token-introspection+jwt", "JOSE", "at+jwt;x", "", 1, None]
)
async def test_r41_so_are_other_classes_of_token(typ: object) -> None:
    assert await Door().refuses(token(typ=typ)) == "typ_not_allowed"


@pytest.mark.parametrize("cnf", [{"jkt": "x"}, {"x5t#S256": "x"}, {"jwk": {}}, {}, None, True])
async def test_r32_a_bound_token_without_its_proof_is_refused(cnf: object) -> None:
    assert await Door().refuses(sign(payload(cnf=cnf), ec_key(), kid="ec")) == "cnf"


async def test_r31_an_encrypted_token_is_no_signed_one() -> None:
    header = b64(json.dumps({"alg": "dir", "enc": "A256GCM"}).encode())
    assert await Door().refuses(b".".join([header, b"", b"AAAA", b"AAAA", b"AAAA"])) == "encrypted"
    assert await Door().refuses(token(enc="A256GCM")) == "encrypted"


@pytest.mark.parametrize("header", [{"cty": "JWT"}, {"cty": "jwt"}, {"zip": "DEF"}])
async def test_r31_nothing_is_unwrapped(header: dict[str, str]) -> None:
    await Door().refuses(token(**header))
