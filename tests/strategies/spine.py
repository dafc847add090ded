"""The spine with everything around it in a test's hands: rules from text, callers, stores that answer late or not at all."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

from gateway.message.forward import Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, MetadataStore, Outage
from gateway.message.principal import Principal
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.policy.loaded import FOREVER, Loaded, loaded
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.quota.limits_memory import MemoryLimits
from gateway.rewrite.identity_token import Minter
from gateway.rewrite.keys import development_ring
from gateway.server.compose import Composer
from gateway.server.handle import Parts, handle
from policylang.compiler import compile_tree
from policylang.embed import Charge, CompiledPlan, Fields, Network, Standing, plan_model
from policylang.source.tree import tree_of
from tests.strategies.tokens import NOW

HEAD = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  identity by claims.sub
  claims { sub: text(1..64)  tenant: slug default "acme"  auth_time: time optional }
}
"""
UPSTREAM = 'upstream "http://svc.test:9000"'
IDENTITY = b"\x07" * 16

HOST = (b"Host", b"api.test")


@cache
def plan_of(rules: str, head: str = HEAD) -> plan_model.Plan:
    """The plan of ``head`` and ``rules``, which must compile."""
    result = compile_tree(tree_of({"a.rules": head + rules}), None)
    assert result.plan is not None, result.diagnostics
    return result.plan


def load(rules: str, metadata: MetadataStore | None = None, head: str = HEAD, generation: int = 1) -> Loaded:
    """Rules ready to serve; without ``metadata`` every identity has the defaults."""
    plan = plan_of(rules, head)
    fields = () if plan.metadata is None else plan.metadata.fields
    return loaded(CompiledPlan(plan, {}), metadata or MemoryMetadata().view(fields), generation)


def caller(plan: Loaded, expires: int = FOREVER, **claims: Any) -> Principal:
    """A principal of issuer ``corp``: user u1 of tenant acme."""
    said = {"sub": "u1", "tenant": "acme", **claims}
    spec = plan.compiled.plan.issuers[0]
    return Principal(0, tuple(said.get(claim.name) for claim in spec.claims), IDENTITY, expires, plan.names.digest)


class Gate:
    """An authenticator that gives one answer, and counts who asks."""

    def __init__(self, answer: Principal | Refusal) -> None:
        self.answer = answer
        self.asked = 0

    def authenticate(self, *_: object) -> Principal | Refusal:
        self.asked += 1
        return self.answer


class LateGate(Gate):
    """The same, two turns of the loop later."""

    def authenticate(self, *_: object) -> Any:
        return late(super().authenticate())


class Facts:
    """A metadata store whose one answer a test changes."""

    def __init__(self, answer: tuple[int, Fields] | Outage = OUTAGE) -> None:
        self.answer = answer
        self.asked = 0

    def fields(self, identity: bytes, now: int, key: tuple[str, str] | None = None) -> Any:
        self.asked += 1
        return self.answer


class LateFacts(Facts):
    """The same, two turns of the loop later."""

    def fields(self, identity: bytes, now: int, key: tuple[str, str] | None = None) -> Any:
        return late(super().fields(identity, now, key))


class LateLimits:
    """Counters that answer two turns of the loop later."""

    def __init__(self) -> None:
        self.inner = MemoryLimits()

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Parked[list[Standing] | Outage]:
        return late(self.inner.step(charges, now, holder))

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.inner.release(charges, holder)


class Spy:
    """Counters that remember what was charged."""

    def __init__(self, answer: Outage | None = None) -> None:
        self.inner = MemoryLimits()
        self.charged: list[str] = []
        self._answer = answer

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> list[Standing] | Outage:
        self.charged += [charge.name for charge in charges]
        return self._answer or self.inner.step(charges, now, holder)

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.inner.release(charges, holder)


def late(answer: Any) -> Parked[Any]:
    """Parked twice before the answer is there."""
    return Parked(_turn(), lambda: Parked(_turn(), lambda: answer))


def _turn() -> "asyncio.Future[None]":
    """Done on the next turn of the loop. A future, as adapters give: whoever need not wait may leave it alone."""
    loop = asyncio.get_running_loop()
    turn: asyncio.Future[None] = loop.create_future()
    loop.call_soon(turn.set_result, None)
    return turn


def parts(plan: Loaded, gate: Any, limits: Any = None, proxies: tuple[Network, ...] = ()) -> Parts:
    """What the steps work with."""
    composer = Composer(Minter(development_ring(), "https://gateway.test"), b"https")
    return Parts(lambda: plan, gate, limits or MemoryLimits(), composer, proxies)


def inbound(
    method: str, target: str, *headers: tuple[bytes, bytes], peer: str = "203.0.113.9", host: bool = True
) -> Inbound:
    """A request as the listener hands it over."""
    return Inbound(method, target.encode(), ((HOST,) if host else ()) + headers, peer, False, False, False, "00aa")


def record(now: int = NOW) -> Record:
    """The record of a request that begins now."""
    return Record("00aa", now, "GET")


def ask(
    made: Parts, method: str, target: str, *headers: tuple[bytes, bytes], now: int = NOW
) -> tuple[Forward | Refusal, Record]:
    """The answer of a spine that must not wait, and its record."""
    kept = record(now)
    answer = handle(made, inbound(method, target, *headers), kept)
    assert not isinstance(answer, Parked)
    return answer, kept


async def ask_late(made: Parts, method: str, target: str, *headers: tuple[bytes, bytes]) -> tuple[Any, Record]:
    """The answer of a spine that must wait."""
    kept = record()
    answer = handle(made, inbound(method, target, *headers), kept)
    assert isinstance(answer, Parked)
    return await settle(answer), kept


def kind(answer: Forward | Refusal) -> str:
    """``allow``, or why not."""
    return answer.kind if isinstance(answer, Refusal) else "allow"


def lines(answer: Any) -> list[tuple[bytes, bytes]]:
    """Header lines of a forwarded request, names in lower case."""
    assert isinstance(answer, Forward), answer
    pairs = (line.partition(b": ") for line in answer.head.split(b"\r\n")[1:-1])
    return [(name.lower(), value) for name, _, value in pairs]


def values(answer: Any, name: bytes) -> list[bytes]:
    """What a forwarded request says under a name."""
    return [value for known, value in lines(answer) if known == name]


def fields_of(plan: Loaded, **facts: Any) -> Fields:
    """Metadata as the plan declares it, all other fields absent."""
    declared = plan.compiled.plan.metadata
    assert declared is not None
    return tuple(facts.get(spec.name) for spec in declared.fields)
