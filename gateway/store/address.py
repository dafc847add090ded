"""Where a Redis store is: one server, a cluster, or a service that Sentinels watch, from its URL.

Law of this file: no credential stands in a URL: URLs end up in logs, process lists and error reports.
"""

from dataclasses import dataclass
from typing import Literal

PORT = 6379
SENTINEL_PORT = 26379
MAX_DATABASE = 2**31 - 1

Place = tuple[str, int]
Kind = Literal["standalone", "cluster", "sentinel"]

_SCHEMES: dict[str, tuple[Kind, bool]] = {
    "redis": ("standalone", False),
    "rediss": ("standalone", True),
    "redis+cluster": ("cluster", False),
    "rediss+cluster": ("cluster", True),
    "redis+sentinel": ("sentinel", False),
    "rediss+sentinel": ("sentinel", True),
}


class AddressRefused(ValueError):
    """A URL that does not say where a store is. The message has no part of the URL but its scheme."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """``places``: the server; some nodes of the cluster; the Sentinels. ``service`` is what the Sentinels call it."""

    kind: Kind
    tls: bool
    places: tuple[Place, ...]
    service: str = ""
    database: int = 0


def read_address(url: str) -> StoreAddress:
    """Read ``redis://host:port/db``, ``redis+cluster://h:p,h:p``, ``redis+sentinel://h:p,h:p/service/db``; rediss: TLS.

    >>> read_address("redis://127.0.0.1").places
    (('127.0.0.1', 6379),)
    """
    scheme, found, rest = url.partition("://")
    if not found or scheme not in _SCHEMES:
        raise AddressRefused(f"store.url: the scheme is none of {', '.join(_SCHEMES)}")
    kind, tls = _SCHEMES[scheme]
    authority, _, path = rest.partition("/")
    if "@" in rest:
        raise AddressRefused("store.url: no credential stands in a URL; set store.username and store.password")
    if "?" in rest or "#" in rest:
        raise AddressRefused("store.url: it takes no options; they are settings of [store]")
    port = SENTINEL_PORT if kind == "sentinel" else PORT
    places = tuple(_place(part, port) for part in authority.split(","))
    if kind == "standalone" and len(places) > 1:
        raise AddressRefused(
            f"store.url: {scheme}:// names one server; use {scheme}+cluster:// or {scheme}+sentinel://"
        )
    parts = path.split("/") if path else []
    service = ""
    if kind == "sentinel":
        if not parts or not parts[0]:
            raise AddressRefused(f"store.url: {scheme}:// needs the name of the service: {scheme}://host:port/service")
        service = parts.pop(0)
    return StoreAddress(kind, tls, places, service, _database(kind, parts))


def _place(text: str, port: int) -> Place:
    host, number = text, ""
    if text.startswith("["):
        host, closed, behind = text[1:].partition("]")
        if not closed or (behind and not behind.startswith(":")):
            raise AddressRefused("store.url: an IPv6 address stands in brackets, then :port")
        number = behind[1:]
    elif ":" in text:
        host, _, number = text.partition(":")
    if not host or not host.isascii() or any(c.isspace() or not c.isprintable() for c in host):
        raise AddressRefused("store.url: a host is empty or has characters that no host has")
    if not number:
        if text.endswith(":"):
            raise AddressRefused("store.url: a port is missing after its colon")
        return host, port
    if not number.isdigit() or not number.isascii() or not 0 < int(number) < 65536:
        raise AddressRefused("store.url: a port is a number from 1 to 65535")
    return host, int(number)


def _database(kind: Kind, parts: list[str]) -> int:
    if parts in ([], [""]):
        return 0
    if len(parts) > 1 or not parts[0].isdigit() or not parts[0].isascii() or int(parts[0]) > MAX_DATABASE:
        raise AddressRefused("store.url: behind the address there is only the number of a database")
    if kind == "cluster" and int(parts[0]):
        raise AddressRefused("store.url: a cluster has only database 0")
    return int(parts[0])
