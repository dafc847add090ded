"""L024: a network that lies within another of its list."""

from collections.abc import Iterator

from policylang.diagnostics.model import Edit, Label
from policylang.linter.lists import without_item
from policylang.linter.model import Finding, Fix, LintRule, Options
from policylang.linter.networks import Listed, Net, listed_networks
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Networks of a list that another of the same list holds whole."""
    del options
    for networks in listed_networks(subject):
        for literal, network in networks:
            holder = _holder(network, networks)
            if holder is not None:
                span = without_item(literal.span, subject)
                yield Finding(
                    literal.span,
                    f"`{network}` lies within `{holder.value}`",
                    "adds no address",
                    help=("remove it, or the wider network if that was not meant",),
                    more=(Label(holder.span, "holds it"),),
                    fix=None
                    if span is None
                    else Fix((Edit(span, ""),), "the list is shorter and holds the same addresses"),
                )


def _holder(network: Net, networks: Listed) -> nodes.Str | None:
    for literal, other in networks:
        if other.version == network.version and other.prefixlen < network.prefixlen and _holds(other, network):
            return literal
    return None


def _holds(wide: Net, narrow: Net) -> bool:
    return wide.network_address <= narrow.network_address and narrow.broadcast_address <= wide.broadcast_address  # type: ignore[operator]


RULE = LintRule(
    code="L024",
    name="redundant-network",
    severity="note",
    what="A network that lies within another network of the same list.",
    why="It adds nothing. Who wants to keep an address out will remove the narrow one and keep nobody out.",
    bad='deny outside on orders when client.ip not in ["10.0.0.0/8", "10.1.0.0/16"]\n',
    good='deny outside on orders when client.ip not in ["10.0.0.0/8"]\n',
    check=check,
    fix="Removes the narrower network.",
)
