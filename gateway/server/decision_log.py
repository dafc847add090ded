"""The decision log: one JSON line for each request, written in batches, off the path of the request.

Law of this file: a line holds names, digests and numbers; no token, claim value or header of the client's gets in here.
"""

import json
import os
from collections import deque
from datetime import UTC, datetime
from functools import lru_cache

from gateway.message.record import Record

PENDING_AT_MOST = 65_536
BATCH = 256

# Made once: json.dumps makes an encoder for each call that asks for separators.
ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, check_circular=False).encode


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
    """A record as one line of ``schemas/decision-log.v1.json``."""
    shown: dict[str, object] = {
        "v": 1,
        "time": f"{_second(record.started // 1_000_000)}.{record.started % 1_000_000:06d}Z",
        "request_id": record.request_id,
        "method": record.method if _plain(record.method) else "OTHER",
        "decision": record.kind,
        "status": record.status,
        "duration_us": max(0, record.finished - record.started),
        "bytes_in": record.bytes_in,
        "bytes_out": record.bytes_out,
    }
    if record.identity:
        shown["identity"] = record.identity.hex()
    if record.reason:
        shown["reason"] = record.reason[:500]
    if record.upstream:
        shown["upstream"] = record.upstream
    if record.outage_allowed:
        shown["uncounted"] = True
    _named(shown, record)
    return ENCODE(shown).encode("ascii") + b"\n"


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    """A second as RFC 3339 has it, without fraction and zone: thousands of requests share one."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _named(shown: dict[str, object], record: Record) -> None:
    names = record.plan
    if names is None:
        return
    shown["plan"] = names.digest
    if record.route >= 0:
        shown["route"] = names.routes[record.route]
    if record.issuer >= 0:
        shown["issuer"] = names.issuers[record.issuer]
    if record.rule >= 0:
        shown["rule"] = names.rules[record.rule]
    if record.policies:
        shown["policies"] = [names.policies[policy] for policy in record.policies]
    if record.shadows:
        said = {None: "fault", True: "true", False: "false"}
        shown["shadows"] = {names.rules[rule]: said[value] for rule, value in record.shadows}


def _plain(method: str) -> bool:
    return method.isascii() and method.replace("-", "A").isalnum() and method.isupper() and len(method) <= 32
