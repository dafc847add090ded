"""A development authorization server: a key set, its metadata document, and a login that asks for no password.

It answers as a real one would where a gateway looks: RFC 8414 metadata, RFC 7517 keys, RFC 9068 access tokens.
"""

import time
from collections.abc import Mapping
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.rewrite.keys import KeyRing, development_ring

LIFETIME = 1800
RESERVED = frozenset({"iss", "iat", "exp"})

PAGE = """<!doctype html><meta charset="utf-8"><title>Development issuer</title>
<style>body{font:16px/1.5 system-ui;max-width:34rem;margin:3rem auto;padding:0 1rem}input{font:inherit;width:100%}</style>
<h1>Development issuer</h1><p>Gives a token to anybody. Users: USERS</p>
<form method="post" action="/login"><label>User <input name="user" required></label>
<p><label>Scope <input name="scope" placeholder="orders:read"></label></p><p><button>Log in</button></p></form>"""


class DevelopmentIssuer:
    """``users`` are claims by user name; a name that is not listed gets a token with its name as ``sub``."""

    def __init__(self, issuer: str, audience: str, users: Mapping[str, Mapping[str, Any]]) -> None:
        self.issuer = issuer
        self._audience = audience
        self._users = users
        self._ring: KeyRing = development_ring()

    def app(self) -> web.Application:
        """The application: metadata, keys, a page to log in with, and the login itself."""
        app = web.Application(client_max_size=64 * 1024)
        app.router.add_get("/", self._page)
        app.router.add_post("/login", self._login)
        app.router.add_get("/jwks.json", self._keys)
        for path in ("oauth-authorization-server", "openid-configuration"):
            app.router.add_get(f"/.well-known/{path}", self._metadata)
        return app

    def token(self, claims: Mapping[str, Any], lifetime: int = LIFETIME) -> str:
        """An access token with these claims; ``iss``, ``iat`` and ``exp`` are the issuer's to say."""
        now = int(time.time())
        payload = {"aud": self._audience, **claims, "iss": self.issuer, "iat": now, "exp": now + lifetime}
        key = self._ring.active
        return jwt.encode(payload, key.private, algorithm=key.algorithm, headers={"kid": key.kid, "typ": "at+jwt"})

    def foreign_token(self, claims: Mapping[str, Any]) -> str:
        """The same by a key that is not in the key set: for showing that it is refused."""
        now = int(time.time())
        payload = {"aud": self._audience, **claims, "iss": self.issuer, "iat": now, "exp": now + LIFETIME}
        stranger = ec.generate_private_key(ec.SECP256R1())
        return jwt.encode(payload, stranger, algorithm="ES256", headers={"kid": "unknown", "typ": "at+jwt"})

    async def _page(self, _: web.Request) -> web.Response:
        names = ", ".join(sorted(self._users)) or "any name"
        return web.Response(text=PAGE.replace("USERS", _escaped(names)), content_type="text/html")

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/jwks.json",
                "token_endpoint": f"{self.issuer}/login",
                "response_types_supported": ["token"],
            }
        )

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(self._ring.jwks(), headers={"Cache-Control": "public, max-age=300"})

    async def _login(self, request: web.Request) -> web.Response:
        """``user`` and any claims as JSON, or ``user`` and ``scope`` as a form; the answer of RFC 6749 section 5.1."""
        try:
            given = await request.json() if request.content_type == "application/json" else dict(await request.post())
        except (ValueError, LookupError, RecursionError):  # LookupError: a charset that nobody knows
            return _error("invalid_request", "the body is neither JSON nor a form")
        if not isinstance(given, dict) or not isinstance(given.get("user"), str) or not given["user"]:
            return _error("invalid_request", "`user` is missing")
        user = given.pop("user")
        lifetime = given.pop("lifetime", LIFETIME)
        if not isinstance(lifetime, int) or isinstance(lifetime, bool):
            return _error("invalid_request", "`lifetime` is a number of seconds")
        if RESERVED & given.keys():
            return _error("invalid_request", "iss, iat and exp are the issuer's to say; use `lifetime`")
        claims = {
            "sub": user,
            **self._users.get(user, {}),
            **{name: value for name, value in given.items() if value != ""},
        }
        return web.json_response(
            {"access_token": self.token(claims, lifetime), "token_type": "Bearer", "expires_in": lifetime},
            headers={"Cache-Control": "no-store"},
        )


def _error(code: str, description: str) -> web.Response:
    return web.json_response({"error": code, "error_description": description}, status=400)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
