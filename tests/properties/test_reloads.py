"""Whatever reloads and requests do between each other's steps, a request is served wholly by the plan it began with.

Requests wait at every port, and a state machine lets one step of one request go on, or gives the loop of a reload a few
turns, or writes other files, good or bad. Each version of the rules says its number in everything that it can say.
Nothing here waits for a thread or a socket: files are read in the turn in which that is asked for.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway.message.forward import Forward
from gateway.message.parked import Parked
from gateway.message.principal import Principal
from gateway.message.record import Record
from gateway.policy.loaded import FOREVER, Loaded
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore
from gateway.policy.reload import Reloader, Source
from gateway.quota.limits_memory import MemoryLimits
from gateway.rewrite.identity_token import Minter
from gateway.rewrite.keys import development_ring
from gateway.server.compose import Composer
from gateway.server.handle import Answer, Parts, handle
from policylang.embed import Charge, plan_model
from policylang.plan.codec import encode
from tests.strategies.profile import machine
from tests.strategies.spine import IDENTITY, inbound, plan_of
from tests.strategies.tokens import NOW

VERSIONS = range(4)
RING = development_ring()


def head(version: int) -> str:
    """Odd versions declare one claim more, so that no plan can read another's principals."""
    more = 'aside: text(1..9) default "x"' if version % 2 else ""
    return f"""language 1
issuer corp {{
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  identity by claims.sub
  claims {{ {more} mark: text(1..9) default "v{version}"  sub: text(1..64) }}
}}
"""


def rules(version: int) -> str:
    return f"""
metadata {{ fresh within 30s  mark: text(1..9) default "v{version}" }}
policy p{version} {{ rate 1_000 per 1s burst {1_000 + version} }}
route r{version} {{ match GET on "/orders"  trust corp  upstream "http://v{version}.test:9000" }}
select policy on r{version} {{ use p{version} otherwise }}
allow a{version} on r{version} when claims.mark == "v{version}" and metadata.mark == "v{version}"
deny other{version} on r{version} when claims.mark != "v{version}"
limit l_v{version} on r{version} by claims.mark {{ rate 1_000 per 1s burst 1_000 on outage deny }}
request headers on r{version} {{
  set X-Plan "v{version}"  set X-Claim "{{claims.mark}}"  set X-Fact "{{metadata.mark}}"  set X-Own{version} "own"
}}
response headers on r{version} {{ set X-Answer "v{version}" }}
identity token t{version} on r{version} {{
  audience "svc"  subject claims.sub  lifetime 60s  header X-Id-v{version}  claims {{ mark: claims.mark }}
}}
"""


BUNDLES = [encode(plan_of(rules(version), head(version))) for version in VERSIONS]
BAD_BUNDLES = (
    b"",
    b"{}",
    b"[" * 9_999,
    BUNDLES[0][:-20],
    BUNDLES[1].replace(b"v1.test", b"v9.test"),
    BUNDLES[2].replace(b'"ES256"', b'"none"'),
)
GOOD_FACTS, BAD_FACTS = "{}", ("{", '{"nobody": {}}', '{"corp": {"u1": {"mark": 3}}}')


class Inline(ThreadPoolExecutor):
    """Does what it is given at once: what the loop hands to a thread is done within the turn."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **more))
        except Exception as error:
            done.set_exception(error)
        return done


class Ticking:
    """A clock that moves at every look, so that a load is cut into slices."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        self.now += 1_500
        return self.now


def waiting(answer: Callable[[], Any]) -> Parked[Any]:
    """Parked until the test goes on with it; only then is the answer made."""
    return Parked(asyncio.Future(loop=LOOP), answer)


LOOP = asyncio.new_event_loop()
"""Never run: what is parked here is gone on with by hand."""


class Gate:
    """Authenticates late, and as a real one does: for the plan that it was asked about."""

    def authenticate(
        self, _: object, trust: tuple[int, ...], __: bool, digest: str, issuers: tuple[plan_model.Issuer, ...], now: int
    ) -> Any:
        def principal() -> Principal:
            said = {"sub": "u1"}
            claims = tuple(said.get(c.name) or (c.default or ("",))[0] for c in issuers[trust[0]].claims)
            return Principal(trust[0], claims, IDENTITY, FOREVER, digest)

        return waiting(principal)


class LateFacts:
    """A view of the facts that answers late."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def fields(self, identity: bytes, now: int, key: tuple[str, str] | None = None) -> Any:
        return waiting(lambda: self.inner.fields(identity, now, key))


class LateLimits:
    """Counters that answer late."""

    def __init__(self) -> None:
        self.inner = MemoryLimits()

    def step(self, charges: Sequence[Charge], now: int, holder: bytes) -> Any:
        return waiting(lambda: self.inner.step(charges, now, holder))

    def release(self, charges: Sequence[Charge], holder: bytes) -> None:
        self.inner.release(charges, holder)


class Reloads(RuleBasedStateMachine):
    """``begun`` are requests on their way, each with the version that was in force when it began."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.loop.set_default_executor(Inline())
        self.folder = TemporaryDirectory()
        self.plan, self.facts = Path(self.folder.name) / "plan.json", Path(self.folder.name) / "facts.json"
        self.facts.write_text(GOOD_FACTS, encoding="utf-8")
        memory = MemoryMetadata()
        self.plans = PlanStore({}, Ticking(), lambda declared, _: LateFacts(memory.view(declared)))
        self.refused_issuers = False
        source = Source(self.plan, None, self.facts)
        self.reloader = Reloader(source, self.plans, memory, b"k" * 32, self.configure, lambda _: None)
        composer = Composer(Minter(RING, "https://gateway.test"), b"https")
        self.parts = Parts(lambda: self.plans.current, Gate(), LateLimits(), composer, ())
        self.begun: list[tuple[int, Record, Parked[Answer]]] = []
        self.loads: list[asyncio.Task[bool]] = []
        self.written: int | None = 0
        self.ever = {0}
        self.plan.write_bytes(BUNDLES[0])
        assert self.run(self.reloader.reload())

    def teardown(self) -> None:
        self.finish()
        self.run(asyncio.gather(*self.loads))
        self.runner.close()
        self.folder.cleanup()

    def run(self, awaited: Any) -> Any:
        async def wait() -> Any:
            return await awaited

        return self.runner.run(wait())

    def configure(self, _: Loaded) -> None:
        if self.refused_issuers:
            raise RuntimeError("issuers that cannot be configured")

    @rule(version=st.sampled_from(VERSIONS))
    def write(self, version: int) -> None:
        self.plan.write_bytes(BUNDLES[version])
        self.facts.write_text(GOOD_FACTS, encoding="utf-8")
        self.refused_issuers = False
        self.written = version
        self.ever.add(version)

    @rule(how=st.sampled_from((*BAD_BUNDLES, *BAD_FACTS, None, "issuers")))
    def spoil(self, how: bytes | str | None) -> None:
        """A bad bundle, bad facts, no bundle at all, or issuers that cannot be configured."""
        self.written = None
        match how:
            case None:
                self.plan.unlink(missing_ok=True)
            case "issuers":
                self.refused_issuers = True
            case bytes():
                self.plan.write_bytes(how)
            case str():
                self.facts.write_text(how, encoding="utf-8")

    @rule(version=st.sampled_from(VERSIONS), how=st.sampled_from(("issuers", "", *BAD_BUNDLES, *BAD_FACTS, None)))
    def deploy(self, version: int, how: bytes | str | None) -> None:
        """A version, once spoilt and then as it is; not spoilt where ``how`` is an empty text."""
        self.write(version)
        if how != "":
            self.spoil(how)
            self.reload_and_wait()
            self.write(version)
        self.reload_and_wait()

    @rule(turns=st.integers(0, 12))
    def reload(self, turns: int) -> None:
        self.loads.append(self.loop.create_task(self.reloader.reload()))
        self.turn(turns)

    @precondition(lambda self: any(not load.done() for load in self.loads))
    @rule(turns=st.integers(1, 40))
    def turn(self, turns: int) -> None:
        async def turn() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        self.run(turn())

    @rule()
    def reload_and_wait(self) -> None:
        """With files that stand still, what is in force is what is written, or what was in force before."""
        self.run(asyncio.gather(*self.loads))
        before = self.plans.current
        taken = self.run(self.reloader.reload())
        assert taken is (self.written is not None)
        assert (self.plans.failure is None) is taken
        if self.written is None:
            assert self.plans.current is before
        else:
            assert self.version_of(self.plans.current) == self.written

    @invariant()
    def only_good_plans_come_in_force(self) -> None:
        assert self.version_of(self.plans.current) in self.ever

    def version_of(self, plan: Loaded) -> int:
        return int(plan.names.routes[0].removeprefix("r"))

    @rule(forged=st.sampled_from(VERSIONS))
    def begin(self, forged: int) -> None:
        """Three requests, one before each port. They bring a header that only one version sets."""
        version = self.version_of(self.plans.current)
        for steps in range(3):
            kept = Record("00aa", NOW, "GET")
            step = handle(self.parts, inbound("GET", "/orders", (f"X-Own{forged}".encode(), b"forged")), kept)
            for _ in range(steps):
                assert isinstance(step, Parked)
                step = step.resume()
            assert isinstance(step, Parked)
            self.begun.append((version, kept, step))

    @precondition(lambda self: self.begun)
    @rule(number=st.integers(0, 99))
    def go_on(self, number: int) -> None:
        version, kept, step = self.begun.pop(number % len(self.begun))
        following = step.resume()
        if isinstance(following, Parked):
            self.begun.append((version, kept, following))
        else:
            self.served(version, kept, following)

    @precondition(lambda self: self.begun)
    @rule()
    def finish(self) -> None:
        while self.begun:
            self.go_on(0)

    def served(self, version: int, kept: Record, answer: Answer) -> None:
        assert isinstance(answer, Forward), answer
        assert kept.plan is not None
        assert kept.plan.rules[kept.rule] == f"a{version}"
        lines = dict(line.split(b": ", 1) for line in answer.head.split(b"\r\n")[1:-1])
        assert {lines[name] for name in (b"X-Plan", b"X-Claim", b"X-Fact")} == {b"v%d" % version}
        own = [line for line in answer.head.split(b"\r\n") if line.startswith(b"X-Own%d: " % version)]
        assert own == [b"X-Own%d: own" % version]
        assert answer.targets == (f"http://v{version}.test:9000",)
        assert [name for name in lines if name.startswith(b"X-Id-")] == [b"X-Id-v%d" % version]
        assert b"X-Answer: v%d\r\n" % version in answer.edit.add
        assert b"q=%d;" % (1_000 + version) in answer.edit.add
        assert b'"l_v%d"' % version in answer.edit.add


TestReloads = Reloads.TestCase
TestReloads.settings = machine(12, 25)
