"""The algebra of header fields: which names are one name, which end at this hop, which no rule may set.

Law of this file: names compare folded: without case, and everything but letters and digits as ``-``. To RFC 9110
``X_User``, ``X.User`` and ``X-User`` are three fields; to upstreams that make variables of names (CGI, WSGI, Rack, PHP)
they are one, and the client's would be read as the gateway's word.
"""

import re
from collections.abc import Iterable

from policylang.request.errors import HeaderRefused

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110 section 5.6.2
_FIELD_VALUE = re.compile(rb"(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?")  # RFC 9110 section 5.5
_PRINTABLE = re.compile(rb"[ -~]*")


_FOLDED = bytes(ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else ord("-") for byte in range(256))


def fold(name: bytes) -> bytes:
    """The spelling under which names compare.

    >>> fold(b"X_User-ID")
    b'x-user-id'
    >>> fold(b"X.User")
    b'x-user'
    """
    return name.translate(_FOLDED)


HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
"""Fields that end at this hop (RFC 9110 section 7.6.1, with those of RFC 2616 section 13.5.1), folded."""

FRAMING = frozenset((b"content-length", b"transfer-encoding"))
"""Fields that delimit a body (RFC 9112 section 6): bodies are framed anew."""

FORWARDING = (b"forwarded", b"x-forwarded", b"x-real-ip", b"x-original-", b"x-rewrite-")
"""Beginnings of folded names that tell what an earlier hop saw. By prefix: a list would miss the next one."""

CLAIMING = frozenset(
    (
        # The method that was decided on is not changed behind it.
        b"x-http-method",
        b"x-http-method-override",
        b"x-method-override",
        # CGI makes HTTP_PROXY of it, which HTTP clients take for their proxy (CVE-2016-5385).
        b"proxy",
        # Addresses of clients, as proxies and delivery networks tell them.
        b"cf-connecting-ip",
        b"cf-connecting-ipv6",
        b"cf-pseudo-ipv4",
        b"client-ip",
        b"fastly-client-ip",
        b"proxy-client-ip",
        b"true-client-ip",
        b"wl-proxy-client-ip",
        b"x-appengine-user-ip",
        b"x-azure-clientip",
        b"x-azure-socketip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-envoy-external-address",
        b"x-envoy-original-path",
        b"x-proxyuser-ip",
        # Users, as proxies that authenticate tell them.
        b"remote-user",
        b"remote-groups",
        b"remote-name",
        b"remote-email",
    )
)
"""Folded names, beside those of FORWARDING, by which only a hop in front of a service speaks to it. Rules may set them."""

CLAIMING_BEGINNINGS = (b"x-remote-", b"x-authenticated-", b"x-auth-request-", b"x-webauth-")
"""Beginnings of folded names that are as those of CLAIMING."""

UNSETTABLE = HOP_BY_HOP | FRAMING | frozenset((b"host", b"expect"))
"""Folded names, beside those of FORWARDING, that no rule may set."""


def is_forwarding(folded: bytes) -> bool:
    """Does a folded name speak for an earlier hop?"""
    return folded.startswith(FORWARDING)


def is_claiming(folded: bytes) -> bool:
    """Is a folded name, in a client's mouth, a claim of what only the gateway or a rule can know?"""
    return folded in CLAIMING or folded.startswith(CLAIMING_BEGINNINGS)


def is_settable(name: bytes) -> bool:
    """May a rule set this field? False for what is no field name at all."""
    folded = fold(name)
    return is_field_name(name) and folded not in UNSETTABLE and not folded.startswith(FORWARDING)


def connection_listed(values: Iterable[bytes]) -> frozenset[bytes]:
    """Folded names of the options in Connection fields (RFC 9110 section 7.6.1): they end at this hop as well.

    They are taken from the client's request before anything is set, so a client cannot name what the gateway sets.
    Raises HeaderRefused ``connection_invalid``.
    """
    options = [option.strip(b" \t") for value in values for option in value.split(b",")]
    names = [option for option in options if option]
    if not all(_TOKEN.fullmatch(name) for name in names):
        raise HeaderRefused("connection_invalid")
    return frozenset(fold(name) for name in names)


def is_field_name(name: bytes) -> bool:
    """A token (RFC 9110 section 5.1)."""
    return _TOKEN.fullmatch(name) is not None


def is_field_value(value: bytes) -> bool:
    """What a message may carry (RFC 9110 section 5.5): no control but HTAB, no blank at either end."""
    return _FIELD_VALUE.fullmatch(value) is not None


def printable_text(value: bytes) -> str | None:
    """The text of a value that rules may read or set: printable ASCII; None otherwise."""
    return value.decode("ascii") if _PRINTABLE.fullmatch(value) else None
