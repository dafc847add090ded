"""The client's address: the socket's peer, or what trusted proxies say of it.

Law of this file: nobody is trusted by default, and a line is read from its right end: what stands left of the first
address that is not a trusted proxy's was written by that address.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from policylang.request.errors import HeaderRefused

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# "1.2.3.4", "1.2.3.4:5", "::1", "[::1]", "[::1]:5": proxies write all of them
_HOP = re.compile(rb"(?:([0-9.]{7,15})|\[([0-9A-Fa-f:.]{2,45})\])(?::[0-9]{1,5})?|([0-9A-Fa-f:.]{2,45})")


def canonical_ip(text: str) -> str:
    """An address in its one spelling: an IPv4-mapped IPv6 address as IPv4, without zone. ValueError if it is none.

    >>> canonical_ip("::FFFF:10.0.0.1")
    '10.0.0.1'
    """
    return str(_address(text.partition("%")[0]))


def trusted_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks of proxies whose word counts, from addresses and prefixes; ValueError says what is wrong.

    A list that takes in every address of a family is refused, however it is put together: it would trust the client.
    """
    fours: list[ipaddress.IPv4Network] = []
    sixes: list[ipaddress.IPv6Network] = []
    for text in texts:
        network = _unmapped(ipaddress.ip_network(text, strict=True))
        if isinstance(network, ipaddress.IPv4Network):
            fours.append(network)
        else:
            sixes.append(network)
    merged: tuple[Network, ...] = (*ipaddress.collapse_addresses(fours), *ipaddress.collapse_addresses(sixes))
    if any(network.prefixlen == 0 for network in merged):
        raise ValueError("the trusted proxies are everyone")
    return merged


def client_ip(peer: str, forwarded_for: Sequence[bytes], trusted: Sequence[Network]) -> str:
    """The right-most hop that is no trusted proxy, canonical; the left-most hop where all are trusted.

    ``forwarded_for``: the X-Forwarded-For lines in the order received; they are not looked at unless ``peer`` is
    trusted. Raises HeaderRefused ``forwarded_invalid`` for a hop that a trusted proxy wrote and that is no address.
    """
    address = _address(peer.partition("%")[0])
    if not trusted or not forwarded_for or not _within(address, trusted):
        return str(address)
    for hop in reversed(b",".join(forwarded_for).split(b",")):
        address = _hop(hop.strip(b" \t"))
        if not _within(address, trusted):
            break
    return str(address)


def _hop(text: bytes) -> Address:
    match = _HOP.fullmatch(text)
    if match is None:
        raise HeaderRefused("forwarded_invalid")
    try:
        return _address((match[1] or match[2] or match[3]).decode("ascii"))
    except ValueError:
        raise HeaderRefused("forwarded_invalid") from None


@lru_cache(maxsize=4096)
def _address(text: str) -> Address:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _unmapped(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return ipaddress.IPv4Network((int(mapped or 0), network.prefixlen - 96))
    return network


def _within(address: Address, networks: Sequence[Network]) -> bool:
    # An address of the other family is in no network: ipaddress says False, not an error.
    return any(address in network for network in networks)
