"""Networks in conditions, as written."""

import ipaddress
from collections.abc import Iterator

from policylang.linter.subject import Subject
from policylang.syntax import nodes

Net = ipaddress.IPv4Network | ipaddress.IPv6Network
Listed = tuple[tuple[nodes.Str, Net], ...]


def listed_networks(subject: Subject) -> Iterator[Listed]:
    """The networks of each list that an address or a network is looked for in, in the order of the source."""
    for node in subject.written(nodes.In):
        if isinstance(node.container, nodes.StrSet):
            parsed = tuple((literal, network(literal.value)) for literal in node.container.items)
            yield tuple((literal, net) for literal, net in parsed if net is not None)


def network(text: str) -> Net | None:
    """A text with a prefix length as a network; None where it is none.

    >>> network("10.0.0.0/8")
    IPv4Network('10.0.0.0/8')
    """
    if "/" not in text:
        return None
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None
