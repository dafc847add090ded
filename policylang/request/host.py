"""The Host of a request (RFC 9110 section 7.2), as labels: without case, port and trailing dot.

Reasons: ``host_missing``, ``host_repeated``, ``host_invalid``.
"""

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache

from policylang.request.errors import HostRefused

MAX_NAME = 254
"""Octets of a name with its final dot (RFC 1035 section 2.3.4)."""

# RFC 3986 lets a reg-name hold percent-triplets and sub-delims; no name that resolves has them. Underscores do occur.
_HOST = re.compile(
    rb"(?P<host>(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)\.?|\[(?P<v6>[0-9A-Fa-f:.]{2,45})\])"
    rb"(?::(?P<port>[0-9]{0,5}))?"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def read_host(values: Sequence[bytes]) -> tuple[str, ...]:
    """The labels of the one Host field, left to right; an IPv6 address is one label in brackets, in canonical spelling.

    Raises HostRefused unless there is exactly one value and it is a host.

    >>> read_host([b"API.Example.com.:443"])
    ('api', 'example', 'com')
    """
    if len(values) != 1:
        raise HostRefused("host_repeated" if values else "host_missing")
    return _labels(values[0])


@lru_cache(maxsize=1024)
def _labels(value: bytes) -> tuple[str, ...]:
    match = _HOST.fullmatch(value)
    if match is None or int(match["port"] or b"0") > 65535:
        raise HostRefused("host_invalid")
    if match["v6"] is not None:
        try:
            return (f"[{ipaddress.IPv6Address(match['v6'].decode('ascii'))}]",)
        except ValueError:
            raise HostRefused("host_invalid") from None
    labels = tuple(match["name"].decode("ascii").lower().split("."))
    if match.end("host") > MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise HostRefused("host_invalid")
    return labels
