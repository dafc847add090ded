"""Picks the adapters and wires them: the only file that knows them all.

Order at start: a plan first (nothing listens before there is one), then the admin listener, then the public one.
"""

import asyncio
import hashlib
import logging
import os
import resource
import secrets
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from aiohttp import web

from gateway.admin.api_http import AdminApi
from gateway.admin.credential import Attempts
from gateway.admin.listener_http import admin_app
from gateway.admin.metrics import GatewayMetrics, registry
from gateway.admin.operations import AdminParts, admin_api
from gateway.admin.store import StoreReport
from gateway.authn.authenticate import Authenticator
from gateway.authn.jwk import jwk_problem
from gateway.authn.key_fetch_http import KeyFetcherHttp
from gateway.authn.key_set import SECOND, KeyTiming
from gateway.authn.key_sets import KeySets
from gateway.authn.token_cache import TokenCache
from gateway.background import Chores, report_keys, sweep, write_log
from gateway.keys.revocations import RevocationService
from gateway.keys.secrets import master_of
from gateway.keys.service import KeyService
from gateway.message.ports import Outage
from gateway.policy.loaded import Loaded
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.metadata_records import RecordMetadata
from gateway.policy.plan_store import PlanStore
from gateway.policy.reload import Reloader, Source
from gateway.rewrite.identity_token import Minter
from gateway.rewrite.keys import KeyRefused, KeyRing, development_ring, key_ring
from gateway.server.clock import wall_clock
from gateway.server.collections import Collections, put_aside
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
from gateway.shared_facts import SharedFacts, elapsed, shared_facts
from gateway.stores import Stores, StoreUnusable, stores
from gateway.upstream.date_line import DateLine
from gateway.upstream.limits import PoolLimits
from gateway.upstream.targets_http import Upstreams
from gateway.usage.meter import Meter
from policylang.embed import trusted_networks

Tell = Callable[[str], None]

SILENT = logging.getLogger("gateway.admin.wire")
SILENT.disabled = True

FINISH_SECONDS = 5.0
"""How long the store may take at shutdown for what is left of usage."""
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
    stores: Stores
    facts: SharedFacts
    keys: KeyService
    identity_key: bytes
    meter: Meter
    minter: Minter
    stats: Stats
    collections: Collections
    log: DecisionLog | None
    conductor: Conductor
    reload: Reloader


@asynccontextmanager
async def running(settings: Settings, source: Source, tell: Tell) -> AsyncIterator[Running]:
    """The gateway, serving while the block runs. Raises CannotStart; ``tell`` is given lines for the operator."""
    if settings.metadata_file is not None and settings.store.url != "memory:":
        raise CannotStart("metadata.file and store.url: facts are in the store; see `policylang admin identity put`")
    fetcher = KeyFetcherHttp(settings.private_hosts)
    identity_key = _identity_key(settings, tell)
    with _decision_log(settings) as log:
        async with _stores(settings, identity_key, tell) as opened:
            core = _core(settings, source, fetcher, opened, identity_key, log, tell)
            async with _serving(settings, core, fetcher, log, tell) as served:
                yield served


@asynccontextmanager
async def _stores(settings: Settings, identity_key: bytes, tell: Tell) -> AsyncIterator[Stores]:
    try:
        async with stores(
            settings.store, settings.usage, settings.ready_callers, identity_key, wall_clock, elapsed, tell
        ) as opened:
            yield opened
    except StoreUnusable as error:
        raise CannotStart(str(error)) from error


@asynccontextmanager
async def _serving(
    settings: Settings, core: _Core, fetcher: KeyFetcherHttp, log: DecisionLog | None, tell: Tell
) -> AsyncIterator[Running]:
    chores = Chores(lambda error: tell(f"a background task failed: {type(error).__name__}"))
    try:
        if not await core.reload.reload():
            failure = core.plans.failure
            raise CannotStart("" if failure is None else failure.reason)
        await core.key_sets.start()
        opened = core.stores
        chores.start(
            sweep(core.authenticator.sweep, wall_clock),
            sweep(opened.sweep, wall_clock),
            sweep(core.facts.revocations.sweep, wall_clock),
            report_keys(core.key_sets, tell),
            *core.facts.chores(opened.records, core.keys),
            core.meter.collect(),
            core.meter.deliver(),
            core.collections.keep(lambda: core.stats.in_flight),
        )
        # Without the list no token is let in: whoever connects first does not have to wait for it.
        await core.facts.revocations.load()
        if log is not None:
            chores.start(write_log(log))
        async with _admin(settings, core, tell) as admin, _clients(settings, core, tell) as clients:
            # What lives as long as the plan and the listeners is none of the collector's business.
            put_aside()
            core.collections.watch()
            yield Running(clients, admin, core.reload, core.plans, core.stats)
    finally:
        core.collections.leave()
        await chores.stop()
        await core.key_sets.stop()
        await fetcher.close()
        lost = await core.meter.finish(FINISH_SECONDS)
        if lost:
            tell(f"usage: {lost} requests are in no store's figures")
        while log is not None and log.write_batch():
            pass


def _core(
    settings: Settings,
    source: Source,
    fetcher: KeyFetcherHttp,
    opened: Stores,
    identity_key: bytes,
    log: DecisionLog | None,
    tell: Tell,
) -> _Core:
    timing = KeyTiming(stale=settings.keys_stale_seconds * SECOND)
    key_sets = KeySets(fetcher, wall_clock, timing=timing)
    cache = TokenCache(settings.cache_entries, max_awake=settings.ready_callers)
    facts = shared_facts(opened.records, key_sets.epoch, identity_key, wall_clock, tell, settings)
    metadata = MemoryMetadata()
    from_file = settings.metadata_file is not None
    recorded = RecordMetadata(facts.cache, settings.ready_callers)
    plans = PlanStore(settings.secrets, wall_clock, metadata.view if from_file else recorded.view)
    keys = KeyService(
        opened.records,
        master_of(identity_key),
        lambda: plans.current.compiled.plan.issuers,
        jwk_problem,
        secrets.token_bytes,
    )
    minter = Minter(_ring(settings, tell), settings.token_issuer or f"http://{settings.listen}")
    authenticator = Authenticator(key_sets, cache, identity_key, access_keys=facts.keys, revocations=facts.revocations)
    parts = _parts(settings, plans, authenticator, opened, minter)
    stats = Stats()

    def configure(plan: Loaded) -> None:
        key_sets.configure(plan.compiled.plan.issuers, settings.secrets)

    reload = Reloader(source, plans, metadata, identity_key, configure, tell)
    meter = Meter(opened.usage, cells_at_most=settings.usage.cells)
    conductor = Conductor(parts, wall_clock, stats, log, meter)
    return _Core(
        plans,
        key_sets,
        authenticator,
        cache,
        opened,
        facts,
        keys,
        identity_key,
        meter,
        minter,
        stats,
        Collections(lambda: len(cache) + opened.counters() + len(facts.cache)),
        log,
        conductor,
        reload,
    )


def _parts(settings: Settings, plans: PlanStore, authenticator: Authenticator, opened: Stores, minter: Minter) -> Parts:
    return Parts(
        current=lambda: plans.current,
        authenticator=authenticator,
        limits=opened.limits,
        composer=Composer(minter, b"https" if settings.tls_certificate else b"http"),
        proxies=trusted_networks(settings.trusted_proxies),
        explains=settings.explain_refusals,
    )


@dataclass(frozen=True, slots=True)
class _StoreState:
    """The store as the admin API shows it."""

    opened: Stores
    facts: SharedFacts

    def report(self) -> StoreReport:
        feed: Literal["warm", "cold"] = "warm" if self.facts.feed.live else "cold"
        return StoreReport(self.opened.kind, feed, self.opened.breaker(), self.opened.losses())

    async def accept_loss(self) -> Outage | None:
        return await self.opened.accept_loss()


Reads = dict[str, tuple[str, Callable[[], float]]]


def _gauges(core: _Core) -> Reads:
    return {
        "cached_tokens": ("Verified tokens in the cache", lambda: len(core.cache)),
        "counters": ("Limit counters in memory", core.stores.counters),
        "cached_records": ("Metadata, access keys and other records in the cache", lambda: len(core.facts.cache)),
        "revocations": ("Revocations in force", lambda: len(core.facts.revocations)),
        "store_follows": ("Whether changes in the store are being followed", lambda: core.facts.feed.live),
        "store_breaker_open": (
            "Whether requests are kept from a store that does not answer",
            lambda: core.stores.breaker() != "closed",
        ),
        "usage_cells": ("Sums of usage that no store has taken yet", lambda: core.meter.cells),
        "full_collection_longest_seconds": (
            "The longest full garbage collection since the start, but for those made while nobody was served",
            lambda: core.collections.longest,
        ),
        "full_collection_idle_longest_seconds": (
            "The longest full garbage collection that was made while nobody was served",
            lambda: core.collections.longest_idle,
        ),
        "full_collection_longest_cpu_seconds": (
            "The most that a full garbage collection took of the processor since the start",
            lambda: core.collections.longest_cpu,
        ),
        "requests_in_flight": ("Requests that have begun and not ended", lambda: core.stats.in_flight),
        "plan_loaded_seconds": ("When the plan in force was loaded", lambda: core.plans.loaded_at / SECOND),
        "plan_load_failed": ("Whether the last load failed", lambda: core.plans.failure is not None),
    }


def _counters(core: _Core, attempts: Attempts) -> Reads:
    authn, fetched = core.authenticator.counters, core.key_sets.counters
    return {
        "tokens_known": ("Requests whose token was in the cache", lambda: authn.known + authn.rechecked),
        "tokens_verified": ("Signatures verified", lambda: authn.verified),
        "tokens_refused": ("Credentials refused", lambda: authn.refused),
        "key_fetches": ("Fetches of key sets", lambda: fetched.fetches),
        "key_fetch_failures": ("Fetches of key sets that failed", lambda: fetched.fetch_failures),
        "unknown_kids": ("Tokens that named an unknown key", lambda: fetched.unknown_kids),
        "identity_tokens_signed": ("Identity tokens signed", lambda: core.minter.signed),
        "tokens_revoked": ("Tokens refused because they were taken back", lambda: authn.revoked),
        "store_losses": ("Shards of the store found without their memory", core.stores.losses),
        "usage_folded": ("Requests whose identity usage had no room for", lambda: core.meter.folded),
        "usage_outages": ("Times that no store took usage", lambda: core.meter.outages),
        "usage_dropped": ("Requests that usage lost count of", lambda: core.meter.dropped),
        "full_collections": ("Full garbage collections", lambda: core.collections.full),
        "decisions_dropped": ("Decision log lines dropped", lambda: 0 if core.log is None else core.log.dropped),
        "admin_accepted": ("Requests that the admin API let in", lambda: attempts.accepted),
        "admin_missing": ("Requests without the admin API's credential", lambda: attempts.missing),
        "admin_refused": ("Requests with another credential", lambda: attempts.refused),
        "admin_unset": ("Requests while no admin credential is set", lambda: attempts.unset),
    }


def _api(settings: Settings, core: _Core, tell: Tell) -> AdminApi:
    parts = AdminParts(
        settings.admin_credential,
        lambda: core.plans.current.compiled.plan,
        core.identity_key,
        core.stores.records,
        core.keys,
        RevocationService(core.stores.records, core.facts.revocations),
        core.stores.usage,
        _StoreState(core.stores, core.facts),
        wall_clock,
        lambda: secrets.token_hex(12),
        tell,
    )
    return admin_api(parts)


@asynccontextmanager
async def _admin(settings: Settings, core: _Core, tell: Tell) -> AsyncIterator[Address]:
    api = _api(settings, core, tell)
    metrics = registry(GatewayMetrics(core.stats, _gauges(core), _counters(core, api.gate.attempts)))
    app = admin_app(metrics, core.minter.ring.jwks, lambda: _status(core), api)
    # aiohttp's own logger repeats the line of a request that it cannot read, and that line may be a credential (R45).
    runner = web.AppRunner(app, access_log=None, logger=SILENT)
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
