"""What comes on one client's connection, byte by byte: where heads begin and end, and what the framing of a body weighs.

The parser tells neither how a request line was spelled nor how large a head was, and it charges nobody for framing. This file
does, and only where a request is not as plain as they come. Law of this file: it parses nothing; it finds the messages that the
parser has found in the bytes that they came from, and what cannot be found as RFC 9112 spells it is refused.
"""

from collections import deque
from typing import Any

from aiohttp.http import HttpProcessingError, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from gateway.server.framing import CONTENT_LENGTH
from gateway.server.limits import WireLimits

HEAD_END = b"\r\n\r\n"
EMPTY_LINE = b"\r\n"
EMPTY_BYTES = 8 * len(EMPTY_LINE)
"""Empty lines that may stand before a request line; RFC 9112 section 2.2 asks for one."""
BODY_ENDS = b"0\r\n\r\n"
CHUNKED = -1

Messages = deque[tuple[Any, Any]]


class RequestLineCrooked(HttpProcessingError):
    """A request line that is not method, one space, target, one space, ``HTTP/1.x`` (RFC 9112 section 3)."""


class HeadTooLarge(HttpProcessingError):
    """A head beyond WireLimits.head_bytes."""


class FramingTooLarge(HttpProcessingError):
    """A chunked body whose framing outweighs it; its request waits behind another."""


class Watch:
    """One connection's bytes. ``begun``: those of a head that is not complete.

    ``body``: the body that is still on its way, with ``left`` bytes to come, or CHUNKED. ``outweighed``: its framing is
    beyond bounds. ``at``: where in the queue of messages the one stands that ``came`` complains of.
    """

    __slots__ = ("_blank", "_framed", "_limits", "at", "begun", "body", "left", "outweighed")

    def __init__(self, limits: WireLimits) -> None:
        self._limits = limits
        self._blank = 0
        self._framed = 0
        self.begun = bytearray()
        self.body: StreamReader | None = None
        self.left = 0
        self.outweighed = False
        self.at = 0

    @property
    def rests(self) -> bool:
        """Whether the next byte begins a request."""
        return self.body is None and not self.begun and not self._blank

    def came(self, data: bytes, messages: Messages, known: int, paused: bool) -> HttpProcessingError | None:
        """Account for bytes that the parser was given, and for the messages it has found since there were ``known``.

        ``paused``: it has not read all of them yet. What is wrong with a head is returned.
        """
        body = self.body
        if body is not None:
            if self.left == CHUNKED:
                self._weigh(body, len(data), paused)
                return None
            if len(data) < self.left:
                self.left -= len(data)
                return None
            data = data[self.left :]
            self.body = None
        self.begun += data
        return self._find(messages, known)

    def drop(self, data: bytes) -> None:
        """Bytes of a body that was refused: they are not parsed. Its likely end ends the wait for it."""
        body = self.body
        if body is not None and data.endswith(BODY_ENDS) and not body.is_eof():
            body.feed_eof()

    def _weigh(self, body: StreamReader, size: int, paused: bool) -> None:
        if body.is_eof():
            self.body = None
            return
        self._framed += size
        # What the parser has put off is no framing; it looks at all of it before more is read.
        self.outweighed = not paused and self._framed > self._limits.framing_bytes + 2 * body.total_bytes

    def _find(self, messages: Messages, known: int) -> HttpProcessingError | None:
        """Find the new messages in the bytes; what is left of these begins the next head."""
        begun, most = self.begun, self._limits.head_bytes
        at = 0
        for self.at in range(known, len(messages)):
            message, payload = messages[self.at]
            if type(message) is not RawRequestMessage:
                return None  # the parser's own complaint
            begins = _behind_empty_lines(begun, at)
            if self._blank + begins - at > EMPTY_BYTES:
                return RequestLineCrooked()
            self._blank = 0
            at = begins
            end = begun.find(HEAD_END, at) + len(HEAD_END)
            line = f"{message.method} {message.path} HTTP/1.".encode("utf-8", "surrogateescape")
            if end < len(HEAD_END) or not begun.startswith(line, at):
                return RequestLineCrooked()
            if end - at > most:
                return HeadTooLarge()
            at = end
            if payload is not EMPTY_PAYLOAD:
                at = self._expect(message, payload, at)
        del begun[:at]
        self.at = len(messages)
        at = _behind_empty_lines(begun, 0)
        del begun[:at]
        self._blank += at
        if self._blank > EMPTY_BYTES:
            return RequestLineCrooked()
        # Whole requests wait here while the parser's queue is full.
        return HeadTooLarge() if len(begun) > most and begun.find(HEAD_END, 0, most) < 0 else None

    def _expect(self, message: RawRequestMessage, payload: StreamReader, at: int) -> int:
        """A body begins at ``at``: where it ends, if that is here."""
        here = len(self.begun)
        if message.chunked:
            if not payload.is_eof():
                self.body, self.left, self._framed = payload, CHUNKED, here - at
            return here  # its connection ends with it
        end = at + int(message.headers.get(CONTENT_LENGTH, "0"))
        if end > here:
            self.body, self.left = payload, end - here
        return end


def _behind_empty_lines(data: bytearray, at: int) -> int:
    while data.startswith(EMPTY_LINE, at):
        at += len(EMPTY_LINE)
    return at
