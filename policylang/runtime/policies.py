"""Policies, selected and merged: what applies to a request when one, or several, of them hold."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from policylang.plan.model import Amount, Policy
from policylang.runtime.keys import limit_part
from policylang.runtime.verdict import Charge


class Due(NamedTuple):
    """A limit of a policy: its name, the first part of its key, and how much."""

    name: str
    prefix: bytes
    amount: Amount


class Selected(NamedTuple):
    """The policies that apply, as ascending indices, with what they grant together and what is charged."""

    policies: tuple[int, ...]
    grants: frozenset[str]
    dues: tuple[Due, ...]


REFUSED = Selected((), frozenset(), ())
"""A select that refuses; told apart by identity."""

UNCOVERED = Selected((), frozenset(), ())
"""A route that no select covers."""

MERGES_KEPT = 1024


class Policies(dict[int, Selected]):
    """A plan's policies; ``policies[mask]`` merges those whose bits are set. Merges are made when they are first met.

    Which sets of policies occur is the tokens' choice, so what is kept is bounded.
    """

    __slots__ = ("_numbers", "_table")

    def __init__(self, policies: tuple[Policy, ...]) -> None:
        super().__init__()
        self._table = policies
        self._numbers = {policy.name: number for number, policy in enumerate(policies)}

    def __missing__(self, mask: int) -> Selected:
        if len(self) >= MERGES_KEPT:
            self.clear()
        merged = self[mask] = merge(self._table, [i for i in range(len(self._table)) if mask >> i & 1])
        return merged

    def named(self, names: str | frozenset[str]) -> int:
        """The mask of a policy, or of several; -1 when a name is no policy's."""
        mask = 0
        for name in (names,) if isinstance(names, str) else names:
            number = self._numbers.get(name)
            if number is None:
                return -1
            mask |= 1 << number
        return mask


def merge(table: tuple[Policy, ...], indices: Iterable[int]) -> Selected:
    """Several policies as one: the fastest rate with its burst, the largest quota and concurrency, the union of grants.

    Fastest by count for its time, then by burst; largest with unlimited before all, of concurrencies then the shorter
    hold; then the first by name. Each is counted under the policy that it came from. A policy without one adds none.
    """
    chosen = tuple(sorted(indices))
    policies = [table[i] for i in chosen]
    rates = [(-Fraction(p.rate.count, p.rate.per_micros), -p.rate.burst, p.name, p.rate) for p in policies if p.rate]
    quotas = [(p.quota.count is not None, -(p.quota.count or 0), p.name, p.quota) for p in policies if p.quota]
    dues: list[Due] = []
    if rates:
        _, _, name, rate = min(rates, key=lambda entry: entry[:3])
        dues.append(_due(f"policy:{name}:rate", rate))
    if quotas:
        _, _, name, quota = min(quotas, key=lambda entry: entry[:3])
        if quota.count is not None:
            dues.append(_due(f"policy:{name}:quota", quota))
    slots = [
        (-p.concurrency.count, p.concurrency.hold_micros, p.name, p.concurrency) for p in policies if p.concurrency
    ]
    if slots:
        _, _, name, concurrency = min(slots, key=lambda entry: entry[:3])
        dues.append(_due(f"policy:{name}:concurrency", concurrency))
    return Selected(chosen, frozenset(g for p in policies for g in p.grants), tuple(dues))


def _due(name: str, amount: Amount) -> Due:
    return Due(name, limit_part(name), amount)


def policy_charges(selected: Selected, counted: bytes) -> tuple[Charge, ...]:
    """What is charged for the policies that apply; ``counted`` is the key's part of the identity."""
    return tuple([Charge(name, prefix + counted, amount, "deny") for name, prefix, amount in selected.dues])
