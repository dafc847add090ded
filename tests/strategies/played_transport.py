"""A transport that a test plays: what is written is kept, and nothing happens by itself."""

import asyncio
from typing import Any


class PlayedTransport(asyncio.Transport):
    """``written``: everything; ``reading``: whether the protocol takes bytes; ``aborted``, ``closed``: how it ended."""

    def __init__(self, protocol: asyncio.Protocol | None = None) -> None:
        super().__init__()
        self.protocol = protocol
        self.written = b""
        self.reading = True
        self.aborted = False
        self.closed = False
        self.buffered = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = self.closed = True

    def pause_reading(self) -> None:
        if self.closed:
            raise RuntimeError("uvloop refuses to pause what is closing")
        self.reading = False

    def resume_reading(self) -> None:
        if self.closed:
            raise RuntimeError("uvloop refuses to resume what is closing")
        self.reading = True

    def get_write_buffer_size(self) -> int:
        return self.buffered

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default
