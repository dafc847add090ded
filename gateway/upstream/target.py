"""A target: the base URL of an upstream, taken apart once."""

from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where an upstream listens. ``host`` is a name or an address, without brackets."""

    host: str
    port: int
    tls: bool


def read_target(url: str) -> Target:
    """Scheme, host and port of a base URL. Raises ValueError for anything else in it.

    >>> read_target("https://[::1]")
    Target(host='::1', port=443, tls=True)
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("a target is http:// or https:// with a host")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("a target has a scheme, a host and a port, nothing else")
    port = parts.port
    if port == 0:
        raise ValueError("a target's port is not 0")
    return Target(parts.hostname, PORTS[parts.scheme] if port is None else port, parts.scheme == "https")
