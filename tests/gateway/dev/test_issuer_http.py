"""The development issuer: what a gateway finds there, tokens that its keys verify, and what it refuses."""

from typing import Any

import jwt
import pytest
from aiohttp import ClientSession

from gateway.authn.key_fetch import Fetched, KeyPlace
from gateway.authn.key_fetch_http import KeyFetcherHttp
from gateway.dev.issuer_http import DevelopmentIssuer
from tests.strategies.tokens import AUDIENCE


async def verified(issuer: DevelopmentIssuer, token: str) -> dict[str, Any]:
    """The claims of a token, verified by the keys that discovery finds."""
    fetcher = KeyFetcherHttp(frozenset({"127.0.0.1"}))
    fetched = await fetcher.fetch(KeyPlace("discovered", issuer.issuer))
    await fetcher.close()
    assert isinstance(fetched, Fetched), fetched
    assert fetched.max_age == 300 * 1_000_000
    keys = jwt.PyJWKSet.from_dict(fetched.document)
    head = jwt.get_unverified_header(token)
    assert head["typ"] == "at+jwt"
    claims: dict[str, Any] = jwt.decode(
        token, keys[head["kid"]].key, algorithms=["ES256"], audience=AUDIENCE, issuer=issuer.issuer
    )
    return claims


async def login(session: ClientSession, issuer: DevelopmentIssuer, **how: Any) -> tuple[int, dict[str, Any]]:
    async with session.post(f"{issuer.issuer}/login", **how) as answer:
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()


@pytest.mark.parametrize("path", ["oauth-authorization-server", "openid-configuration"])
async def test_metadata(session: ClientSession, issuer: DevelopmentIssuer, path: str) -> None:
    async with session.get(f"{issuer.issuer}/.well-known/{path}") as answer:
        document = await answer.json()
    assert document["issuer"] == issuer.issuer
    assert document["jwks_uri"] == f"{issuer.issuer}/jwks.json"
    assert document["token_endpoint"] == f"{issuer.issuer}/login"


async def test_keys_have_no_private_part(session: ClientSession, issuer: DevelopmentIssuer) -> None:
    async with session.get(f"{issuer.issuer}/jwks.json") as answer:
        keys = (await answer.json())["keys"]
    assert keys
    assert all("d" not in key for key in keys)


async def test_a_login_gives_a_token_that_the_keys_verify(session: ClientSession, issuer: DevelopmentIssuer) -> None:
    status, answer = await login(session, issuer, json={"user": "bob", "scope": "a b", "level": 3, "empty": ""})
    assert (status, answer["token_type"], answer["expires_in"]) == (200, "Bearer", 1800)
    claims = await verified(issuer, answer["access_token"])
    assert (claims["sub"], claims["scope"], claims["level"]) == ("bob", "a b", 3)
    assert claims["exp"] - claims["iat"] == 1800
    assert "empty" not in claims


async def test_known_users_have_their_claims_and_what_is_given_wins(
    session: ClientSession, issuer: DevelopmentIssuer
) -> None:
    _, answer = await login(session, issuer, data={"user": "ana", "scope": ""})
    claims = await verified(issuer, answer["access_token"])
    assert (claims["sub"], claims["plan"]) == ("ana-1", "gold")
    assert "scope" not in claims
    _, answer = await login(session, issuer, json={"user": "ana", "plan": "free", "lifetime": 60})
    claims = await verified(issuer, answer["access_token"])
    assert (claims["plan"], claims["exp"] - claims["iat"]) == ("free", 60)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"json": {}}, "`user` is missing"),
        ({"json": {"user": ""}}, "`user` is missing"),
        ({"json": {"user": 7}}, "`user` is missing"),
        ({"json": ["ana"]}, "`user` is missing"),
        ({"data": {"scope": "a"}}, "`user` is missing"),
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, "neither JSON nor a form"),
        ({"data": b"[" * 30_000, "headers": {"Content-Type": "application/json"}}, "neither JSON nor a form"),
        ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, "neither JSON nor a form"),
        ({"data": b"{}", "headers": {"Content-Type": "application/json; charset=no"}}, "neither JSON nor a form"),
        ({"json": {"user": "ana", "lifetime": "60"}}, "`lifetime` is a number"),
        ({"json": {"user": "ana", "lifetime": True}}, "`lifetime` is a number"),
        ({"json": {"user": "ana", "exp": 1}}, "use `lifetime`"),
        ({"json": {"user": "ana", "iss": "https://other"}}, "the issuer's to say"),
    ],
)
async def test_what_it_refuses(
    session: ClientSession, issuer: DevelopmentIssuer, how: dict[str, Any], said: str
) -> None:
    status, answer = await login(session, issuer, **how)
    assert (status, answer["error"]) == (400, "invalid_request")
    assert said in answer["error_description"]


async def test_the_page_names_users_as_text(session: ClientSession, issuer: DevelopmentIssuer) -> None:
    async with session.get(issuer.issuer) as answer:
        page = await answer.text()
    assert "&lt;b>, ana" in page
    assert "<b>" not in page


async def test_a_foreign_token_is_not_verified_by_the_keys(issuer: DevelopmentIssuer) -> None:
    token = issuer.foreign_token({"sub": "ana"})
    with pytest.raises(KeyError):
        await verified(issuer, token)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"]) == (issuer.issuer, "ana")
