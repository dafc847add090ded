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
    """Every select with its routes; complains of each that reaches a route of an earlier one."""
    placed: list[Placed] = []
    holder: dict[str, Placed] = {}
    by_reach: dict[int, Placed] = {}
    for node in symbols.selects:
        words = "select policies" if node.every else "select policy"
        here = Placed(node, opening(node, words), scopes.reach(node.scope))
        twin = by_reach.setdefault(id(here.reach), here)
        rival = _rival(here, holder) if twin is here else (here.reach.routes[0], twin)
        if rival is not None:
            route, first = rival
            sink.add(errors.second_select(route, here.span, first.span))
        placed.append(here)
    return tuple(placed)


def _rival(here: Placed, holder: dict[str, Placed]) -> tuple[str, Placed] | None:
    """The first route that an earlier select reaches, with that select; notes this one for all other routes."""
    found: tuple[str, Placed] | None = None
    for route in here.reach.routes:
        first = holder.setdefault(route, here)
        if first is not here and found is None:
            found = route, first
    return found


def policies_by_reference(claims: Iterable[Claim], metadata: Iterable[Claim]) -> dict[tuple[str, str], frozenset[str]]:
    """The texts that each claim and metadata field of an enumeration may have, by (root, name), all issuers together."""
    values: dict[tuple[str, str], frozenset[str]] = {}
    for root, declared in (("claims", claims), ("metadata", metadata)):
        for claim in declared:
            key = root, claim.name
            values[key] = values.get(key, frozenset()) | _values(claim)
    return values


def policies_named(node: nodes.Select, values: Mapping[tuple[str, str], frozenset[str]]) -> frozenset[str]:
    """The names that the arms of a select may come to, existing or not; claims may name policies by their values."""
    names: set[str] = set()
    for arm in node.arms:
        if isinstance(arm.policy, nodes.Name):
            names.add(arm.policy.text)
        elif isinstance(arm.policy, nodes.Ref):
            names |= values.get((arm.policy.root, arm.policy.name), frozenset())
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
    seen: set[int] = set()
    for here, names in zip(placed, named, strict=True):
        known = [policies[name].grants for name in sorted(names & policies.keys())]
        texts = frozenset[str]().union(*known) if names <= policies.keys() else everything
        if id(here.reach) not in seen:
            seen.add(id(here.reach))
            for route in here.reach.routes:
                grants.setdefault(route, texts)
    return grants


def _values(claim: Claim) -> frozenset[str]:
    term = claim.type.item if isinstance(claim.type, SetOf) else claim.type
    return frozenset(term.values) if isinstance(term, Enum) else frozenset()
