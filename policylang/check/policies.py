"""Policies: a rate, a quota, a concurrency and what they grant."""

from policylang.check.amounts import concurrency, quota, rate
from policylang.check.environment import Sink
from policylang.check.fields import Fields, distinct
from policylang.check.model import Policy
from policylang.check.symbols import Symbols
from policylang.check.texts import printable
from policylang.syntax import nodes


def check_policies(symbols: Symbols, sink: Sink) -> dict[str, Policy]:
    """Every policy by name, sorted."""
    return {name: _policy(symbols.policies[name], sink) for name in sorted(symbols.policies)}


def _policy(node: nodes.Policy, sink: Sink) -> Policy:
    fields = Fields(f"policy `{node.name.text}`", node.name.span, sink)
    own_rate = fields.at_most_one("rate", [given for given in node.fields if isinstance(given, nodes.Rate)])
    own_quota = fields.at_most_one("quota", [given for given in node.fields if isinstance(given, nodes.Quota)])
    own_slots = fields.at_most_one("concurrent", [f for f in node.fields if isinstance(f, nodes.Concurrency)])
    granted = fields.at_most_one("grants", [given for given in node.fields if isinstance(given, nodes.Grants)])
    grants = [
        text
        for literal in distinct("grant", granted.values if granted else (), lambda value: value.value, sink)
        if (text := printable("a grant", literal, sink)) is not None
    ]
    return Policy(
        name=node.name.text,
        rate=None if own_rate is None else rate(own_rate, sink),
        quota=None if own_quota is None else quota(own_quota, sink),
        grants=frozenset(grants),
        span=node.name.span,
        concurrency=None if own_slots is None else concurrency(own_slots, sink),
    )
