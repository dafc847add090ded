"""The head of the request that travels on: the client's lines without what it must not say, then the gateway's own.

Law of this file: the gateway's lines are added after everything of the client's was dropped, and nothing that the client
sends can drop a line of the gateway's (R17).
"""

from typing import NamedTuple

from gateway.message.forward import Drops
from policylang.embed import FRAMING, HOP_BY_HOP, fold, is_forwarding

# The credential and what belongs to one connection never travel on (R42; RFC 9110 section 7.6.1).
ALWAYS_DROPPED = frozenset({b"authorization", b"host", b"expect", b"x-request-id", b"via"})
NAMES_KEPT = 4_096
LONGEST_KEPT = 64


class Origin(NamedTuple):
    """Where the request came from, as the service is told."""

    client_ip: bytes
    scheme: bytes
    host: bytes
    request_id: bytes


class HeadBuilder:
    """Builds heads for one plan. ``outputs``: folded names that any rule of the plan may set, dropped on every path."""

    def __init__(self, outputs: frozenset[bytes]) -> None:
        self._gone = outputs | ALWAYS_DROPPED | HOP_BY_HOP | FRAMING
        self._known: dict[bytes, bytes | None] = {}

    def build(
        self,
        line: bytes,
        headers: tuple[tuple[bytes, bytes], ...],
        listed: frozenset[bytes],
        drops: Drops,
        own: bytes,
        origin: Origin,
        host: bytes,
    ) -> bytes:
        """Request line and header lines, each ended by CRLF; no framing, no empty line.

        ``line`` is method and path, ``own`` a block of the gateway's lines, ``host`` the Host of the upstream.
        ``listed``: folded names that the client's Connection fields list.
        """
        out = [line, b" HTTP/1.1\r\nHost: ", host, b"\r\n"]
        known = self._known
        for name, value in headers:
            folded = known[name] if name in known else self._learn(name)
            if folded is None or folded in drops.names or folded in listed:
                continue
            if drops.prefixes and folded.startswith(drops.prefixes):
                continue
            if drops.cookies and folded == b"cookie":
                value = without_cookies(value, drops.cookies)  # noqa: PLW2901 -- the line as it travels on
                if not value:
                    continue
            out += (name, b": ", value, b"\r\n")
        out += (
            b"X-Forwarded-For: ", origin.client_ip, b"\r\nX-Forwarded-Proto: ", origin.scheme,
            b"\r\nX-Forwarded-Host: ", origin.host, b"\r\nX-Request-Id: ", origin.request_id, b"\r\n", own,
        )  # fmt: skip
        return b"".join(out)

    def _learn(self, name: bytes) -> bytes | None:
        """The folded name, or None for one that never travels; remembered while there is room for short ones."""
        folded = fold(name)
        answer = None if folded in self._gone or is_forwarding(folded) else folded
        if len(name) <= LONGEST_KEPT:
            if len(self._known) >= NAMES_KEPT:
                self._known.clear()
            self._known[name] = answer
        return answer


def without_cookies(value: bytes, names: frozenset[bytes]) -> bytes:
    """A Cookie field's value (RFC 6265 section 4.2.1) without the cookies of these names.

    >>> without_cookies(b"a=1; session=x; b=2", frozenset({b"session"}))
    b'a=1; b=2'
    """
    pairs = (pair.strip() for pair in value.split(b";"))
    return b"; ".join(p for p in pairs if p and p.partition(b"=")[0].strip() not in names)
