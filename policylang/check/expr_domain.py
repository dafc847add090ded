"""What is still possible for one value: the meeting of all that the parts of a condition say of it.

A domain may be too wide, never too narrow: an empty one proves that no request has such a value.
"""

import ipaddress
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from policylang.check.expr_patterns import Op, holds

Net = ipaddress.IPv4Network | ipaddress.IPv6Network
Test = tuple[Op, str, bool]
"""An operator, its pattern, and whether the text passes."""


@dataclass(frozen=True, slots=True)
class Domain:
    """``allowed`` None: any value. ``low`` and ``high``: of an integer. ``within`` and ``outside``: lists of networks."""

    allowed: frozenset[Hashable] | None = None
    excluded: frozenset[Hashable] = frozenset()
    low: int | None = None
    high: int | None = None
    tests: frozenset[Test] = frozenset()
    within: frozenset[frozenset[str]] = frozenset()
    outside: frozenset[frozenset[str]] = frozenset()

    def meet(self, other: "Domain") -> "Domain | None":
        """What both allow; None when they provably allow nothing."""
        if self.allowed is None or other.allowed is None:
            allowed = other.allowed if self.allowed is None else self.allowed
        else:
            allowed = self.allowed & other.allowed
        met = Domain(
            allowed,
            self.excluded | other.excluded,
            _tighter(self.low, other.low, max),
            _tighter(self.high, other.high, min),
            self.tests | other.tests,
            self.within | other.within,
            self.outside | other.outside,
        )
        return None if met.empty() else met

    def empty(self) -> bool:
        """Whether no value is provably left."""
        if self.allowed is not None:
            return not any(self._admits(value) for value in self.allowed)
        return self._no_integer() or _exclude(self.tests) or _no_address(self.within, self.outside)

    def _admits(self, value: Hashable) -> bool:
        if value in self.excluded:
            return False
        if isinstance(value, str):
            return all(holds(op, value, pattern) is passes for op, pattern, passes in self.tests)
        if isinstance(value, int) and not isinstance(value, bool):
            return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return True

    def _no_integer(self) -> bool:
        if self.low is None or self.high is None:
            return False
        if self.high - self.low >= len(self.excluded):
            return False
        return all(value in self.excluded for value in range(self.low, self.high + 1))


def _tighter(one: int | None, other: int | None, choose: Callable[[int, int], int]) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return choose(one, other)


def _exclude(tests: frozenset[Test]) -> bool:
    """Whether tests of one text exclude each other: by prefixes, by suffixes, or word for word."""
    for (op, pattern, passes), (other_op, other, other_passes) in combinations(tests, 2):
        if op != other_op or not (passes or other_passes):
            continue
        if passes != other_passes:
            stronger, weaker = (pattern, other) if passes else (other, pattern)
            if stronger == weaker or (op != "matches" and holds(op, stronger, weaker)):
                return True
        elif op != "matches" and not (holds(op, pattern, other) or holds(op, other, pattern)):
            return True
    return False


def _no_address(within: frozenset[frozenset[str]], outside: frozenset[frozenset[str]]) -> bool:
    """Whether no address (or network) is in every list of ``within`` and in none of ``outside``."""
    lists = [_networks(texts) for texts in within]
    if any(not any(a.overlaps(b) for a in one for b in other) for one, other in combinations(lists, 2)):
        return True
    without = [_networks(texts) for texts in outside]
    return any(all(any(_inside(net, wide) for wide in other) for net in one) for one in lists for other in without)


@lru_cache(maxsize=256)
def _networks(texts: frozenset[str]) -> tuple[Net, ...]:
    return tuple(ipaddress.ip_network(text) for text in sorted(texts))


def _inside(net: Net, wide: Net) -> bool:
    if isinstance(net, ipaddress.IPv4Network):
        return isinstance(wide, ipaddress.IPv4Network) and net.subnet_of(wide)
    return isinstance(wide, ipaddress.IPv6Network) and net.subnet_of(wide)
