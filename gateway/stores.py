"""Opens the store that the settings name: counters, records and usage in one memory, in one file or on one server."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gateway.message.ports import OUTAGE, Clock, LimitStore, Outage
from gateway.quota.counters_sqlite import LIMITS_SCHEMA
from gateway.quota.lease import LeasedLimits
from gateway.quota.limits_memory import MemoryLimits
from gateway.quota.limits_sqlite import open_limits
from gateway.records.port import RecordStore
from gateway.records.records_memory import MemoryRecords
from gateway.records.records_sqlite import RECORDS, SqliteRecords
from gateway.settings import StoreSettings, UsageSettings
from gateway.store.faults_sqlite import FileRefused
from gateway.store.file_sqlite import open_file
from gateway.store.link import StoreFault
from gateway.usage.periods import DAY, HOUR, Keeping
from gateway.usage.port import UsageStore
from gateway.usage.usage_memory import MemoryUsage
from gateway.usage.usage_sqlite import USAGE_SCHEMA, SqliteUsage

if TYPE_CHECKING:
    from gateway.store.link_redis import LinkRedis

StoreKind = Literal["memory", "sqlite", "redis", "redis-cluster", "redis-sentinel"]
BreakerState = Literal["closed", "open", "probing"]

LEARN_SECONDS = 1.0
FIRST_SECONDS = 2.0

COUNTERS_OF_CALLER = 4
"""A rate and a quota, and as many by limits of routes."""


class StoreUnusable(Exception):
    """The store that the settings name cannot be used; the message says what to do about it."""


async def _nothing_lost() -> Outage | None:
    return None


@dataclass(frozen=True, slots=True)
class Stores:
    """What an open store gives. ``counters`` counts those in this process's memory.

    ``losses``: how many shards were found without their memory since the start; ``accept_loss`` is the operator's word that
    quotas count on from what there is.
    """

    kind: StoreKind
    limits: LimitStore
    records: RecordStore
    usage: UsageStore
    counters: Callable[[], int]
    sweep: Callable[[int], None]
    breaker: Callable[[], BreakerState] = field(default=lambda: "closed")
    losses: Callable[[], int] = field(default=lambda: 0)
    accept_loss: Callable[[], Awaitable[Outage | None]] = _nothing_lost


def stores(
    settings: StoreSettings,
    usage: UsageSettings,
    ready_callers: int,
    identity_key: bytes,
    clock: Clock,
    elapsed: Callable[[], int],
    tell: Callable[[str], None],
) -> AbstractAsyncContextManager[Stores]:
    """The store, open while the block runs. ``elapsed``: microseconds on a clock that never goes back. ``ready_callers``: those
    whose counters are kept as objects, where counters are in the gateway's memory.

    Counters are named by a digest that is keyed with ``identity_key``: the store alone does not tell who was counted.
    Raises StoreUnusable.
    """
    keeping = Keeping(usage.keep_hours * HOUR, usage.keep_days * DAY)
    secret = hashlib.blake2b(identity_key, digest_size=32, person=b"limit counters").digest()
    if settings.url == "memory:":
        return _memory(keeping, clock)
    if settings.url.startswith("sqlite:///"):
        path = Path(settings.url.removeprefix("sqlite:///"))
        return _sqlite(path, keeping, ready_callers * COUNTERS_OF_CALLER, secret, clock, tell)
    return _redis(settings, keeping, secret, elapsed, tell)


@asynccontextmanager
async def _memory(keeping: Keeping, clock: Clock) -> AsyncIterator[Stores]:
    limits, records = MemoryLimits(), MemoryRecords(clock)
    yield Stores("memory", limits, records, MemoryUsage(clock, keeping), limits.__len__, limits.sweep)
    await records.close()


@asynccontextmanager
async def _sqlite(
    path: Path, keeping: Keeping, ready: int, secret: bytes, clock: Clock, tell: Callable[[str], None]
) -> AsyncIterator[Stores]:
    try:
        file = open_file(path, (RECORDS, LIMITS_SCHEMA, USAGE_SCHEMA), tell)
    except FileRefused as error:
        raise StoreUnusable(f"store.url: {error}") from error
    try:
        try:
            limits = await open_limits(file, secret, clock(), ready)
        except StoreFault as error:
            raise StoreUnusable(f"store.url: {path}: counters cannot be read: {error.reason}") from error
        records = SqliteRecords(file, clock)
        try:
            yield Stores("sqlite", limits, records, SqliteUsage(file, clock, keeping), limits.__len__, limits.sweep)
        finally:
            if not await limits.close(clock()):
                tell("store: the exact counters could not be written; the next start counts up to a block more of each")
            await records.close()
    finally:
        await file.close()


@asynccontextmanager
async def _redis(
    settings: StoreSettings,
    keeping: Keeping,
    secret: bytes,
    elapsed: Callable[[], int],
    tell: Callable[[str], None],
) -> AsyncIterator[Stores]:
    try:
        # Deferred: whoever keeps state in memory or in a file needs no client for Redis.
        from gateway.quota.lease_redis import LeasesRedis
        from gateway.quota.limits_redis import LimitsRedis
        from gateway.records.records_redis import RedisRecords
        from gateway.store.eras_redis import ErasRedis
        from gateway.usage.usage_redis import RedisUsage

        kind, link = _linked(settings)
    except ModuleNotFoundError as error:
        if error.name != "redis":
            raise
        raise StoreUnusable("store.url: the client for Redis is missing: pip install 'policylang[redis]'") from error
    eras = ErasRedis(link)
    leases = LeasesRedis(link, eras, secret)
    limits = LeasedLimits(LimitsRedis(link, eras, secret), leases, elapsed)

    async def accept_loss() -> Outage | None:
        try:
            await eras.accept_loss()
        except StoreFault:
            return OUTAGE
        return None

    learning = asyncio.get_running_loop().create_task(_learn(eras.learn, tell))
    # A shard that is emptied before its era is known would pass for a new one: so nobody is served before, unless the
    # store cannot be reached at all.
    await asyncio.wait((learning,), timeout=FIRST_SECONDS)
    try:
        records = RedisRecords(link)
        yield Stores(
            kind,
            limits,
            records,
            RedisUsage(link, keeping),
            limits.__len__,
            lambda _: limits.sweep(),
            lambda: "closed" if link.well else "open",
            lambda: eras.lost,
            accept_loss,
        )
        await records.close()
    finally:
        # What leases have left goes back first; the link settles every call within its time limit.
        await limits.close()
        await leases.close()
        learning.cancel()
        await asyncio.gather(learning, return_exceptions=True)
        await link.close()


def _linked(settings: StoreSettings) -> "tuple[StoreKind, LinkRedis]":
    """What kind of store the address is, and a link to it; nothing is connected yet."""
    from gateway.store.address import AddressRefused, read_address
    from gateway.store.link_redis import open_link

    try:
        kind = read_address(settings.url).kind
        link = open_link(
            settings.url,
            username=settings.username,
            password=settings.password,
            sentinel_password=settings.sentinel_password,
            tls_ca=settings.tls_ca,
            tls_certificate=settings.tls_certificate,
            tls_key=settings.tls_key,
            namespace=settings.namespace,
            timeout=settings.timeout_seconds,
        )
    except AddressRefused as error:
        raise StoreUnusable(str(error)) from error
    except OSError as error:
        raise StoreUnusable(f"store: the files for TLS cannot be used: {error}") from error
    return _KINDS[kind], link


_KINDS: dict[str, StoreKind] = {"standalone": "redis", "cluster": "redis-cluster", "sentinel": "redis-sentinel"}


async def _learn(learn: Callable[[], Awaitable[None]], tell: Callable[[str], None]) -> None:
    """Know every shard's era before it is needed: a store that is emptied later is then seen to be."""
    told = False
    while True:
        try:
            await learn()
        except StoreFault as fault:
            if not told:
                tell(f"store: not reached: {fault.reason}; limits answer as their rules say of an outage")
                told = True
            await asyncio.sleep(LEARN_SECONDS)
        else:
            if told:
                tell("store: reached")
            return
