"""What is still possible for one value: the meeting of all that the parts of a condition say of it.

A domain may be too wide, never too narrow: an empty one proves that no request has such a value.
"""

import ipaddress
from collections.abc import Hashable
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


def _tighter(one: int | None, other: int | None, choose: "type[max] | type[min]") -> int | None: ...
