"""The wire under test: a scripted upstream, a spine that forwards, the listener between them; leaks are counted at the end."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from gateway.message.forward import NO_EDIT, AnswerEdit, Forward
from gateway.message.inbound import Inbound
from gateway.message.parked import Parked
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.server.limits import WireLimits
from gateway.server.listener_http import BODYLESS, Listener
from gateway.server.serve_http import Service
from gateway.upstream.date_line import DateLine
from gateway.upstream.limits import PoolLimits
from gateway.upstream.targets_http import Upstreams
from policylang.embed import FRAMING, HOP_BY_HOP, RequestRefused, connection_listed, fold, read_host, read_target
from tests.strategies.wirepoint import Listening, Wirepoint, dial, eventually, turns, until

NOON = 784_111_777_000_000
"""Sun, 06 Nov 1994 08:49:37 GMT, the instant of RFC 9110's examples."""
SECOND = 1_000_000
QUICK = WireLimits(sweep_seconds=0.02, linger_seconds=0.1, gather_seconds=0.02, half_closed_seconds=0.05)
DROPPED = HOP_BY_HOP | FRAMING | {b"host", b"expect", b"authorization"}

Decide = Callable[[Inbound, Record], Forward | Refusal | Parked[Forward | Refusal] | None]
Act = Callable[["Request", Wirepoint], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the upstream got it; ``case`` is the last segment of its path."""

    line: bytes
    head: bytes
    body: bytes = b""

    @property
    def case(self) -> str:
        """Which script it asks for."""
        return self.line.split(b" ")[1].partition(b"?")[0].rpartition(b"/")[2].decode()


class Upstream:
    """Answers by the last segment of the path: with bytes, or as a function does. ``requests`` are in order of arrival."""

    def __init__(self, answers: Mapping[str, bytes | Act]) -> None:
        self.answers = dict(answers)
        self.requests: list[Request] = []
        self.listening = Listening(self._serve)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.listening.port}"

    @property
    def lines(self) -> list[Wirepoint]:
        """Every connection that was made."""
        return self.listening.points

    async def asked(self, count: int) -> None:
        """Wait until so many requests have come."""
        await until(lambda: len(self.requests) >= count, self.listening.wakes)

    async def _serve(self, point: Wirepoint) -> None:
        while True:
            head = await point.read_until(b"\r\n\r\n")
            request = Request(head.partition(b"\r\n")[0], head)
            act = self.answers[request.case]
            if isinstance(act, bytes):
                request = replace(request, body=await read_body(head, point))
            self._note(request)
            if isinstance(act, bytes):
                point.write(act)
            else:
                await act(request, point)

    def _note(self, request: Request) -> None:
        self.requests.append(request)
        for wake in self.listening.wakes:
            if not wake.done():
                wake.set_result(None)


async def read_body(head: bytes, point: Wirepoint) -> bytes:
    """The body of a request, read strictly."""
    low = head.lower()
    chunked = low.count(b"\r\ntransfer-encoding: chunked\r\n")
    lengths = re.findall(rb"\r\ncontent-length: (\d+)\r\n", low)
    assert chunked + len(lengths) <= 1, "one framing, or none"
    if lengths:
        return await point.read(int(lengths[0]))
    body = b""
    while chunked:
        size = int(await point.read_until(b"\r\n"), 16)
        body += await point.read(size)
        assert await point.read(2) == b"\r\n"
        if size == 0:
            break
    return body


@dataclass
class PlainSpine:
    """Forwards what the real spine would take for well-formed. ``finished`` counts the ends of each record, by id."""

    targets: tuple[str, ...]
    decide: Decide | None = None
    edit: AnswerEdit = NO_EDIT
    connect_micros: int = 5 * SECOND
    answer_micros: int = 60 * SECOND
    idle_micros: int = 60 * SECOND
    records: list[Record] = field(default_factory=list)
    inbounds: list[Inbound] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)

    def begin(self, method: str) -> Record:
        record = Record(f"{len(self.records):016x}", NOON, method)
        self.records.append(record)
        self.ends[record.request_id] = 0
        return record

    def finished(self, record: Record) -> None:
        self.ends[record.request_id] += 1

    def start(self, request: Inbound, record: Record) -> Forward | Refusal | Parked[Forward | Refusal]:
        self.inbounds.append(request)
        if self.decide is not None:
            decided = self.decide(request, record)
            if decided is not None:
                return decided
        return self.forward(request, record)

    def forward(self, request: Inbound, record: Record) -> Forward | Refusal:
        """As the last step of the real spine does it, without anything of its own."""
        try:
            read_target(request.target)
            hosts = [value for name, value in request.headers if fold(name) == b"host"]
            read_host(hosts)
            listed = connection_listed(value for name, value in request.headers if fold(name) == b"connection")
        except RequestRefused as refused:
            return Refusal("malformed", refused.reason)
        lines = [request.method.encode() + b" " + request.target + b" HTTP/1.1", b"Host: " + hosts[0]]
        for name, value in request.headers:
            if fold(name) not in DROPPED and fold(name) not in listed:
                lines.append(name + b": " + value)
        record.kind = "allow"
        head = b"\r\n".join(lines) + b"\r\n"
        return Forward(head, self.targets, self.edit, self.connect_micros, self.answer_micros, self.idle_micros)


@dataclass(slots=True)
class Wire:
    """The wire, running."""

    port: int
    listener: Listener
    upstreams: Upstreams
    spine: PlainSpine
    upstream: Upstream
    points: list[Wirepoint] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    async def dial(self, receive: int | None = None) -> Wirepoint:
        """A client."""
        point = await dial(self.port, receive=receive, tls=self.tls)
        self.points.append(point)
        return point

    async def quiet(self) -> None:
        """Wait until nothing is in flight."""
        await eventually(lambda: self.listener.requests_served == 0)

    def record(self, index: int = -1) -> Record:
        """A record, by default of the last request."""
        return self.spine.records[index]


@asynccontextmanager
async def wire(
    answers: Mapping[str, bytes | Act],
    *,
    decide: Decide | None = None,
    edit: AnswerEdit = NO_EDIT,
    limits: WireLimits | None = None,
    pool: PoolLimits | None = None,
    targets: tuple[str, ...] | None = None,
    tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None,
    trust: ssl.SSLContext | None = None,
    connect_micros: int = 5 * SECOND,
    answer_micros: int = 60 * SECOND,
    idle_micros: int = 60 * SECOND,
) -> AsyncIterator[Wire]:
    """A wire, with its leaks looked for when the block ends. ``tls``: the contexts of the listener and of its clients;
    ``trust``: the context of its upstreams."""
    loop = asyncio.get_running_loop()
    upstream = Upstream(answers)
    await upstream.listening.start()
    spine = PlainSpine(targets or (upstream.url,), decide, edit, connect_micros, answer_micros, idle_micros)
    date = DateLine(lambda: NOON)
    upstreams = Upstreams(loop, date, pool or PoolLimits(sweep_seconds=0.02), trust)
    wired = limits or QUICK
    listener = Listener(Service(spine, upstreams, wired, date, BODYLESS), wired, loop)
    bound = await listener.bind("127.0.0.1", 0, tls=tls[0] if tls else None)
    running = Wire(bound[0][1], listener, upstreams, spine, upstream, tls=tls[1] if tls else None)
    try:
        yield running
    finally:
        for point in running.points:
            point.abort()
        await running.quiet()
        await turns()
        await listener.stop(0)
        upstreams.abort()
        await upstream.listening.stop()
    assert listener.connections_open == 0, "a client's connection leaked"
    assert listener.requests_served == 0, "a request leaked"
    assert not upstreams.in_use, "an upstream's connection leaked"
    assert set(spine.ends.values()) <= {1}, "a record was not finished exactly once"


def request(method: str, case: str, *lines: str, version: str = "1.1", body: bytes = b"") -> bytes:
    """A request for a case, with a Host, an accepted credential that must not travel, and more lines."""
    head = [f"{method} /orders/{case} HTTP/{version}", "Host: api.example.com", "Authorization: Bearer s3cr3t", *lines]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def ok(body: bytes = b"ok", *lines: bytes) -> bytes:
    """A plain answer."""
    return b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"Content-Length: %d" % len(body), b"", body))
