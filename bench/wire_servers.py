"""What bench/wire.py measures: our wire with a spine that allows everything, and aiohttp's server and client alone.

``python -m bench.wire_servers ours|bare|upstream PORT UPSTREAM_PORT``: serves on loopback until it is terminated.
"""

import asyncio
import os
import sys
import time
from typing import cast

import aiohttp
import uvloop
from aiohttp import web

from gateway.message.forward import NO_EDIT, Forward
from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.limits import WireLimits
from gateway.server.listener_http import BODYLESS, Listener
from gateway.server.serve_http import Service
from gateway.upstream.date_line import DateLine
from gateway.upstream.targets_http import Upstreams

DROPPED = frozenset({
    b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"content-length", b"upgrade",
    b"expect", b"host",
})  # fmt: skip
ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: stand-in\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\n"
    b'Content-Length: 90\r\nConnection: keep-alive\r\nETag: "7-3f9b"\r\nCache-Control: private, max-age=0\r\n'
    b"Vary: Accept, Accept-Language\r\n\r\n"
    b'{"orders":[{"id":1,"state":"open"},{"id":2,"state":"paid"},{"id":3,"state":"sent"}],"n":3}'
)


def now() -> int:
    """The wall clock in microseconds."""
    return time.time_ns() // 1000


class OpenSpine:
    """Allows everything and forwards it to one target, with the client's headers but the hop-by-hop ones."""

    def __init__(self, port: int) -> None:
        self._targets = (f"http://127.0.0.1:{port}",)
        self._host = f"Host: 127.0.0.1:{port}\r\n".encode()
        self._number = int.from_bytes(os.urandom(8))
        self.finished_count = 0

    def begin(self, method: str) -> Record:
        """A record with an id and the time."""
        self._number += 1
        return Record(f"{self._number & 0xFFFFFFFFFFFFFFFF:016x}", now(), method)

    def start(self, request: Inbound, record: Record) -> Forward | Refusal:
        """Forward."""
        record.kind = "allow"
        out = [request.method.encode(), b" ", request.target, b" HTTP/1.1\r\n", self._host]
        for name, value in request.headers:
            if name.lower() not in DROPPED:
                out += (name, b": ", value, b"\r\n")
        return Forward(b"".join(out), self._targets, NO_EDIT, 1_000_000, 10_000_000, 10_000_000)

    def finished(self, record: Record) -> None:
        """Count."""
        record.finished = now()
        self.finished_count += 1


async def ours(port: int, upstream: int) -> None:
    """Our wire."""
    loop = asyncio.get_running_loop()
    date = DateLine(now)
    service = Service(OpenSpine(upstream), Upstreams(loop, date), WireLimits(), date, BODYLESS)
    await Listener(service, WireLimits(), loop).bind("127.0.0.1", port)
    await asyncio.Event().wait()


async def bare(port: int, upstream: int) -> None:
    """aiohttp's low-level server and its client, nothing else."""
    base = f"http://127.0.0.1:{upstream}"
    connector = aiohttp.TCPConnector(limit=512)
    dropped = {name.decode() for name in DROPPED}
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def handle(request: web.BaseRequest) -> web.Response:
            headers = [(name, value) for name, value in request.headers.items() if name.lower() not in dropped]
            async with session.request(request.method, base + request.raw_path, headers=headers) as answer:
                body = await answer.read()
                passed = [(name, value) for name, value in answer.headers.items() if name.lower() not in dropped]
                return web.Response(status=answer.status, headers=passed, body=body)

        server = web.Server(handle, access_log=None, auto_decompress=False)
        await (await asyncio.get_running_loop().create_server(server, "127.0.0.1", port)).serve_forever()


class Canned(asyncio.Protocol):
    """An upstream where nginx is not installed: one answer for each request without a body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are not instances of asyncio's
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Answer each head."""
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        self._transport.write(ANSWER * len(heads))


async def canned(port: int, _: int) -> None:
    """The stand-in upstream."""
    await (await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", port)).serve_forever()


if __name__ == "__main__":
    serve = {"ours": ours, "bare": bare, "upstream": canned}[sys.argv[1]]
    uvloop.run(serve(int(sys.argv[2]), int(sys.argv[3])))
