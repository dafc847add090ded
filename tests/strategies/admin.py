"""The admin API in a test's hands: stores in memory, a clock that stands, secrets from a counter; over a real listener."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from gateway.admin.api_http import AdminApi
from gateway.admin.listener_http import admin_app
from gateway.admin.operations import AdminParts, admin_api
from gateway.admin.store import StoreReport
from gateway.authn.epoch import Epoch
from gateway.authn.jwk import jwk_problem
from gateway.keys.revocation_list import RevocationList
from gateway.keys.revocations import RevocationService
from gateway.keys.secrets import master_of
from gateway.keys.service import KeyService
from gateway.message.ports import Outage
from gateway.records.records_memory import MemoryRecords
from gateway.usage.usage_memory import MemoryUsage
from policylang.embed import plan_model
from policylang.plan.model import Credential, Issuer, Keys
from tests.strategies.spine import HEAD, UPSTREAM, plan_of
from tests.strategies.tokens import CLAIMS, NOW, claim

CREDENTIAL = "c0ffee" * 8
BEARER = {"Authorization": f"Bearer {CREDENTIAL}"}
IDENTITY_KEY = b"k" * 40
IDENTITY = "4f1c2d3e5a6b798897a6b5c4d3e2f100"
LATER = "2031-01-31T12:00:00Z"

METADATA = """metadata {
  tier:  one of "free", "gold", "silver" default "free"
  roles: set of slug optional
  seats: int 0..9 optional
  notes: set of text(1..200) optional
}
"""
RULES = f"""{METADATA}
route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}
allow x on a when metadata.tier == "gold"
"""


def keyring_issuer(name: str, keyring: str, *algorithms: str) -> Issuer:
    """An issuer whose keys are a keyring; without algorithms the keys are its credentials."""
    return Issuer(
        name=name,
        iss="https://partners.test" if algorithms else "",
        keys=Keys("keyring", keyring),
        algorithms=algorithms,
        audience=(),
        leeway_micros=0,
        lifetime_micros=None,
        marked=None,
        identity="client",
        credential=Credential("authorization", ""),
        claims=(*CLAIMS[:1], claim("client", ("text", 1, 64), source=("client_id",))),
        at=0,
    )


def admin_plan(rules: str = RULES, head: str = HEAD) -> plan_model.Plan:
    """The rules' plan, and the keyrings ``partners`` (opaque) and ``signers`` (HS256, ES256)."""
    plan = plan_of(rules, head)
    rings = (keyring_issuer("partners", "partners"), keyring_issuer("signing", "signers", "ES256", "HS256"))
    return replace(plan, issuers=(*plan.issuers, *rings))


@dataclass(slots=True)
class StandingState:
    """A store whose state a test sets."""

    told: StoreReport = field(default_factory=lambda: StoreReport("redis", "warm", "closed", 0))
    answer: Outage | None = None
    accepted: int = 0

    def report(self) -> StoreReport:
        return self.told

    async def accept_loss(self) -> Outage | None:
        self.accepted += 1
        return self.answer


@dataclass(slots=True)
class AdminWorld:
    """Everything behind the API. ``now`` is the time of all stores; ``told`` what the operator was told."""

    now: int = NOW
    credential: bytes | None = CREDENTIAL.encode()
    plan: plan_model.Plan = field(default_factory=admin_plan)
    state: StandingState = field(default_factory=StandingState)
    told: list[str] = field(default_factory=list)
    made: int = 0
    most: int = 1_000
    records: Any = None
    usage: Any = None
    url: str = ""

    def __post_init__(self) -> None:
        self.records = self.records or MemoryRecords(self.clock)
        self.usage = self.usage or MemoryUsage(self.clock)

    def clock(self) -> int:
        return self.now

    def random(self, size: int) -> bytes:
        self.made += 1
        return hashlib.shake_128(b"%d" % self.made).digest(size)

    def api(self) -> AdminApi:
        """The API over these stores."""
        issuers = lambda: self.plan.issuers  # noqa: E731
        service = KeyService(self.records, master_of(IDENTITY_KEY), issuers, jwk_problem, self.random)
        return admin_api(
            AdminParts(
                credential=self.credential,
                plan=lambda: self.plan,
                identity_key=IDENTITY_KEY,
                records=self.records,
                keys=service,
                revocations=RevocationService(
                    self.records, RevocationList(self.records, Epoch(), self.clock, most=self.most)
                ),
                usage=self.usage,
                store=self.state,
                clock=self.clock,
                request_ids=lambda: self.random(8).hex(),
                tell=self.told.append,
            )
        )

    def app(self) -> web.Application:
        """The admin listener's application."""
        return admin_app(CollectorRegistry(), lambda: {"keys": []}, lambda: (True, {}), self.api())


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, read whole."""

    status: int
    headers: Any
    body: Any
    text: str

    @property
    def code(self) -> str:
        return str(self.body["code"])

    @property
    def pointers(self) -> list[str]:
        return [error["pointer"] for error in self.body.get("errors", ())]


class Client:
    """Asks a served world, with the credential unless it is told otherwise."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def __call__(self, method: str, path: str, **options: Any) -> Seen:
        headers = {**BEARER, **options.pop("headers", {})}
        if "patch" in options:
            options["json"] = options.pop("patch")
            headers["Content-Type"] = "application/merge-patch+json"
        async with self._session.request(method, self.url + path, headers=headers, **options) as answer:
            text = await answer.text()
            body = await answer.json(content_type=None) if "json" in answer.headers.get("Content-Type", "") else None
            return Seen(answer.status, answer.headers, body, text)


@asynccontextmanager
async def served(world: AdminWorld) -> AsyncIterator[Client]:
    """The world on a port of its own."""
    runner = web.AppRunner(world.app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as session:
            yield Client(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


@contextmanager
def served_aside(world: AdminWorld) -> Iterator[str]:
    """The world's URL, served from another thread: for whoever asks without a loop, or with one of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> web.AppRunner:
        runner = web.AppRunner(world.app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    runner = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
