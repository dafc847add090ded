"""An exchange with everything around it played: the client's connection, the library's writer, and a line."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDict

from gateway.message.forward import Forward
from gateway.message.record import Record
from gateway.server.exchange_http import Exchange
from gateway.server.framing import HTTP11
from gateway.upstream.outbox import Outbox
from gateway.upstream.ports import Sink
from tests.strategies.pieces import Pieces
from tests.strategies.played_transport import PlayedTransport


@dataclass
class PlayedHead:
    """A head as aiohttp's parser gives it."""

    headers: CIMultiDict[str] = field(default_factory=CIMultiDict)
    method: str = "POST"
    version: tuple[int, int] = HTTP11
    chunked: bool = False
    path: str = "/"
    raw_headers: Sequence[tuple[bytes, bytes]] = ()
    should_close: bool = False
    upgrade: bool = False


@dataclass
class PlayedPeer:
    """The client's connection."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport | None
    writing_paused: bool = False
    complains: bool = False
    exchange: Exchange | None = None
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.loop, 1)


@dataclass
class PlayedWriter:
    """aiohttp's writer."""

    error: Exception | None = None
    drains: int = 0

    async def drain(self) -> None:
        self.drains += 1
        if self.error is not None:
            raise self.error


@dataclass
class PlayedLine:
    """What an exchange does with its line."""

    reused: bool = False
    said: list[str] = field(default_factory=list)

    def send(self, data: bytes, order: Forward, wants: int, sink: Sink) -> None: ...
    def send_body(self, data: bytes) -> None: ...
    async def drained(self) -> None: ...
    def sent(self) -> None: ...
    def leave(self, sink: Sink) -> None: ...

    def pause(self) -> None:
        self.said.append("pause")

    def resume(self) -> None:
        self.said.append("resume")


class Played:
    """An exchange and what is around it."""

    def __init__(self, *, eof: bool = True, **head: Any) -> None:
        self.transport = PlayedTransport()
        self.peer = PlayedPeer(asyncio.get_running_loop(), self.transport)
        self.writer = PlayedWriter()
        self.source = Pieces(eof=eof)
        self.head = PlayedHead(method="GET", **head)
        self.exchange = Exchange(self.head, self.source, self.peer, self.writer, None)
        self.exchange.record = Record("0a", 0, "GET")

    @property
    def written(self) -> bytes:
        return self.transport.written
