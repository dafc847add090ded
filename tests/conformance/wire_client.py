"""A client that sends bytes as they are: one connection, kept while the gateway keeps it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from tests.conformance.document import Step
from tests.conformance.wire_keys import credential

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it arrived; names of fields as they were spelled."""

    status: int
    lines: tuple[Line, ...]
    body: bytes

    def values(self, name: str) -> list[str]:
        """The values of a field, by any case of its name."""
        return [value for given, value in self.lines if given.lower() == name.lower()]


class Client:
    """Requests to one address, one after the other."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, data: bytes) -> Reply:
        """Send a request and read the answer; a new connection where the last one was closed."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write(data)
        reply = await _reply(reader)
        if "close" in reply.values("Connection"):
            await self.close()
        return reply

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            writer = self._streams[1]
            self._streams = None
            writer.close()
            await writer.wait_closed()


async def _reply(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.split("\r\n")[:-2]
    pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    reply = Reply(int(start.split(" ")[1]), pairs, b"")
    lengths = reply.values("Content-Length")
    assert len(lengths) == 1, head
    return Reply(reply.status, pairs, await reader.readexactly(int(lengths[0])))


def wire_bytes(step: Step, algorithms: Mapping[str, str]) -> bytes:
    """A step as a request: its credential made, the client's address as a trusted proxy writes it."""
    ask = step.ask
    lines = [("Host", ask.host), *ask.headers]
    if ask.client_ip != "127.0.0.1":
        lines.append(("X-Forwarded-For", ask.client_ip))
    if ask.payload is not None:
        lines.append(_placed(step, credential(ask, algorithms)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"{ask.method} {ask.target} HTTP/1.1\r\n{head}\r\n".encode()


def _placed(step: Step, token: str) -> Line:
    kind, _, name = step.credential.partition(" ")
    match kind:
        case "header":
            return name, token
        case "cookie":
            return "Cookie", f"{name}={token}"
        case _:
            return "Authorization", f"Bearer {token}"
