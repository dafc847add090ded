"""How long an old state is still used after an act at the admin API: ``python -m bench.last_use [rounds]``.

Two gateway processes share one Valkey server. Each has a constant load of about 200 requests a second, from three lanes with
connections of their own: one presents an access key, one a token whose identity is revoked, one a token whose metadata
change. Each round has credentials of its own that both gateways know well when gateway A's admin API is asked to

- delete the key: 200 before, 401 after;
- revoke the identity: 200 before, 401 after;
- change the metadata (``blocked``): 200 before, 403 after.

A figure is the time from the API's answer to the last answer of 200 that came at that gateway; 0 where none came. So a request
that was under way counts as one that used the old state. Prints the longest of the rounds. 503 is no use of either state.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector

from bench.processes import child, serving_issuer, start_gateway
from bench.wire import free_port, wait_for
from gateway.dev.issuer_http import DevelopmentIssuer
from tests.servers.valkey import standalone

SERVERS = [sys.executable, "-m", "bench.wire_servers"]
ROUNDS = 20
GATEWAYS = ("A", "B")
PAUSE_SECONDS = 3 / 200
"""Between two requests of a lane: three lanes make 200 a second."""
WARM_REQUESTS = 10
QUIET_SECONDS = 1.2
LONGEST_SECONDS = 10.0
LIMIT_MS = 1000.0
CREDENTIAL = "0123456789abcdef0123456789abcdef"
RULES = """language 1
setting auth url
setting service url
keyring partners { identity by claims.account  claims { account: text(1..64) } }
issuer corp {
  iss setting.auth   keys discovered   algorithms ES256   audience "https://api.example.com"   identity by claims.sub
  claims { sub: text(1..128) }
}
metadata { fresh within 30s  blocked: bool default false }
route orders { match GET on "/v1/orders/**"  trust corp, partners  upstream setting.service }
allow read on orders always
deny blocked on orders when metadata.blocked
"""
SETTINGS = """
[egress]
private_hosts = ["127.0.0.1"]
[identity]
key_file = "identity.key"
[admin]
credential = { file = "admin.credential" }
[store]
url = "redis://ADDRESS"
"""
ACTS = ("a key deleted", "an identity revoked", "metadata changed")


@dataclass(slots=True)
class Lane:
    """Requests of one credential at one gateway. ``uses`` are the instants at which an answer was 200."""

    port: int
    refusal: int
    credential: str
    uses: list[float] = field(default_factory=list)
    refused: int = 0
    unsettled: int = 0
    wrong: list[int] = field(default_factory=list)

    def note(self, status: int) -> None:
        """An answer came."""
        if status == 200:
            self.uses.append(time.monotonic())
        elif status == self.refusal:
            self.refused += 1
        elif status == 503:
            self.unsettled += 1
        else:
            self.wrong.append(status)

    def last_use(self, answered: float) -> float:
        """Milliseconds from the instant to the last use after it."""
        return max((use - answered for use in self.uses if use > answered), default=0.0) * 1000


@dataclass(frozen=True, slots=True)
class Admin:
    """The admin API of gateway A."""

    session: ClientSession
    url: str

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[dict[str, Any], float]:
        """The answer, and the instant at which it was there. Ends the measurement where the API refuses."""
        headers = {"Authorization": f"Bearer {CREDENTIAL}"}
        async with self.session.request(method, f"{self.url}{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            answered = time.monotonic()
            if answer.status >= 300:
                raise SystemExit(f"{method} {path}: {answer.status} {text}")
            return (await answer.json() if text else {}), answered

    async def identity(self, sub: str) -> str:
        """The virtual identity of a subject."""
        found, _ = await self.ask("POST", "/v1/identities/lookup", {"issuer": "corp", "value": sub})
        identity: str = found["identity"]
        return identity


def main(rounds: int) -> int:
    """Print the table; 1 if an old state was used for longer than a second, or an answer was none of the rules'."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policylang-bench-")))
        issuer = stack.enter_context(serving_issuer())
        store = stack.enter_context(standalone())
        service = free_port()
        stack.enter_context(child([*SERVERS, "upstream", str(service), "0"], core=1))
        wait_for(service)
        values = {"auth": issuer.issuer, "service": f"http://127.0.0.1:{service}"}
        admins, ports = [free_port() for _ in GATEWAYS], []
        for name, admin in zip(GATEWAYS, admins, strict=True):
            place = folder / name
            place.mkdir()
            (place / "identity.key").write_bytes(b"k" * 64)
            (place / "admin.credential").write_text(CREDENTIAL, "ascii")
            ports.append(
                start_gateway(stack, place, RULES, values, SETTINGS.replace("ADDRESS", store.address), admin)[1]
            )
        return asyncio.run(_measured(issuer, f"http://127.0.0.1:{admins[0]}", ports, rounds))


async def _measured(issuer: DevelopmentIssuer, url: str, ports: list[int], rounds: int) -> int:
    longest = {(act, name): 0.0 for act in ACTS for name in GATEWAYS}
    requests = unsettled = 0
    wrong: list[int] = []
    began = time.monotonic()
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        for number in range(rounds):
            for (act, name), lane, figure in await _round(session, Admin(session, url), issuer, ports, number):
                longest[act, name] = max(longest[act, name], figure)
                requests += len(lane.uses) + lane.refused + lane.unsettled + len(lane.wrong)
                unsettled += lane.unsettled
                wrong += lane.wrong
    rate = requests / (time.monotonic() - began) / len(ports)
    print(
        f"{rounds} rounds, {requests} requests, {rate:.0f} a second at each gateway; 503: {unsettled}, other: {len(wrong)}"
    )
    print(f"{'last use of the old state, ms':32}" + "".join(f"{'gateway ' + name:>12}" for name in GATEWAYS))
    for act in ACTS:
        print(f"{act:32}" + "".join(f"{longest[act, name]:12.0f}" for name in GATEWAYS))
    return int(bool(wrong) or max(longest.values()) > LIMIT_MS)


Figures = list[tuple[tuple[str, str], Lane, float]]


async def _round(
    session: ClientSession, admin: Admin, issuer: DevelopmentIssuer, ports: list[int], number: int
) -> Figures:
    """Everything once, with credentials of this round's own: the figure of each act at each gateway."""
    made, _ = await admin.ask(
        "POST", "/v1/keyrings/partners/keys", {"proof": {"kind": "opaque"}, "claims": {"account": f"a{number}"}}
    )
    revoked, blocked = f"revoked{number}", f"blocked{number}"
    who, whose = await admin.identity(revoked), await admin.identity(blocked)
    await admin.ask("PUT", f"/v1/identities/{whose}", {"metadata": {"blocked": False}})
    credentials = (
        (401, made["credential"]),
        (401, issuer.token({"sub": revoked})),
        (403, issuer.token({"sub": blocked})),
    )
    lanes = {
        (act, name): Lane(port, *credential)
        for act, credential in zip(ACTS, credentials, strict=True)
        for name, port in zip(GATEWAYS, ports, strict=True)
    }
    stop = asyncio.Event()
    running = [asyncio.create_task(_load(session, lane, stop)) for lane in lanes.values()]
    try:
        await _until(lambda: all(len(lane.uses) >= WARM_REQUESTS for lane in lanes.values()), "load with 200")
        answered = {
            ACTS[0]: (await admin.ask("DELETE", f"/v1/keyrings/partners/keys/{made['kid']}"))[1],
            ACTS[1]: (await admin.ask("POST", "/v1/revocations", {"identity": who}))[1],
            ACTS[2]: (await admin.ask("PUT", f"/v1/identities/{whose}", {"metadata": {"blocked": True}}))[1],
        }
        await asyncio.sleep(QUIET_SECONDS)
        await _until(lambda: all(lane.refused for lane in lanes.values()), "refusals")
    finally:
        stop.set()
        await asyncio.gather(*running)
    return [(key, lane, lane.last_use(answered[key[0]])) for key, lane in lanes.items()]


async def _load(session: ClientSession, lane: Lane, stop: asyncio.Event) -> None:
    """One request after the other at a steady rate, until it is to stop."""
    headers = {"Authorization": f"Bearer {lane.credential}"}
    due = time.monotonic()
    while not stop.is_set():
        async with session.get(f"http://127.0.0.1:{lane.port}/v1/orders/1", headers=headers) as answer:
            await answer.read()
            lane.note(answer.status)
        due = max(due + PAUSE_SECONDS, time.monotonic() - PAUSE_SECONDS)
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _until(holds: Callable[[], bool], what: str) -> None:
    """Raises SystemExit where it does not come true in time."""
    for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
        if holds():
            return
        await asyncio.sleep(PAUSE_SECONDS)
    raise SystemExit(f"no {what} within {LONGEST_SECONDS:.0f} s")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
