"""Servers as pytest fixtures: each started at its first use in a test process, and stopped at its end.

Tests share a server; what keeps them apart is the ``namespace`` that each gets. A test that stops, empties or fills a
server starts one of its own with ``tests.servers.valkey``.
"""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.servers.process import StoreProcess
from tests.servers.redis_debian import TlsServer, tls_server
from tests.servers.valkey import Cluster, Sentinels, cluster, sentinels, standalone

_numbers = count(1)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[StoreProcess]:
    """One server without persistence. Its URL: f"redis://{valkey_server.address}"."""
    with standalone() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_cluster() -> Iterator[Cluster]:
    """Three masters."""
    with cluster() as servers:
        yield servers


@pytest.fixture(scope="session")
def valkey_sentinel() -> Iterator[Sentinels]:
    """A Sentinel with a master and a replica."""
    with sentinels() as servers:
        yield servers


@pytest.fixture(scope="session")
def redis_tls() -> Iterator[TlsServer]:
    """A server that speaks TLS alone, with its certificate authority."""
    with tls_server() as server:
        yield server


@pytest.fixture
def namespace() -> str:
    """A namespace that no other test of this process has."""
    return f"test{next(_numbers)}"


@pytest.fixture(params=["standalone", "cluster"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a single server, then of a cluster; started when a test with that parameter runs."""
    if request.param == "cluster":
        servers: Cluster = request.getfixturevalue("valkey_cluster")
        return servers.url
    server: StoreProcess = request.getfixturevalue("valkey_server")
    return f"redis://{server.address}"
