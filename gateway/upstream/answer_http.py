"""The reader: an upstream's bytes in, bytes for the client out, by llhttp at its strictest.

Law of this file: what an upstream sends is framed anew; nothing of its framing, its connection fields, its interim answers or
its trailers reaches the client. What cannot be read with certainty is Broken, never guessed.
"""

from collections.abc import Callable

import httptools

from gateway.message.forward import AnswerEdit
from gateway.upstream.answer_head import (
    CODING,
    CONNECTION,
    DATE,
    LENGTH,
    PASS,
    REASON,
    STATUS_LINES,
    FieldName,
    FieldNames,
    without_listed,
)
from gateway.upstream.limits import PoolLimits
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT, UPLOAD

OPENINGS = {b"HTTP/1.1 ": False, b"HTTP/1.0 ": True}
OPENING = 9
# A body of known length beyond this is counted, not parsed: llhttp need not look at every byte of it.
COUNTED_FROM = 16_384
# What Connection says in nearly every answer: no field is listed in it.
ALONE = frozenset({b"keep-alive", b"close"})
CHUNK_END = b"0\r\n\r\n"


class Broken(Exception):
    """An answer that no gateway may pass on."""


class AnswerReader:
    """Reads the answers on one connection, one after another. Sans I/O.

    ``out``: bytes for the client since it was last emptied. ``status``: 0 until the head is complete. ``complete``: the answer
    is. ``spoiled``: bytes came behind it. ``begun``: any byte of it came. ``last``: its head closes the client's connection.
    """

    __slots__ = (
        "_chunks", "_coding", "_date", "_dated", "_edit", "_fields", "_held", "_in_head", "_interims",
        "_left", "_length", "_limits", "_names", "_old", "_opened", "_parser", "_persists", "_quiet", "_reason",
        "_size", "_stale", "_wants", "begun", "complete", "ends_with_connection", "last", "out", "spoiled",
        "status",
    )  # fmt: skip

    def __init__(self, names: FieldNames, limits: PoolLimits, date: Callable[[], bytes]) -> None:
        self._names = names
        self._limits = limits
        self._date = date
        self._parser = httptools.HttpResponseParser(self)
        self._stale = False
        self.spoiled = False
        self.out: list[bytes] = []
        self.complete = True

    def expect(self, edit: AnswerEdit, wants: int) -> None:
        """The next answer: how its head is edited, and what the client's side wants of it (bits of ports)."""
        if self._stale:
            self._parser = httptools.HttpResponseParser(self)
            self._stale = False
        self._edit = edit
        self._wants = wants
        self._in_head = True
        self._old = self._opened = self.begun = self.complete = self.ends_with_connection = self.last = False
        self._held = b""
        self._interims = self._left = self._quiet = self._size = self.status = 0
        self.out = []

    def uploaded(self) -> None:
        """The request is sent whole: its answer need not end the client's connection."""
        self._wants &= ~UPLOAD

    @property
    def reusable(self) -> bool:
        """Whether another exchange may follow on the connection."""
        return self.complete and self._persists and not self.spoiled

    def feed(self, data: bytes) -> None:
        """Bytes from the upstream. Raises Broken."""
        if self._left:
            self._count(data)
            return
        self.begun = True
        if not self._opened:
            if data.startswith(b"HTTP/1.1 ") and not self._held:
                self._opened = True
            else:
                data = self._open(data)
                if not data:
                    return
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self.complete:
                raise Broken from error
            self.spoiled = True
        if self.complete:
            return
        if self._in_head or not self.out:
            self._endure(len(data))
        else:
            self._quiet = 0

    def take(self) -> bytes:
        """The bytes for the client, once."""
        out = self.out
        self.out = []
        return out[0] if len(out) == 1 else b"".join(out)

    def end(self) -> bool:
        """The connection ended: whether that completes the answer (RFC 9112 section 6.3, rule 8)."""
        if self.complete or not self.ends_with_connection:
            return False
        if self._chunks:
            self.out.append(CHUNK_END)
        self.complete = True
        return True

    def _open(self, data: bytes) -> bytes:
        """Hold the first bytes until the protocol and its version are known: llhttp takes RTSP, 0.9 and 2.0 as well."""
        data = self._held + data
        if len(data) < OPENING:
            if not any(opening.startswith(data) for opening in OPENINGS):
                raise Broken
            self._held = data
            return b""
        old = OPENINGS.get(data[:OPENING])
        if old is None:
            raise Broken
        self._old = old
        self._opened = True
        return data

    def _endure(self, size: int) -> None:
        """Nothing for the client came out of these bytes: a head that goes on, or chunk extensions and trailers that do."""
        if self._in_head:
            if self._size > self._limits.head_bytes:
                raise Broken
            return
        self._quiet += size
        if self._quiet > self._limits.head_bytes:
            raise Broken

    def _count(self, data: bytes) -> None:
        """Bytes of a body whose length is known; what is too much is not the answer's."""
        size = len(data)
        if size > self._left:
            self.spoiled = True
            data = data[: self._left]
            size = self._left
        self._left -= size
        self.out.append(data)
        if not self._left:
            self.complete = True

    # What llhttp calls.

    def on_message_begin(self) -> None:
        """A head begins: the answer's, one behind an interim answer, or one that nobody asked for."""
        if self.complete:
            self.spoiled = True
            return
        self._fields: list[tuple[FieldName, bytes]] = []
        self._reason = b""

    def on_status(self, reason: bytes) -> None:
        """A piece of the reason phrase."""
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; one that comes later is a trailer and goes no further (R44)."""
        if self._in_head:
            self._fields.append((self._names[name], value))

    def on_headers_complete(self) -> None:
        """The head is complete: frame the answer and write its head, unless it is an interim one."""
        if not self._in_head:
            return
        status = self._parser.get_status_code()
        kept = self._sort_fields()
        if status < 200:
            # Nobody asked for 101, and an interim answer with a body is no answer (RFC 9110 section 15.2).
            if status < 100 or status == 101 or self._length >= 0 or self._coding:
                raise Broken
            self._interims += 1
            return
        if status not in STATUS_LINES or (self._interims and self._parser.get_http_version() not in {"1.0", "1.1"}):
            raise Broken
        if self._coding and self._old:
            raise Broken  # RFC 9112 section 6.1
        self.status = status
        self._in_head = False
        self._frame(status)
        self._write_head(status, kept)

    def on_body(self, data: bytes) -> None:
        """A piece of the body."""
        if self.complete:
            self.spoiled = True
        elif self._chunks:
            self.out += (b"%x\r\n" % len(data), data, b"\r\n")
        else:
            if self._left:
                self._left -= len(data)
            self.out.append(data)

    def on_message_complete(self) -> None:
        """The end of the answer, or of an interim one."""
        if self._in_head or self.complete:
            return
        if self._chunks:
            self.out.append(CHUNK_END)
        self._left = 0
        self._stale = False
        self.complete = True

    def _sort_fields(self) -> list[bytes]:
        """Line starts and values in turn of the fields that pass; what frames the answer is noted."""
        remove, prefixes, _ = self._edit
        kept: list[bytes] = []
        options: list[bytes] = []
        self._length = -1
        self._coding = self._dated = False
        for (kind, start, low), value in self._fields:
            if kind == PASS:
                if low not in remove and not (prefixes and low.startswith(prefixes)):
                    kept += (start, value)
            elif kind == LENGTH:
                self._length = int(value)
            elif kind == DATE:
                if not self._dated:
                    kept += (start, value)
                    self._dated = True
            elif kind == CONNECTION:
                if value not in ALONE:
                    options.append(value)
            elif kind == CODING:
                # A coding that is not understood cannot be framed anew; twice chunked is no coding (RFC 9112 section 7).
                if self._coding or value.rstrip(b" \t").lower() != b"chunked":
                    raise Broken
                self._coding = True
        return without_listed(kept, options) if options else kept

    def _frame(self, status: int) -> None:
        """Where the body ends, and how the client is told (RFC 9112 section 6.3)."""
        wants = self._wants
        self.last = bool(wants & (LAST | UPLOAD))
        self._chunks = False
        self._persists = self._parser.should_keep_alive()
        if wants & NO_BODY or status in {204, 304}:
            self.complete = True
            self._stale = bool(wants & NO_BODY)
            return
        if self._length >= 0:
            if self._length > COUNTED_FROM:
                self._left = self._length
                self._stale = True
            return
        self.ends_with_connection = not self._coding
        if wants & OLD_CLIENT:
            self.last = True
        else:
            self._chunks = True

    def _write_head(self, status: int, kept: list[bytes]) -> None:
        limits = self._limits
        if len(kept) > 2 * limits.head_fields or (
            self._size > limits.head_bytes and sum(map(len, kept)) > limits.head_bytes
        ):
            raise Broken
        reason = self._reason
        if reason != b"OK" and not REASON(reason):
            raise Broken
        out = self.out
        out += (STATUS_LINES[status], reason)
        out += kept
        if self._length >= 0 and status != 204:
            out.append(b"\r\nContent-Length: %d\r\n" % self._length)
        else:
            out.append(b"\r\n")
        if not self._dated:
            out.append(self._date())
        out.append(self._edit.add)
        if self._chunks:
            out.append(b"Transfer-Encoding: chunked\r\n")
        if self.last:
            out.append(b"Connection: close\r\n\r\n")
        elif self._wants & OLD_CLIENT:
            out.append(b"Connection: keep-alive\r\n\r\n")
        else:
            out.append(b"\r\n")
