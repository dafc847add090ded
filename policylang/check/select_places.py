"""Where selects reach, before anything in them is typed: what policies may grant is part of what expressions may say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policylang.check import errors_policies as errors
from policylang.check.environment import Sink
from policylang.check.fields import opening
from policylang.check.model import Claim, Policy
from policylang.check.scopes import Reach, Scopes
from policylang.check.symbols import Symbols
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, SetOf


@dataclass(frozen=True)
class Placed:
    """A select, the place of its first words, and the routes it reaches."""

    node: nodes.Select
    span: Span
    reach: Reach


def place_selects(symbols: Symbols, scopes: Scopes, sink: Sink) -> tuple[Placed, ...]:
    """Every select with its routes; complains of a second one for a route, once for each pair of selects."""
    placed: list[Placed] = []
    holder: dict[str, Placed] = {}
    for node in symbols.selects:
        words = "select policies" if node.every else "select policy"
        here = Placed(node, opening(node, words), scopes.reach(node.scope))
        rivals: set[int] = set()
        for route in here.reach.routes:
            first = holder.setdefault(route, here)
            if first is not here and id(first) not in rivals:
                rivals.add(id(first))
                sink.add(errors.second_select(route, here.span, first.span))
        placed.append(here)
    return tuple(placed)


def policies_named(node: nodes.Select, declared: Iterable[Claim], metadata: Iterable[Claim]) -> frozenset[str]:
    """The names that the arms of a select may come to, existing or not; claims may name policies by their values."""
    names: set[str] = set()
    for arm in node.arms:
        if isinstance(arm.policy, nodes.Name):
            names.add(arm.policy.text)
        elif isinstance(arm.policy, nodes.Ref):
            fields = metadata if arm.policy.root == "metadata" else declared
            for claim in fields:
                if claim.name == arm.policy.name:
                    names.update(_values(claim))
    return frozenset(names)


def grants_by_route(
    placed: Sequence[Placed], policies: Mapping[str, Policy], named: Sequence[frozenset[str]]
) -> dict[str, frozenset[str]]:
    """What ``policy.grants`` may hold on each route that a select covers; ``named`` is aligned with ``placed``.

    A policy that does not exist might have granted anything: then all that is granted anywhere counts as possible, so
    that one misspelt name is one complaint.
    """
    everything = frozenset[str]().union(*(policy.grants for policy in policies.values()))
    grants: dict[str, frozenset[str]] = {}
    for here, names in zip(placed, named, strict=True):
        known = [policies[name].grants for name in sorted(names & policies.keys())]
        texts = frozenset[str]().union(*known) if names <= policies.keys() else everything
        for route in here.reach.routes:
            grants.setdefault(route, texts)
    return grants


def _values(claim: Claim) -> tuple[str, ...]:
    term = claim.type.item if isinstance(claim.type, SetOf) else claim.type
    return term.values if isinstance(term, Enum) else ()
