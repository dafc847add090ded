"""What is still possible for one value: the meeting of all that the parts of a condition say of it.

A domain may be too wide, never too narrow: an empty one proves that no request has such a value.
"""

import ipaddress
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from policylang.check.expr_patterns import Op, holds

Net = ipaddress.IPv4Network | ipaddress.IPv6Network
Test = tuple[Op, str, bool]
"""An operator, its pattern, and whether the text passes."""


@dataclass(frozen=True, slots=True)
class Domain:
    """``allowed`` None: any value. ``low`` and ``high``: of an integer. ``within`` and ``outside``: lists of networks.

    Every domain is what one fact says, or a meeting; so each by itself is sound, and meeting compares the two only.
    """

    allowed: frozenset[Hashable] | None = None
    excluded: frozenset[Hashable] = frozenset()
    low: int | None = None
    high: int | None = None
    tests: frozenset[Test] = frozenset()
    within: frozenset[frozenset[str]] = frozenset()
    outside: frozenset[frozenset[str]] = frozenset()

    def meet(self, other: "Domain") -> "Domain | None":
        """What both allow; None when they provably allow nothing together."""
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
        if allowed is not None:
            return met if any(met._admits(value) for value in allowed) else None
        clash = met._no_integer() or _texts_exclude(self.tests, other.tests) or self._no_address(other)
        return None if clash else met

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

    def _no_address(self, other: "Domain") -> bool:
        """Whether no address (or network) is in the lists of both and in none that one of them excludes."""
        return (
            any(_apart(one, two) for one, two in product(self.within, other.within))
            or any(_covered(one, wide) for one, wide in product(self.within, other.outside))
            or any(_covered(one, wide) for one, wide in product(other.within, self.outside))
        )


def _tighter(one: int | None, other: int | None, choose: Callable[[int, int], int]) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return choose(one, other)


def _texts_exclude(one: frozenset[Test], other: frozenset[Test]) -> bool:
    """Whether a test of one excludes a test of the other: by prefixes, by suffixes, or word for word."""
    return any(_test_excludes(*pair) for pair in product(one, other))


def _test_excludes(one: Test, other: Test) -> bool:
    (op, pattern, passes), (other_op, other_pattern, other_passes) = one, other
    if op != other_op or not (passes or other_passes):
        return False
    if passes != other_passes:
        stronger, weaker = (pattern, other_pattern) if passes else (other_pattern, pattern)
        return stronger == weaker or (op != "matches" and holds(op, stronger, weaker))
    return op != "matches" and not (holds(op, pattern, other_pattern) or holds(op, other_pattern, pattern))


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return not any(a.overlaps(b) for a, b in product(_networks(one), _networks(other)))


def _covered(one: frozenset[str], wide: frozenset[str]) -> bool:
    return all(any(_inside(net, outer) for outer in _networks(wide)) for net in _networks(one))


@lru_cache(maxsize=256)
def _networks(texts: frozenset[str]) -> tuple[Net, ...]:
    return tuple(ipaddress.ip_network(text) for text in sorted(texts))


def _inside(net: Net, wide: Net) -> bool:
    if isinstance(net, ipaddress.IPv4Network):
        return isinstance(wide, ipaddress.IPv4Network) and net.subnet_of(wide)
    return isinstance(wide, ipaddress.IPv6Network) and net.subnet_of(wide)
