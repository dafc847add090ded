"""Kill -9 of the gateway under load on SQLite: what had been answered is there after a restart.

``python -m bench.kill [seconds]``. Prints, after a kill and after a clean stop: admin writes that were acknowledged and are
gone, and each user's counter against the requests that reached the service. Ends with 1 where one is below the truth, or
more than a block above it.
"""

import asyncio
import contextlib
import json
import re
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientConnectionError, ClientSession, web

from bench.processes import serving_issuer
from bench.wire import free_port
from gateway.quota.ahead import block
from policylang.embed import plan_model

USERS = 60
WORKERS = 24
COUNT = 100_000
BLOCK = block(plan_model.Quota(COUNT, "month", 0, "UTC"))
START_SECONDS = 60

RULES = f"""language 1
setting auth url
setting service url
issuer corp {{
  iss setting.auth   keys discovered   algorithms ES256   audience "https://api.example.com"   identity by claims.sub
  claims {{ sub: text(1..128) }}
}}
metadata {{ fresh within 30s   blocked: bool default false }}
policy free {{ quota {COUNT} per month }}
select policy on orders {{ use free otherwise }}
route orders {{ match GET on "/orders/**"  trust corp  upstream setting.service }}
allow read on orders when not metadata.blocked
request headers on orders {{ set X-User "{{claims.sub}}" }}
"""
SETTINGS = """
[listen]
address = "127.0.0.1:0"
[admin]
address = "127.0.0.1:{admin}"
credential = {{ file = "admin.credential" }}
[identity]
key_file = "identity.key"
[store]
url = "sqlite:///state.db"
[egress]
private_hosts = ["127.0.0.1"]
"""


@dataclass(slots=True)
class Truth:
    """What is known outside of the gateway."""

    sent: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    written: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bench:
    """Where everything is."""

    folder: Path
    admin: int
    credential: str
    tokens: dict[str, str]
    truth: Truth = field(default_factory=Truth)


async def main(seconds: float) -> int:
    """Print what a kill and a clean stop left; 1 where it is not what was promised."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policylang-kill-")))
        issuer = stack.enter_context(serving_issuer())
        tokens = {f"user-{n}": issuer.token({"sub": f"user-{n}"}, 7200) for n in range(USERS)}
        bench = Bench(folder, free_port(), secrets.token_hex(24), tokens)
        _write_files(bench, issuer.issuer, await stack.enter_async_context(_service(bench.truth)))
        async with ClientSession() as session:
            return await _measure(bench, session, seconds)


async def _measure(bench: Bench, session: ClientSession, seconds: float) -> int:
    async with _gateway(bench) as (process, url):
        print(
            f"load for {seconds} s: {WORKERS} clients, {USERS} users, a quota of {COUNT} each, and admin writes",
            flush=True,
        )
        load = [asyncio.create_task(_spend(bench, session, url, n)) for n in range(WORKERS)]
        load.append(asyncio.create_task(_administer(bench, session)))
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        await asyncio.gather(*load)
    print(f"requests answered {bench.truth.answered.total()}, under way at the kill {_under_way(bench.truth)}")
    began = time.monotonic()
    async with _gateway(bench) as (process, url):
        print(f"kill -9; serving again after {time.monotonic() - began:.1f} s")
        failed = await _compare(bench, session, url, BLOCK)
        process.send_signal(signal.SIGTERM)
        await process.wait()
    async with _gateway(bench) as (_, url):
        print("clean stop; serving again")
        return await _compare(bench, session, url, 0) or failed


async def _compare(bench: Bench, session: ClientSession, url: str, allowed: int) -> int:
    """One more request of each user shows its counter; then what this run of the gateway began with is the truth."""
    truth, above, below, lost = bench.truth, [0], 0, 0
    for user in bench.tokens:
        under_way = truth.sent[user] - truth.reached[user]
        async with session.get(f"{url}/orders/1", headers=_bearer(bench.tokens[user])) as answer:
            found = re.search(r"r=(\d+)", answer.headers.get("RateLimit", ""))
            if answer.status != 200 or found is None:
                raise SystemExit(f"{user}: {answer.status}")
            used = COUNT - int(found[1]) - 1
        reached = truth.reached[user] - 1
        below += used < reached
        above.append(used - reached - under_way)
        truth.reached[user] = truth.sent[user] = used + 1
    for identity in truth.written:
        async with session.get(_identity(bench, identity), headers=_bearer(bench.credential)) as answer:
            lost += answer.status != 200
    print(f"  admin writes acknowledged {len(truth.written)}, gone {lost}")
    print(f"  counters below what reached the service: {below} of {USERS}")
    print(f"  furthest above, without what was under way: {max(above)} (a block is {BLOCK}, allowed here {allowed})")
    return int(lost > 0 or below > 0 or max(above) > allowed)


async def _spend(bench: Bench, session: ClientSession, url: str, first: int) -> None:
    """Requests of one user after the other, until the gateway is gone."""
    users, at = list(bench.tokens), first
    with contextlib.suppress(ClientConnectionError):
        while True:
            at += WORKERS
            user = users[at % USERS]
            bench.truth.sent[user] += 1
            async with session.get(f"{url}/orders/1", headers=_bearer(bench.tokens[user])) as answer:
                await answer.read()
                bench.truth.answered[user] += answer.status == 200


async def _administer(bench: Bench, session: ClientSession) -> None:
    """Write one identity after the other, until the gateway is gone."""
    with contextlib.suppress(ClientConnectionError):
        while True:
            identity = secrets.token_hex(16)
            body = json.dumps({"metadata": {"blocked": True}})
            headers = {**_bearer(bench.credential), "Content-Type": "application/json"}
            async with session.put(_identity(bench, identity), data=body, headers=headers) as answer:
                if answer.status != 201:
                    raise SystemExit(f"admin: {answer.status} {await answer.text()}")
                bench.truth.written.append(identity)


def _under_way(truth: Truth) -> int:
    return truth.sent.total() - truth.answered.total()


def _identity(bench: Bench, identity: str) -> str:
    return f"http://127.0.0.1:{bench.admin}/v1/identities/{identity}"


def _bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


def _write_files(bench: Bench, issuer: str, service: int) -> None:
    environment = bench.folder / "rules" / "env"
    environment.mkdir(parents=True)
    (environment / "bench.toml").write_text(f'auth = "{issuer}"\nservice = "http://127.0.0.1:{service}"\n', "utf-8")
    (bench.folder / "rules" / "main.rules").write_text(RULES, "utf-8")
    (bench.folder / "settings.toml").write_text(SETTINGS.format(admin=bench.admin), "utf-8")
    for name, content in (("admin.credential", bench.credential), ("identity.key", secrets.token_hex(32))):
        (bench.folder / name).write_text(content, "utf-8")
        (bench.folder / name).chmod(0o600)


@contextlib.asynccontextmanager
async def _service(truth: Truth) -> AsyncIterator[int]:
    """A service that counts who reached it."""

    async def serve(request: web.BaseRequest) -> web.Response:
        truth.reached[request.headers["X-User"]] += 1
        return web.Response(text="{}")

    runner = web.ServerRunner(web.Server(serve))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def _gateway(bench: Bench) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """``policylang serve``, and where clients connect."""
    command = ["-m", "policylang.cli.main", "serve", str(bench.folder / "rules"), "--env", "bench"]
    options = ["--settings", str(bench.folder / "settings.toml"), "--decision-log", str(bench.folder / "decisions.log")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, *options, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    said: list[str] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            url = ""
            while process.stderr is not None and not url:
                line = (await process.stderr.readline()).decode()
                if not line:
                    raise SystemExit("the gateway did not start:\n" + "".join(said))
                said.append(line)
                found = re.search(r"clients: \S*?(127\.0\.0\.1:\d+)", line)
                url = "" if found is None else f"http://{found[1]}"
        yield process, url
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)))
