"""What is asked of a token before its signature: all of the header, the issuer's algorithms, the registered claims."""

from typing import Any

import pytest

from policylang.token.admit import read_token
from policylang.token.errors import TokenRefused
from tests.strategies.tokens import CORP, NOW, SECOND, ec_key, issuer, payload, sign

T = NOW // SECOND


def token(members: dict[str, Any] | None = None, alg: Any = "ES256", **header: Any) -> bytes:
    head = {name: value for name, value in ({"alg": alg, "typ": "at+jwt"} | header).items() if value is not ...}
    return sign(members or payload(), ec_key(), "ES256", head)


def test_a_token_that_may_be_verified() -> None:
    found = read_token(token(), (issuer(name="other", iss="https://other.example"), CORP), NOW)
    assert (found.issuer, found.compact.alg) == ("corp", "ES256")
    assert found.validity.expires == (T + 300) * SECOND


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (token(typ="identity+jwt"), "typ_not_allowed"),
        (token(typ="id+jwt"), "typ_not_allowed"),
        (token(crit=["x"]), "crit"),
        (token(b64=False), "b64"),
        (token(alg="none"), "alg_none"),
        (token(alg=...), "alg_missing"),
        (token(alg="HS256"), "alg_not_allowed"),
        (token(alg="es256"), "alg_not_allowed"),
        (token(payload(exp=T - 31)), "expired"),
        (token(payload(iss="https://evil.example"), alg="HS256"), "iss_unknown"),
        (token(payload(exp=T - 31), alg="HS256"), "alg_not_allowed"),
    ],
)
def test_each_step_only_if_the_last_one_passed(made: bytes, reason: str) -> None:
    with pytest.raises(TokenRefused) as caught:
        read_token(made, (CORP,), NOW)
    assert caught.value.reason == reason
