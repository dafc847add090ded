"""The lane over sockets: a gateway for each rule set, with real listeners, tokens, headers and a service behind it.

Four adapters are the suite's own, because a case says what they hold: the clock, the counters (fresh for each case), access
keys and the store of metadata (which can be down). Everything between the sockets is the gateway as it is served.
"""

import json
import socket
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web

import gateway.app
import gateway.shared_facts
import gateway.stores
from gateway.app import running
from gateway.dev.echo_http import echo_server
from gateway.message.ports import OUTAGE, Outage
from gateway.policy.metadata_memory import MemoryMetadata, MetadataView
from gateway.policy.reload import Source
from gateway.quota.limits_memory import MemoryLimits
from gateway.settings import Address, Settings
from policylang.embed import Charge, Fields, Standing, fold, plan_model
from policylang.plan.codec import encode
from policylang.runtime.ask import Ask
from policylang.simulate.record import charge_record
from tests.conformance.built import Built
from tests.conformance.document import Case, Expect, Step
from tests.conformance.observed import Observation
from tests.conformance.wire_client import Client, Reply, wire_bytes
from tests.conformance.wire_keys import StagedKeys, signing, verifying

REGISTERED = frozenset({"iss", "sub", "aud", "iat", "exp"})


@dataclass
class Stage:
    """What the suite's own adapters hold for the case that is being asked."""

    now: int = 0
    ask: Ask | None = None
    metadata: Mapping[str, Any] | None = None
    counters: MemoryLimits = field(default_factory=MemoryLimits)
    charged: list[Charge] = field(default_factory=list)

    def clock(self) -> int:
        """The instant of the request."""
        return self.now


class StagedLimits(MemoryLimits):
    """The counters of the case."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing]:
        """See the port; remembers what was charged, or what refused."""
        standings = self._stage.counters.step(charges, now, holder)
        refusing = [charge for charge, standing in zip(charges, standings, strict=True) if not standing.admitted]
        self._stage.charged = refusing or list(charges)
        return standings

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        """See the port."""
        self._stage.counters.release(charges, holder)


class StagedMetadata(MemoryMetadata):
    """One entry, the case's, for whoever asks; each content has a version of its own."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._versions: dict[str, int] = {}

    def entry(self, identity: bytes) -> tuple[int, Mapping[str, Any]] | None:
        """See MemoryMetadata."""
        content = self._stage.metadata or {}
        version = self._versions.setdefault(json.dumps(content, sort_keys=True), len(self._versions) + 1)
        return version, content

    def view(self, specs: tuple[plan_model.Claim, ...], fresh_micros: int = 0) -> MetadataView:
        """See MemoryMetadata."""
        return StagedView(self, specs, self._stage)


class StagedView(MetadataView):
    """Decodes as the gateway does, unless the store is down."""

    def __init__(self, memory: MemoryMetadata, specs: tuple[plan_model.Claim, ...], stage: Stage) -> None:
        super().__init__(memory, specs)
        self._stage = stage

    def fields(self, identity: bytes, now: int, key: tuple[str, str] | None = None) -> tuple[int, Fields] | Outage:
        """See the port."""
        return OUTAGE if self._stage.metadata is None else super().fields(identity, now, key)


@dataclass
class Asked:
    """A step's answer, and what it charged."""

    step: Step
    reply: Reply
    charged: list[Charge]


async def wire_lane(
    built: Built, cases: Iterable[Case], folder: Path, service: socket.socket
) -> list[list[Observation]]:
    """What the gateway says of every step of every case; ``service`` is where its plan sends requests."""
    log = folder / "decisions.log"
    async with staged(built, folder, log, service) as (stage, client, keys):
        algorithms = signing(built.plan.issuers)
        asked = [await _play(stage, client, case, algorithms) for case in cases]
    told = {line["request_id"]: line for line in map(json.loads, log.read_text(encoding="utf-8").splitlines())}
    reading = Reading(built, told, keys)
    return [[reading.observe(one) for one in steps] for steps in asked]


async def _play(stage: Stage, client: Client, case: Case, algorithms: Mapping[str, str]) -> list[Asked]:
    stage.counters = MemoryLimits()
    found = []
    for step in case.steps:
        stage.now, stage.ask, stage.metadata, stage.charged = step.ask.now, step.ask, step.ask.metadata, []
        reply = await client.ask(wire_bytes(step, algorithms))
        found.append(Asked(step, reply, stage.charged))
    return found


@asynccontextmanager
async def staged(
    built: Built, folder: Path, log: Path, service: socket.socket
) -> AsyncIterator[tuple[Stage, Client, jwt.PyJWKSet]]:
    """A gateway on the built plan, whose adapters are the stage's, and a client that asks it."""
    stage = Stage(now=1_769_947_200_000_000)
    async with AsyncExitStack() as stack:
        await _serve(stack, service)
        plan = folder / "plan.json"
        plan.write_bytes(encode(built.plan))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(gateway.app, "wall_clock", stage.clock)
        patch.setattr(gateway.stores, "MemoryLimits", lambda: StagedLimits(stage))
        keys_of = StagedKeys(stage, verifying(built.plan.issuers))
        patch.setattr(gateway.shared_facts, "StoredAccessKeys", lambda *_: keys_of)
        patch.setattr(gateway.app, "RecordMetadata", lambda *_: StagedMetadata(stage))
        settings = replace(
            Settings(),
            listen=Address("127.0.0.1", 0),
            admin=Address("127.0.0.1", 0),
            private_hosts=frozenset({"127.0.0.1"}),
            trusted_proxies=("127.0.0.0/8",),
            identity_key=b"\0" * 32,
            secrets=dict(built.suite.secrets),
            token_issuer="https://gateway.test",
            decision_log=str(log),
            drain_seconds=1.0,
        )
        serving = await stack.enter_async_context(running(settings, Source(plan, None, None), lambda _: None))
        admin = Client(serving.admin.host, serving.admin.port)
        keys = await admin.ask(b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: admin.test\r\n\r\n")
        await admin.close()
        client = Client(serving.clients.host, serving.clients.port)
        stack.push_async_callback(client.close)
        yield stage, client, jwt.PyJWKSet.from_dict(json.loads(keys.body))


async def _serve(stack: AsyncExitStack, service: socket.socket) -> None:
    runner = web.ServerRunner(echo_server())
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, service).start()


@dataclass
class Reading:
    """Answers as observations: the answer's own, the decision log's, and what the service saw."""

    built: Built
    told: Mapping[str, Mapping[str, Any]]
    keys: Any

    def observe(self, asked: Asked) -> Observation:
        """What one answer says."""
        reply, expect = asked.reply, asked.step.expect
        seen = json.loads(reply.body)
        line = self.told[reply.values("X-Request-Id")[0]]
        allowed = line["decision"] == "allow"
        found: dict[str, Any] = {
            "status": reply.status,
            "decision": line["decision"],
            "rule": line.get("rule"),
            "route": line.get("route"),
            "issuer": line.get("issuer"),
            "policies": line.get("policies", []),
            "shadows": line.get("shadows", {}),
            "methods": [item for value in reply.values("Allow") for item in value.split(", ")],
            "acr": _acr(reply),
            "charges": [[found.limit, *found.amount] for found in map(charge_record, asked.charged)],
            "request_headers": {},
            "response_headers": self._set(reply.lines, "response") if allowed else {},
            "tokens": {},
            "retry_after": int(reply.values("Retry-After")[0]) if reply.values("Retry-After") else None,
            "answered_without": [name for name in expect.get("answered_without", ()) if not reply.values(name)],
        }
        if not allowed:
            assert seen["code"] == line["decision"]
            return found
        return found | self._upstream(seen, expect)

    def _upstream(self, seen: Mapping[str, Any], expect: Expect) -> dict[str, Any]:
        """What arrived at the service."""
        lines = [(name, value) for name, value in seen["headers"]]
        names = {fold(name.encode()) for name, _ in lines}
        return {
            "request_headers": self._set(lines, "request"),
            "tokens": self._tokens(lines),
            "upstream_path": seen["path"],
            "arrives": {name: value for name, value in lines if name in expect.get("arrives", {})},
            "never": [name for name in expect.get("never", ()) if fold(name.encode()) not in names],
        }

    def _set(self, lines: Iterable[tuple[str, str]], direction: str) -> dict[str, str]:
        """The lines whose names some rule sets."""
        own = {fold(one.name.encode()): one.name for one in self.built.module.set_headers if one.direction == direction}
        found: dict[str, str] = {}
        for name, value in lines:
            if (folded := fold(name.encode())) in own:
                assert name not in found, f"{name} twice"
                found[own[folded] if name.lower() == own[folded].lower() else name] = value
        return found

    def _tokens(self, lines: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The identity tokens that arrived, verified by the keys that the gateway publishes."""
        found = {}
        for spec in self.built.module.identity_tokens:
            values = [value for name, value in lines if name.lower() == spec.header.lower()]
            for value in values:
                token = value.removeprefix("Bearer ") if spec.bearer else value
                said = self._verified(token, spec.audience)
                if said is not None:
                    rest = {name: value for name, value in said.items() if name not in REGISTERED}
                    found[spec.name] = {"header": spec.header, "subject": said["sub"], "claims": rest}
        return found

    def _verified(self, token: str, audience: str) -> dict[str, Any] | None:
        """What a token says; None where it is for another audience: two of one header are on two routes."""
        key = self.keys[jwt.get_unverified_header(token)["kid"]]
        options: Any = {"verify_exp": False, "verify_iat": False}
        try:
            said: dict[str, Any] = jwt.decode(
                token, key, algorithms=["ES256"], audience=audience, issuer="https://gateway.test", options=options
            )
        except jwt.InvalidAudienceError:
            return None
        return said


def _acr(reply: Reply) -> list[str]:
    """The acr values of a challenge (RFC 9470 section 3)."""
    for value in reply.values("WWW-Authenticate"):
        _, _, rest = value.partition('acr_values="')
        if rest:
            return rest.rstrip('"').split(" ")
    return []
