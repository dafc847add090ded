"""The main job on the embedded store: a development issuer, an echo service and the gateway, asked by a client.

Prints each request and its answer, and fails when one is not as it should be. Everything runs on loopback and ends with
this program. Run it by ``make demo``.
"""

import asyncio
import base64
import json
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from aiohttp import ClientSession, web
from rich.console import Console
from yarl import URL

from gateway.dev.echo_http import echo_server
from gateway.dev.issuer_http import DevelopmentIssuer

HERE = Path(__file__).parent
WORK = HERE.parent.parent / ".demo"
AUDIENCE = "https://api.example.com"
TENANT = "https://example.com/tenant"
START_SECONDS = 60
USERS: Mapping[str, Mapping[str, Any]] = {
    "ana": {TENANT: "acme", "scope": "orders:read orders:write", "plan": "gold"},
    "gus": {TENANT: "acme", "scope": "orders:read"},
    "eve": {TENANT: "globex", "scope": "orders:read"},
}


@dataclass
class Answer:
    """What came back: ``body`` is the JSON of it."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def seen(self) -> dict[str, str]:
        """The headers that the service behind the gateway saw, by lower-case name."""
        return {name.lower(): value for name, value in self.body.get("headers", ())}


@dataclass
class Stage:
    """The actors, and what was expected of them so far."""

    session: ClientSession
    issuer: DevelopmentIssuer
    gateway: str = ""
    admin: str = ""
    console: Console = field(default_factory=lambda: Console(soft_wrap=True, highlight=False))
    failures: list[str] = field(default_factory=list)

    def title(self, text: str) -> None:
        """Begin a scene."""
        self.console.print(f"\n[bold]{text}[/bold]")

    def expect(self, what: str, fulfilled: bool) -> None:
        """Print whether an expectation holds, and remember if it does not."""
        self.console.print(f"   [green]ok[/green]   {what}" if fulfilled else f"   [red]FAIL[/red] {what}")
        if not fulfilled:
            self.failures.append(what)

    async def log_in(self, user: str) -> str:
        """An access token from the issuer's login."""
        async with self.session.post(f"{self.issuer.issuer}/login", json={"user": user}) as reply:
            token: str = (await reply.json())["access_token"]
        self.console.print(f"   POST {self.issuer.issuer}/login user={user} -> 200, an access token for 30 minutes")
        return token

    async def call(self, method: str, path: str, token: str | None = None, **headers: str) -> Answer:
        """One request through the gateway, printed with its answer."""
        answer = await self.quiet_call(method, path, token, **headers)
        forged = "".join(f" [{name}: {value}]" for name, value in headers.items())
        detail = answer.body.get("code") or answer.body.get("path", "")
        extra = f" Retry-After: {answer.headers['Retry-After']}" if "Retry-After" in answer.headers else ""
        self.console.print(
            f"   {method} {path}{forged} -> {answer.status} {detail}{extra}", markup=False, highlight=False
        )
        return answer

    async def quiet_call(self, method: str, path: str, token: str | None = None, **headers: str) -> Answer:
        """The same without a line printed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        url = URL(f"{self.gateway}{path}", encoded=True)  # the client shall not tidy the path
        async with self.session.request(method, url, headers=sent) as reply:
            text = await reply.text()
            return Answer(reply.status, reply.headers, json.loads(text) if text else {})


async def identity_crosses(stage: Stage) -> None:
    """An access token goes in; identity headers and an identity token come out."""
    stage.title("1. Ana calls: her token stays outside, her identity goes in")
    token = await stage.log_in("ana")
    answer = await stage.call("GET", "/v1/acme/orders/7", token, X_User="root", X_Roles="admin", x_tenant="globex")
    seen = answer.seen
    for name in ("x-user", "x-tenant", "x-roles", "authorization"):
        shown = seen.get(name, "")
        stage.console.print(
            f"      upstream sees {name}: {shown[:60]}{'…' if len(shown) > 60 else ''}", highlight=False
        )
    stage.expect("the request is let through", answer.status == 200)
    stage.expect("identity headers say who she is", (seen.get("x-user"), seen.get("x-tenant")) == ("ana", "acme"))
    stage.expect("her roles, kept behind the gateway, reach the service", seen.get("x-roles") == "auditor,editor")
    stage.expect("the forged headers are gone", "root" not in seen.values() and "admin" not in seen.values())
    stage.expect("her access token does not travel on", token not in json.dumps(answer.body))
    async with stage.session.get(f"{stage.admin}/.well-known/jwks.json") as reply:
        keys = jwt.PyJWKSet.from_dict(await reply.json())
    minted = seen.get("authorization", "").removeprefix("Bearer ")
    key = keys[jwt.get_unverified_header(minted)["kid"]]
    claims = jwt.decode(minted, key, algorithms=["ES256"], audience="svc-orders")
    stage.console.print(f"      identity token: {json.dumps(claims)}")
    stage.expect("the identity token verifies against the gateway's own key set", claims["sub"] == "ana")
    stage.expect(
        "it carries what the rules declare", (claims["tenant"], claims["roles"]) == ("acme", ["auditor", "editor"])
    )
    stage.expect("it lives a minute at the most", claims["exp"] - claims["iat"] <= 60)
    stage.expect("the service's internal header does not come back", "X-Internal-Host" not in answer.headers)
    returned = await stage.call("GET", "/v1/acme/orders/7", minted)
    stage.expect("an identity token is no access token: 401 at the edge", returned.status == 401)


async def limits_hold(stage: Stage) -> None:
    """A free caller runs into its rate; a gold caller does not."""
    stage.title("2. Gus is on the free plan, Ana on gold: 12 calls each, at once")
    gus, ana = await stage.log_in("gus"), await stage.log_in("ana")
    free = await asyncio.gather(*(stage.quiet_call("GET", "/v1/acme/orders/1", gus) for _ in range(12)))
    gold = await asyncio.gather(*(stage.quiet_call("GET", "/v1/acme/orders/1", ana) for _ in range(12)))
    for name, answers in (("gus", free), ("ana", gold)):
        stage.console.print(f"   {name}: {' '.join(str(a.status) for a in answers)}")
    limited = [answer for answer in free if answer.status == 429]
    stage.expect("the free caller gets 429 once its burst of 5 is spent", 5 <= len(limited) <= 7)
    stage.expect(
        "with Retry-After", all(int(a.headers.get("Retry-After", "0")) >= 1 for a in limited) and bool(limited)
    )
    stage.expect("and RateLimit fields", all("RateLimit" in a.headers for a in limited) and bool(limited))
    stage.expect("the gold caller is not limited", all(answer.status == 200 for answer in gold))
    another = await stage.log_in("gus")
    again = await stage.call("GET", "/v1/acme/orders/1", another)
    stage.expect("another token of the same person shares the count", again.status == 429)


async def bad_tokens_fail(stage: Stage) -> None:
    """Expired, wrong algorithm, wrong audience, unknown key: 401."""
    stage.title("3. Tokens that are not good")
    good = {"sub": "ana", **USERS["ana"]}
    secret = jwt.encode(
        {"sub": "ana", "aud": AUDIENCE, "iss": stage.issuer.issuer, "exp": 4102444800}, "0" * 32, "HS256"
    )
    unsigned = ".".join([_part({"alg": "none", "typ": "JWT"}), stage.issuer.token(good).split(".")[1], ""])
    tokens = {
        "expired": stage.issuer.token(good, lifetime=-120),
        "wrong algorithm (HS256)": secret,
        "no algorithm": unsigned,
        "wrong audience": stage.issuer.token({**good, "aud": "https://other.example.com"}),
        "unknown key": stage.issuer.foreign_token(good),
    }
    for name, token in tokens.items():
        stage.console.print(f"   {name}:")
        stage.expect("401", (await stage.call("GET", "/v1/acme/orders/7", token)).status == 401)
    stage.console.print("   none at all:")
    missing = await stage.call("GET", "/v1/acme/orders/7")
    stage.expect(
        "401 with a challenge", missing.status == 401 and "Bearer" in missing.headers.get("WWW-Authenticate", "")
    )
    stage.expect("a health check needs no token", (await stage.call("GET", "/health")).status == 200)


async def rules_deny(stage: Stage) -> None:
    """A missing scope and a foreign tenant: 403."""
    stage.title("4. Good tokens that may not do this")
    await asyncio.sleep(1.1)  # the free caller's rate recovers
    eve, gus = await stage.log_in("eve"), await stage.log_in("gus")
    stage.expect("gus lacks orders:write: 403", (await stage.call("POST", "/v1/acme/orders", gus)).status == 403)
    stage.expect("eve belongs to globex: 403", (await stage.call("GET", "/v1/acme/orders/7", eve)).status == 403)
    stage.expect("no such route: 404", (await stage.call("GET", "/v2/acme/orders", eve)).status == 404)
    stage.expect("no such method there: 405", (await stage.call("DELETE", "/v1/globex/orders/7", eve)).status == 405)
    dotted = await stage.call("GET", "/v1/acme/%2e%2e/globex/orders/7", eve)
    stage.expect("a path that hides another: 400", dotted.status == 400)


async def rules_change(stage: Stage, rules: Path) -> None:
    """Edited rules change the next answer; a broken edit changes nothing."""
    stage.title("5. The rules change while the gateway serves")
    ana = await stage.log_in("ana")
    source = rules.read_text(encoding="utf-8")
    stage.console.print(
        '   edit: deny frozen on orders for POST when claims.tenant == "acme"', markup=False, highlight=False
    )
    rules.write_text(f'{source}\ndeny frozen on orders for POST when claims.tenant == "acme"\n', encoding="utf-8")
    stage.expect("POST is denied soon after", await _becomes(stage, "POST", "/v1/acme/orders", ana, 403))
    stage.expect("GET is not", (await stage.call("GET", "/v1/acme/orders/7", ana)).status == 200)
    stage.console.print("   edit: deny broken on orders when claims.tenat == 1", markup=False)
    rules.write_text(f"{source}\ndeny broken on orders when claims.tenat == 1\n", encoding="utf-8")
    stage.expect("the broken edit is reported", await _reported(stage))
    stage.expect(
        "the old rules still serve: POST is denied", (await stage.call("POST", "/v1/acme/orders", ana)).status == 403
    )
    stage.expect("and GET is let through", (await stage.call("GET", "/v1/acme/orders/7", ana)).status == 200)
    rules.write_text(source, encoding="utf-8")
    stage.expect("undoing both lets POST through again", await _becomes(stage, "POST", "/v1/acme/orders", ana, 200))


async def _becomes(stage: Stage, method: str, path: str, token: str, status: int) -> bool:
    for _ in range(200):
        if (await stage.quiet_call(method, path, token)).status == status:
            await stage.call(method, path, token)
            return True
        await asyncio.sleep(0.1)
    await stage.call(method, path, token)
    return False


async def _reported(stage: Stage) -> bool:
    for _ in range(200):
        async with stage.session.get(f"{stage.admin}/readyz") as reply:
            state = await reply.json()
        if reason := state.get("last_failure"):
            stage.console.print(f"   {stage.admin}/readyz says:")
            for line in str(reason.get("reason", "")).splitlines()[:8]:
                stage.console.print(f"      {line}", markup=False)
            return reply.status == 200 and "tenat" in json.dumps(reason)
        await asyncio.sleep(0.1)
    return False


def _part(value: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@asynccontextmanager
async def serving(runner: web.BaseRunner) -> AsyncIterator[int]:
    """A server on a free loopback port while the block runs."""
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def gateway(stage: Stage, folder: Path) -> AsyncIterator[None]:
    """The gateway as its own process, told where it listens by what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "policylang.cli.main", "serve", str(folder), "--env", "demo", "--watch"),
        *("--settings", str(folder / "settings.toml"), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"),
        *("--decision-log", str(WORK / "decisions.log")),
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    follow: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(START_SECONDS):
            while not (stage.gateway and stage.admin):
                line = (await process.stderr.readline()).decode().rstrip()
                if not line and process.returncode is not None:
                    raise SystemExit("the gateway ended before it was ready")
                stage.console.print(f"   gateway: {line}", markup=False)
                words = line.split()
                if "clients:" in words:
                    stage.gateway = words[-1]
                if "admin:" in words:
                    stage.admin = words[-1]
        follow = asyncio.create_task(_drain(process.stderr))
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if follow is not None:
            await follow


async def _drain(stream: asyncio.StreamReader) -> None:
    """Keep reading what the gateway says, into a file beside its decision log."""
    with (WORK / "gateway.log").open("wb") as out:
        while line := await stream.readline():
            out.write(line)


async def main() -> int:
    """Run the scenes; the number of expectations that failed."""
    shutil.rmtree(WORK, ignore_errors=True)
    folder = WORK / "rules"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        issuer = DevelopmentIssuer("", AUDIENCE, USERS)
        issuer_port = await stack.enter_async_context(serving(web.AppRunner(issuer.app(), access_log=None)))
        issuer.issuer = f"http://127.0.0.1:{issuer_port}"
        echo_port = await stack.enter_async_context(serving(web.ServerRunner(echo_server())))
        settings = f'auth = "{issuer.issuer}"\norders = "http://127.0.0.1:{echo_port}"\n'
        (folder / "env" / "demo.toml").write_text(settings, encoding="utf-8")
        stage = Stage(session, issuer)
        stage.title("0. Three servers on loopback")
        stage.console.print(f"   issuer:  {issuer.issuer}")
        stage.console.print(f"   service: http://127.0.0.1:{echo_port}")
        await stack.enter_async_context(gateway(stage, folder))
        await identity_crosses(stage)
        await limits_hold(stage)
        await bad_tokens_fail(stage)
        await rules_deny(stage)
        await rules_change(stage, folder / "gateway.rules")
        log = (WORK / "decisions.log").read_text(encoding="utf-8").splitlines()
        stage.title("6. The decision log")
        stage.console.print(f"   {log[0]}" if log else "   (empty)", markup=False)
        stage.expect(
            "one line a request, without a token in it", len(log) > 40 and not any("eyJ" in line for line in log)
        )
        stage.title("All as expected." if not stage.failures else f"{len(stage.failures)} expectations failed:")
        for failure in stage.failures:
            stage.console.print(f"   {failure}")
        return len(stage.failures)


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main()) else 0)
