"""The decision log: one JSON line for each request, written in batches, off the path of the request.

Law of this file: a line holds names, digests and numbers; no token, claim value or header of the client's gets in here.
"""

import json
import json.encoder
import os
from collections import deque
from datetime import UTC, datetime
from functools import lru_cache

from gateway.message.record import PlanNames, Record

PENDING_AT_MOST = 65_536
BATCH = 256
EXPLAINED_AT_MOST = 1_024
"""Records behind which no explanation is kept any more: they are large, and a flood of refusals is no time to fill memory."""
EXPLANATION_CHARS = 64 * 1024
"""A longer explanation is left out: a log line has to be readable by whoever collects it."""

# A text as JSON has it, in ASCII and quoted: the C function behind the json module.
_text = json.encoder.encode_basestring_ascii


class DecisionLog:
    """Lines for a file descriptor. ``dropped`` counts records that came faster than they could be written."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pending: deque[Record] = deque()
        self._rest = b""
        self.dropped = 0
        self.written = 0

    def add(self, record: Record) -> None:
        """Keep a record for the next batch."""
        if len(self._pending) >= PENDING_AT_MOST:
            self.dropped += 1
            return
        if len(self._pending) >= EXPLAINED_AT_MOST:
            record.explanation = None
        self._pending.append(record)

    @property
    def pending(self) -> int:
        """Records that are not written yet."""
        return len(self._pending) + bool(self._rest)

    def write_batch(self) -> bool:
        """Write up to one batch; whether there is more. A reader that is slow (EAGAIN) gets the rest next time."""
        if not self._rest:
            batch = [self._pending.popleft() for _ in range(min(BATCH, len(self._pending)))]
            if not batch:
                return False
            self._rest = b"".join(line(record) for record in batch)
            self.written += len(batch)
        try:
            sent = os.write(self._fd, self._rest)
        except BlockingIOError:
            return False
        self._rest = self._rest[sent:]
        return bool(self._rest or self._pending)


def line(record: Record) -> bytes:
    """A record as one line of ``schemas/decision-log.v1.json``.

    Written out by hand: an encoder over a dictionary costs three times as much, on each request. Every text goes
    through ``_text``.
    """
    method = _method(record.method)
    duration = max(0, record.finished - record.started)
    out = [
        (
            f'{{"v":1,"time":"{_second(record.started // 1_000_000)}.{record.started % 1_000_000:06d}Z"'
            f',"request_id":{_text(record.request_id)},"method":{method},"decision":{_text(record.kind)}'
            f',"status":{record.status},"duration_us":{duration},"bytes_in":{record.bytes_in},"bytes_out":{record.bytes_out}'
        )
    ]
    if record.identity:
        out.append(f',"identity":"{record.identity.hex()}"')
    if record.reason:
        out.append(f',"reason":{_text(record.reason[:500])}')
    if record.upstream:
        out.append(f',"upstream":{record.upstream}')
    if record.cut:
        out.append(',"cut":true')
    if record.outage_allowed:
        out.append(',"uncounted":true')
    if record.plan is not None:
        _named(out, record.plan, record)
    if record.explanation is not None:
        text = json.dumps(record.explanation, separators=(",", ":"))
        if len(text) <= EXPLANATION_CHARS:
            out.append(f',"explanation":{text}')
    out.append("}\n")
    return "".join(out).encode("ascii")


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    """A second as RFC 3339 has it, without fraction and zone: thousands of requests share one."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _named(out: list[str], names: PlanNames, record: Record) -> None:
    out.append(
        _names(
            names.digest,
            names.routes[record.route] if record.route >= 0 else "",
            names.issuers[record.issuer] if record.issuer >= 0 else "",
            names.rules[record.rule] if record.rule >= 0 else "",
            tuple([names.policies[policy] for policy in record.policies]),
        )
    )
    if record.shadows:
        said = {None: "fault", True: "true", False: "false"}
        pairs = [f'{_text(names.rules[rule])}:"{said[value]}"' for rule, value in record.shadows]
        out.append(f',"shadows":{{{",".join(pairs)}}}')


@lru_cache(maxsize=4096)
def _names(digest: str, route: str, issuer: str, rule: str, policies: tuple[str, ...]) -> str:
    """The members that name parts of the plan; an empty name is none. Few combinations make up nearly all requests."""
    out = f',"plan":{_text(digest)}'
    for member, name in (("route", route), ("issuer", issuer), ("rule", rule)):
        if name:
            out += f',"{member}":{_text(name)}'
    if policies:
        out += f',"policies":[{",".join([_text(policy) for policy in policies])}]'
    return out


@lru_cache(maxsize=64)
def _method(method: str) -> str:
    """A method as JSON; what is no method anybody uses is the client's own text, and stays out."""
    plain = method.isascii() and method.replace("-", "A").isalnum() and method.isupper() and len(method) <= 32
    return _text(method) if plain else '"OTHER"'
