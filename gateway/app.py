"""Picks the adapters and wires them: the only file that knows them all.

Order at start: a plan first (nothing listens before there is one), then the admin listener, then the public one.
"""

import asyncio
import gc
import hashlib
import os
import resource
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from gateway.admin.listener_http import admin_app
from gateway.admin.metrics import GatewayMetrics, registry
from gateway.authn.authenticate import Authenticator
from gateway.authn.key_fetch_http import KeyFetcherHttp
from gateway.authn.key_set import SECOND, KeyTiming
from gateway.authn.key_sets import KeySets
from gateway.authn.token_cache import TokenCache
from gateway.background import Chores, report_keys, sweep, write_log
from gateway.policy.loaded import Loaded
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore
from gateway.policy.reload import Reloader, Source
from gateway.quota.limits_memory import MemoryLimits
from gateway.rewrite.identity_token import Minter
from gateway.rewrite.keys import KeyRefused, KeyRing, development_ring, key_ring
from gateway.server.clock import wall_clock
from gateway.server.compose import Composer
from gateway.server.conductor import Conductor
from gateway.server.decision_log import DecisionLog
from gateway.server.descriptors import shortage
from gateway.server.handle import Parts
from gateway.server.limits import WireLimits
from gateway.server.listener_http import BODYLESS, Listener
from gateway.server.serve_http import Service
from gateway.server.stats import Stats
from gateway.settings import Address, Settings
from gateway.upstream.date_line import DateLine
from gateway.upstream.limits import PoolLimits
from gateway.upstream.targets_http import Upstreams
from policylang.embed import trusted_networks

Tell = Callable[[str], None]
T = TypeVar("T")


class CannotStart(Exception):
    """The gateway cannot start; the message says what to do about it."""


@dataclass(slots=True)
class Running:
    """A gateway that serves: where, and how to make it load its source again."""

    clients: Address
    admin: Address
    reload: Reloader
    plans: PlanStore
    stats: Stats


@dataclass(frozen=True, slots=True)
class _Core:
    """What the listeners stand on."""

    plans: PlanStore
    key_sets: KeySets
    authenticator: Authenticator
    cache: TokenCache
    limits: MemoryLimits
    minter: Minter
    stats: Stats
    log: DecisionLog | None
    conductor: Conductor
    reload: Reloader


@asynccontextmanager
async def running(settings: Settings, source: Source, tell: Tell) -> AsyncIterator[Running]:
    """The gateway, serving while the block runs. Raises CannotStart; ``tell`` is given lines for the operator."""
    fetcher = KeyFetcherHttp(settings.private_hosts)
    with _decision_log(settings) as log:
        core = _core(settings, source, fetcher, log, tell)
        chores = Chores(lambda error: tell(f"a background task failed: {type(error).__name__}"))
        try:
            if not await core.reload.reload():
                failure = core.plans.failure
                raise CannotStart("" if failure is None else failure.reason)
            await core.key_sets.start()
            chores.start(
                sweep(core.limits, wall_clock), sweep(core.authenticator, wall_clock), report_keys(core.key_sets, tell)
            )
            if log is not None:
                chores.start(write_log(log))
            # What lives as long as the plan is none of the collector's business.
            gc.collect()
            gc.freeze()
            async with _admin(settings, core) as admin, _clients(settings, core, tell) as clients:
                yield Running(clients, admin, core.reload, core.plans, core.stats)
        finally:
            await chores.stop()
            await core.key_sets.stop()
            await fetcher.close()
            while log is not None and log.write_batch():
                pass


def _core(settings: Settings, source: Source, fetcher: KeyFetcherHttp, log: DecisionLog | None, tell: Tell) -> _Core:
    identity_key = _identity_key(settings, tell)
    metadata = MemoryMetadata()
    plans = PlanStore(settings.secrets, wall_clock, metadata.view)
    timing = KeyTiming(stale=settings.keys_stale_seconds * SECOND)
    key_sets = KeySets(fetcher, wall_clock, timing=timing)
    cache = TokenCache(settings.cache_entries)
    limits = MemoryLimits()
    minter = Minter(_ring(settings, tell), settings.token_issuer or f"http://{settings.listen}")
    scheme = b"https" if settings.tls_certificate else b"http"
    authenticator = Authenticator(key_sets, cache, identity_key)
    parts = Parts(
        current=lambda: plans.current,
        authenticator=authenticator,
        limits=limits,
        composer=Composer(minter, scheme),
        proxies=trusted_networks(settings.trusted_proxies),
        explains=settings.explain_refusals,
    )
    stats = Stats()

    def configure(plan: Loaded) -> None:
        key_sets.configure(plan.compiled.plan.issuers, settings.secrets)

    reload = Reloader(source, plans, metadata, identity_key, configure, tell)
    conductor = Conductor(parts, wall_clock, stats, log)
    return _Core(plans, key_sets, authenticator, cache, limits, minter, stats, log, conductor, reload)


@asynccontextmanager
async def _admin(settings: Settings, core: _Core) -> AsyncIterator[Address]:
    gauges: dict[str, tuple[str, Callable[[], float]]] = {
        "cached_tokens": ("Verified tokens in the cache", lambda: len(core.cache.entries)),
        "counters": ("Limit counters in memory", lambda: len(core.limits)),
        "requests_in_flight": ("Requests that have begun and not ended", lambda: core.stats.in_flight),
        "plan_loaded_seconds": ("When the plan in force was loaded", lambda: core.plans.loaded_at / SECOND),
        "plan_load_failed": ("Whether the last load failed", lambda: core.plans.failure is not None),
    }
    authn, fetched = core.authenticator.counters, core.key_sets.counters
    counters: dict[str, tuple[str, Callable[[], float]]] = {
        "tokens_known": ("Requests whose token was in the cache", lambda: authn.known),
        "tokens_verified": ("Signatures verified", lambda: authn.verified),
        "tokens_refused": ("Credentials refused", lambda: authn.refused),
        "key_fetches": ("Fetches of key sets", lambda: fetched.fetches),
        "key_fetch_failures": ("Fetches of key sets that failed", lambda: fetched.fetch_failures),
        "unknown_kids": ("Tokens that named an unknown key", lambda: fetched.unknown_kids),
        "identity_tokens_signed": ("Identity tokens signed", lambda: core.minter.signed),
        "decisions_dropped": ("Decision log lines dropped", lambda: 0 if core.log is None else core.log.dropped),
    }
    app = admin_app(
        registry(GatewayMetrics(core.stats, gauges, counters)), core.minter.ring.jwks, lambda: _status(core)
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.admin.host, settings.admin.port)
        await _listen(site.start(), settings.admin)
        yield Address(settings.admin.host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _clients(settings: Settings, core: _Core, tell: Tell) -> AsyncIterator[Address]:
    loop = asyncio.get_running_loop()
    date = DateLine(wall_clock)
    wire = WireLimits(
        body_bytes=settings.max_body_bytes,
        keepalive_seconds=settings.keepalive_seconds,
        connections=settings.connections,
        body_rate=settings.min_body_rate,
    )
    short = shortage(*resource.getrlimit(resource.RLIMIT_NOFILE), settings.connections, settings.upstream_connections)
    if short is not None:
        tell(short)
    upstreams = Upstreams(loop, date, PoolLimits(connections=settings.upstream_connections))
    listener = Listener(Service(core.conductor, upstreams, wire, date, BODYLESS), wire, loop)
    try:
        bound = await _listen(
            listener.bind(settings.listen.host, settings.listen.port, tls=_tls(settings)), settings.listen
        )
        yield Address(settings.listen.host, bound[0][1])
    finally:
        await listener.stop(settings.drain_seconds)
        upstreams.close()


def _status(core: _Core) -> tuple[bool, dict[str, Any]]:
    """Ready when a plan is in force. A failed reload is shown, and does not take a gateway that serves out of service."""
    details: dict[str, Any] = {"plan": None, "keys": [], "last_failure": None}
    if core.plans.ready:
        details["plan"] = core.plans.current.names.digest
        details["keys"] = [
            {"issuers": list(key.issuers), "phase": key.phase, "keys": key.usable, "reason": key.reason}
            for key in core.key_sets.status()
        ]
    if core.plans.failure is not None:
        details["last_failure"] = {"at": core.plans.failure.at / SECOND, "reason": core.plans.failure.reason}
    return core.plans.ready, details


def _ring(settings: Settings, tell: Tell) -> KeyRing:
    if not settings.signing_keys:
        tell("warning: identity_tokens.keys is not set: a signing key was made that ends with this process")
        return development_ring()
    try:
        return key_ring([path.read_bytes() for path in settings.signing_keys], settings.active_key)
    except KeyRefused as error:
        raise CannotStart(f"identity_tokens.keys: {error}") from error
    except OSError as error:
        raise CannotStart(f"identity_tokens.keys: {error.filename} cannot be read: {error.strerror}") from error


def _identity_key(settings: Settings, tell: Tell) -> bytes:
    if settings.identity_key is None:
        tell("warning: identity.key_file is not set: identities and counters start anew with this process")
        return secrets.token_bytes(64)
    # BLAKE2 takes keys of up to 64 bytes; a longer file is brought to that length without losing what is in it.
    key = settings.identity_key
    return key if len(key) <= 64 else hashlib.blake2b(key, digest_size=64).digest()


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise CannotStart(f"listen.tls_certificate and listen.tls_key cannot be used: {error}") from error
    return context


@contextmanager
def _decision_log(settings: Settings) -> Iterator[DecisionLog | None]:
    if settings.decision_log == "none":
        yield None
    elif settings.decision_log == "-":
        yield DecisionLog(1)
    else:
        try:
            fd = os.open(settings.decision_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise CannotStart(f"log.decisions: {settings.decision_log} cannot be written: {error.strerror}") from error
        try:
            yield DecisionLog(fd)
        finally:
            os.close(fd)


async def _listen(start: Awaitable[T], address: Address) -> T:
    try:
        return await start
    except OSError as error:
        raise CannotStart(f"cannot listen on {address}: {error.strerror}") from error
