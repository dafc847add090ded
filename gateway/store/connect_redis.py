"""Connections to Redis, made of redis-py's: no retries, no pool, nothing sent but what is asked for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from gateway.store.address import Place

AnyConnection = Connection


@dataclass(frozen=True, slots=True)
class Access:
    """How servers are spoken to. With ``tls`` their certificates are verified against ``tls_ca``, or the machine's."""

    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_ca: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    database: int = 0


async def connect(connection: AnyConnection) -> None:
    """Connect it, and log in. Raises RedisError or OSError."""
    await connection.connect()  # type: ignore[no-untyped-call]  # redis-py leaves it without types


def connection_to(place: Place, access: Access, timeout: float) -> AnyConnection:
    """A connection that is not connected yet. RESP2; ``timeout`` (seconds) is for connecting."""
    given: dict[str, Any] = {
        "host": place[0],
        "port": place[1],
        "db": access.database,
        "username": access.username,
        "password": access.password,
        "socket_timeout": None,
        "socket_connect_timeout": timeout,
        "socket_keepalive": True,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
        "driver_info": None,
    }
    if not access.tls:
        return Connection(**given)
    if access.tls_ca is not None:
        given["ssl_ca_certs"] = str(access.tls_ca)
    if access.tls_certificate is not None and access.tls_key is not None:
        given |= {"ssl_certfile": str(access.tls_certificate), "ssl_keyfile": str(access.tls_key)}
    return SSLConnection(ssl_cert_reqs="required", ssl_check_hostname=True, **given)
