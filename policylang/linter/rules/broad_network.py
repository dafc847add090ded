"""L023: a network that holds nearly every address."""

import ipaddress
from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.networks import listed_networks
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Networks with a shorter prefix than the options say, in conditions."""
    shortest = {4: options.count("shortest_v4"), 6: options.count("shortest_v6")}
    for networks in listed_networks(subject):
        for literal, network in networks:
            if network.prefixlen < shortest[network.version]:
                yield Finding(
                    literal.span,
                    f"`{network}` is {_share(network)}",
                    help=("list the networks that are meant; any address at all needs no condition",),
                )


def _share(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    if network.prefixlen == 0:
        return f"every IPv{network.version} address there is"
    return f"one of {2**network.prefixlen:,} parts of all IPv{network.version} addresses"


RULE = LintRule(
    code="L023",
    name="broad-network",
    severity="warning",
    what="A network such as `0.0.0.0/0` in a condition.",
    why="A condition on addresses that nearly every address meets restricts nothing and reads as if it did.",
    bad='allow inside on orders for GET when "orders:read" in claims.scope and client.ip in ["0.0.0.0/0"]\n',
    good='allow inside on orders for GET when "orders:read" in claims.scope and client.ip in ["10.0.0.0/8"]\n',
    check=check,
    options=(
        Option("shortest_v4", "count", 8, "The shortest prefix of an IPv4 network that is not complained of."),
        Option("shortest_v6", "count", 7, "The same for IPv6; `fc00::/7` holds all unique local addresses."),
    ),
)
