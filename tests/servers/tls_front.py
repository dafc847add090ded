"""A server that speaks TLS alone where Debian's ``redis-server`` is not to be had: Valkey behind an end of TLS of its own."""

import asyncio
import ssl
import threading
from contextlib import suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.servers.certificates import Authority, Certificate
from tests.servers.process import LOOPBACK, StoreProcess, free_port
from tests.servers.valkey import NO_PERSISTENCE, valkey_binary


class UserServer(StoreProcess):
    """Valkey with one ACL user, and none that needs no password."""

    def __init__(self, folder: Path, username: str, password: str) -> None:
        port = free_port()
        settings = (
            *NO_PERSISTENCE,
            f"port {port}",
            f"bind {LOOPBACK}",
            f"user {username} on >{password} ~* &* +@all",
            "user default off",
        )
        super().__init__(valkey_binary(), folder, settings, port=port, password=password)
        self.username = username

    def client(self) -> "redis.Redis":
        """A blocking client in the clear."""
        return redis.Redis(
            host=LOOPBACK,
            port=self.port,
            username=self.username,
            password=self.password,
            socket_timeout=5,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )


class TlsFront:
    """Takes connections on ``port`` from whoever shows a certificate of the authority, and hands them on in the clear."""

    def __init__(self, behind: UserServer, authority: Authority, own: Certificate, client: Certificate) -> None:
        self._authority = authority.file
        self._client = client
        self.port = free_port()
        self.behind = behind
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority.file))
        self._context.load_cert_chain(own.certificate, own.key)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def address(self) -> str:
        """host:port"""
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Serve from a thread."""
        self.behind.start()
        self._thread.start()
        self._ready.wait(10)

    def kill(self) -> None:
        """End the thread, and what is behind."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self.behind.kill()

    def client(self) -> "redis.Redis":
        """A blocking client with the certificate that is asked for."""
        return redis.Redis(
            host=LOOPBACK,
            port=self.port,
            username=self.behind.username,
            password=self.behind.password,
            ssl=True,
            ssl_ca_certs=str(self._authority),
            ssl_certfile=str(self._client.certificate),
            ssl_keyfile=str(self._client.key),
            socket_timeout=5,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # A client that the handshake refuses is what some tests are about: it needs no line on standard error.
        self._loop.set_exception_handler(lambda *_: None)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, LOOPBACK, self.port, ssl=self._context)
        )
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind = await asyncio.open_connection(LOOPBACK, self.behind.port)
        with suppress(OSError):
            await asyncio.gather(_copy(reader, behind), _copy(behind_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
