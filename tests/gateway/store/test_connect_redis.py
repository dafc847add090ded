"""Connections: nothing is retried, nobody is asked to be unverified, and TLS is spoken with both certificates."""

import asyncio

import pytest
from redis import exceptions as errors
from redis.asyncio.connection import SSLConnection

from gateway.store.connect_redis import Access, AnyConnection, connect, connection_to
from tests.servers.process import StoreProcess
from tests.servers.redis_debian import PASSWORD, USERNAME, TlsServer


async def pinged(connection: AnyConnection) -> object:
    try:
        await connect(connection)
        await connection.send_command("PING")
        return await connection.read_response()
    finally:
        await connection.disconnect()


def access_to(server: TlsServer, **changes: object) -> Access:
    given: dict[str, object] = {
        "tls": True,
        "username": USERNAME,
        "password": PASSWORD,
        "tls_ca": server.authority.file,
        "tls_certificate": server.client.certificate,
        "tls_key": server.client.key,
    }
    return Access(**(given | changes))  # type: ignore[arg-type]


async def test_plain(valkey_server: StoreProcess) -> None:
    connection = connection_to(("127.0.0.1", valkey_server.port), Access(database=2), 1)
    assert connection.retry.get_retries() == 0
    assert await pinged(connection) == b"PONG"


async def test_tls_with_certificates_and_a_user(redis_tls: TlsServer) -> None:
    connection = connection_to(("127.0.0.1", redis_tls.server.port), access_to(redis_tls), 1)
    assert isinstance(connection, SSLConnection)
    assert await pinged(connection) == b"PONG"


@pytest.mark.parametrize(
    "changes",
    [{"tls_ca": None}, {"tls_certificate": None, "tls_key": None}, {"password": "wrong"}, {"tls": False}],
    ids=["unknown authority", "no certificate of ours", "wrong password", "no TLS"],
)
async def test_what_does_not_connect(redis_tls: TlsServer, changes: dict[str, object]) -> None:
    connection = connection_to(("127.0.0.1", redis_tls.server.port), access_to(redis_tls, **changes), 1)
    with pytest.raises((errors.RedisError, OSError)):
        await pinged(connection)
    # asyncio closes the socket of a handshake that failed some turns later.
    await asyncio.sleep(0.05)


async def test_a_name_that_the_certificate_lacks(redis_tls: TlsServer) -> None:
    connection = connection_to(("127.0.0.2", redis_tls.server.port), access_to(redis_tls), 1)
    with pytest.raises((errors.RedisError, OSError)):
        await pinged(connection)


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(Access(password="hunter2"))
