"""The head of the request that travels on: the client's lines without what it must not say, then the gateway's own.

Law of this file: the gateway's lines are added after everything of the client's was dropped, and nothing that the client
sends can drop a line of the gateway's (R17).
"""

from gateway.message.forward import Drops
from policylang.embed import FRAMING, HOP_BY_HOP, fold, is_claiming, is_forwarding

# The credential and what belongs to one connection never travel on (R42; RFC 9110 section 7.6.1).
ALWAYS_DROPPED = frozenset({b"authorization", b"host", b"expect", b"x-request-id", b"via"})
CRLF = b"\r\n"
# RFC 9110 section 7.6.3: a gateway says by which version it was asked, under a name that tells nothing of its machine.
VIA = b"Via: 1.1 policylang\r\n"
VIA_OLD_CLIENT = b"Via: 1.0 policylang\r\n"
NAMES_KEPT = 4_096
LONGEST_KEPT = 64


def origin_lines(client_ip: bytes, scheme: bytes, host: bytes, request_id: bytes, via: bytes = VIA) -> bytes:
    """Where the request came from, as the service is told: a block of header lines. ``host`` as the client sent it."""
    return via + b"X-Forwarded-For: %s\r\nX-Forwarded-Proto: %s\r\nX-Forwarded-Host: %s\r\nX-Request-Id: %s\r\n" % (
        client_ip,
        scheme,
        host,
        request_id,
    )


class HeadBuilder:
    """Builds heads for one plan. ``outputs``: folded names that any rule of the plan may set, dropped on every path."""

    def __init__(self, outputs: frozenset[bytes]) -> None:
        self._gone = outputs | ALWAYS_DROPPED | HOP_BY_HOP | FRAMING
        self._known: dict[bytes, tuple[bytes, bytes] | None] = {}

    def build(
        self,
        line: bytes,
        headers: tuple[tuple[bytes, bytes], ...],
        listed: frozenset[bytes],
        drops: Drops,
        own: bytes,
        host: bytes,
    ) -> bytes:
        """Request line and header lines, each ended by CRLF; no framing, no empty line.

        ``line`` is method and path, ``own`` a block of the gateway's lines, ``host`` the Host of the upstream.
        ``listed``: folded names that the client's Connection fields list.
        """
        out = [line, b" HTTP/1.1\r\nHost: ", host]
        known = self._known
        dropped = drops.names | listed if listed else drops.names
        prefixes, cookies = drops.prefixes, drops.cookies
        for name, value in headers:
            travels = known[name] if name in known else self._learn(name)
            if travels is None:
                continue
            folded, start = travels
            if folded in dropped or (prefixes and folded.startswith(prefixes)):
                continue
            if cookies and folded == b"cookie":
                value = without_cookies(value, cookies)  # noqa: PLW2901 -- the line as it travels on
                if not value:
                    continue
            out += (start, value)
        out.append(CRLF)
        out.append(own)
        return b"".join(out)

    def _learn(self, name: bytes) -> tuple[bytes, bytes] | None:
        """The folded name and how its line begins, or None for one that never travels; remembered while there is room."""
        folded = fold(name)
        gone = folded in self._gone or is_forwarding(folded) or is_claiming(folded)
        answer = None if gone else (folded, b"\r\n%s: " % name)
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
