"""Small writes of one turn of the event loop, sent back to back.

A write wakes whoever waits for it on another core, and on a machine whose cores sleep that is the dearest part of it. Several
in a row wake the other side once, and find it awake. Law of this file: what is written to one transport keeps its order.
"""

import asyncio

SMALL = 4_096
"""Bytes up to which a write may wait for the end of the turn; larger ones are worth a system call of their own."""
AT_MOST = 16
"""Writes that wait for each other: the first of them waits for the work of so many requests, and no longer."""


class Outbox:
    """Holds writes until the end of the turn, until there are ``at_most``, or until somebody asks."""

    __slots__ = ("_at_most", "_loop", "_waiting")

    def __init__(self, loop: asyncio.AbstractEventLoop, at_most: int = AT_MOST) -> None:
        self._loop = loop
        self._at_most = at_most
        self._waiting: list[tuple[asyncio.Transport, bytes]] = []

    def write(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write, now or by the end of this turn."""
        waiting = self._waiting
        waiting.append((transport, data))
        count = len(waiting)
        if count >= self._at_most or len(data) > SMALL:
            self.flush()
        elif count == 1:
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits; a transport that was closed meanwhile gets nothing."""
        waiting = self._waiting
        if waiting:
            self._waiting = []
            for transport, data in waiting:
                if not transport.is_closing():
                    transport.write(data)
