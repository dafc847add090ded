"""A whole world on loopback: an authorization server, a service that echoes, and the gateway with real sockets."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector, web

from gateway.app import Running, running
from gateway.dev.echo_http import echo_server
from gateway.dev.issuer_http import DevelopmentIssuer
from gateway.policy.reload import Source
from gateway.settings import Address, Settings

AUDIENCE = "https://api.example.com"

ISSUER = """
issuer corp {
  iss setting.auth   keys discovered   algorithms ES256   audience "https://api.example.com"   identity by claims.sub
  claims { CLAIMS }
}
"""
CLAIMS = 'sub: text(1..128)  scope: set of text split " " default []  tenant: slug default "acme"'


@dataclass(slots=True)
class Reply:
    """An answer: its JSON body, or the empty object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body.get("code", ""))

    def seen(self, name: str) -> list[str]:
        """Every value of a header as the service saw it, by any case."""
        return [value for header, value in self.body.get("headers", ()) if header.lower() == name.lower()]


@dataclass(slots=True)
class World:
    """What a journey acts on."""

    session: ClientSession
    issuer: DevelopmentIssuer
    gateway: Running
    rules: Path
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"http://{self.gateway.clients}"

    @property
    def admin(self) -> str:
        """The admin listener."""
        return f"http://{self.gateway.admin}"

    def token(self, lifetime: int = 1800, **claims: Any) -> str:
        """An access token of the issuer."""
        return self.issuer.token({"sub": "u1", **claims}, lifetime)

    async def ask(
        self, method: str, path: str, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request through the gateway."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        async with self.session.request(method, f"{self.url}{path}", headers=sent) as answer:
            text = await answer.text()
            return Reply(answer.status, answer.headers, json.loads(text) if text.startswith("{") else {})

    async def get_admin(self, path: str) -> tuple[int, str]:
        """One request to the admin listener."""
        async with self.session.get(f"{self.admin}{path}") as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def world(
    folder: Path,
    rules: str,
    *,
    claims: str = CLAIMS,
    metadata: Mapping[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """A world with these rules; an issuer ``corp`` and the settings ``auth`` and ``service`` are put before them."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(force_close=False)))
        issuer = DevelopmentIssuer("", AUDIENCE, {})
        issuer.issuer = f"http://127.0.0.1:{await _serve(stack, web.AppRunner(issuer.app(), access_log=None))}"
        service = f"http://127.0.0.1:{await _serve(stack, web.ServerRunner(echo_server()))}"
        source = folder / "rules"
        (source / "env").mkdir(parents=True)
        (source / "env" / "test.toml").write_text(
            f'auth = "{issuer.issuer}"\nservice = "{service}"\n', encoding="utf-8"
        )
        head = "language 1\nsetting auth url\nsetting service url\n" + ISSUER.replace("CLAIMS", claims)
        (source / "main.rules").write_text(head + rules, encoding="utf-8")
        facts = None
        if metadata is not None:
            facts = folder / "metadata.json"
            facts.write_text(json.dumps(metadata), encoding="utf-8")
        told: list[str] = []
        chosen = replace(
            Settings(),
            listen=Address("127.0.0.1", 0),
            admin=Address("127.0.0.1", 0),
            private_hosts=frozenset({"127.0.0.1"}),
            token_issuer="https://gateway.test",
            metadata_file=facts,
            decision_log=str(folder / "decisions.log"),
            drain_seconds=2.0,
            **settings,
        )
        gateway = await stack.enter_async_context(running(chosen, Source(source, "test", facts), told.append))
        yield World(session, issuer, gateway, source / "main.rules", told)


async def _serve(stack: AsyncExitStack, runner: web.BaseRunner) -> int:
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port
