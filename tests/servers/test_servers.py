"""The servers that tests run against are what they say."""

from contextlib import closing

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.process import StoreProcess
from tests.servers.redis_debian import TlsServer
from tests.servers.valkey import APPEND_ONLY, SLOTS, Cluster, Sentinels, standalone


def test_a_server_keeps_nothing(valkey_server: StoreProcess) -> None:
    with closing(valkey_server.client()) as client:
        assert client.config_get("appendonly") == {"appendonly": "no"}


def test_a_server_with_a_file_remembers() -> None:
    with standalone(persistence=APPEND_ONLY) as server:
        with closing(server.client()) as client:
            client.set("kept", "1")
        server.stop()
        server.start()
        with closing(server.client()) as client:
            assert client.get("kept") == b"1"


def test_a_cluster_has_all_slots(valkey_cluster: Cluster) -> None:
    assert len(valkey_cluster.masters) == 3
    owners: set[bytes] = set()
    for master in valkey_cluster.masters:
        owners.add(master.ask("CLUSTER", "MYID"))
        assert master.ask("CLUSTER", "COUNTKEYSINSLOT", SLOTS - 1) == 0
    assert len(owners) == 3


def test_a_sentinel_fails_over(valkey_sentinel: Sentinels) -> None:
    before = valkey_sentinel.master_port()
    assert before in {server.port for server in valkey_sentinel.servers}
    valkey_sentinel.fail_over()
    assert valkey_sentinel.master_port() != before


def test_tls_alone(redis_tls: TlsServer) -> None:
    with closing(redis_tls.server.client()) as client:
        assert client.acl_whoami() == "gateway"
    with (
        closing(
            redis.Redis(host="127.0.0.1", port=redis_tls.server.port, socket_timeout=5, retry=Retry(NoBackoff(), 0))
        ) as plain,
        pytest.raises(redis.ConnectionError),
    ):
        plain.ping()
