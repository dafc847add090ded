"""Which addresses keys may be fetched from: public ones, and those of hosts that the settings list."""

import ipaddress

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291 section 2.4: all else is for something special
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def may_connect(host: str, address: str, listed: frozenset[str]) -> bool:
    """May a connection for ``host`` (lower-case) go to this address?

    A host that is not listed only to where everybody can go (RFC 6890), loopback left out too: neither a document nor
    a name server can point a key set at a neighbour.
    """
    if host in listed:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public(ip)


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _embedded(ip)
        return ip in _GLOBAL_UNICAST and ip.is_global if inner is None else _is_public(inner)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translating or tunnelling one leads to."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
