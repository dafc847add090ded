"""The select of a route: which policies apply, and what their merging amounts to."""

from dataclasses import dataclass
from fractions import Fraction

from policylang.check.model import Arm, CheckedModule, Policy, Ref, Select
from policylang.reference.evaluate import reference, truth
from policylang.reference.values import FAULT, Facts


@dataclass(frozen=True)
class Taken:
    """The policies that apply, sorted by name; none where no select covers the route."""

    policies: tuple[Policy, ...]

    @property
    def grants(self) -> frozenset[str]:
        """What they grant together."""
        return frozenset[str]().union(*(policy.grants for policy in self.policies))


@dataclass(frozen=True)
class NotTaken:
    """The select has no answer (``fault``) or refuses."""

    fault: bool


def select_of(module: CheckedModule, route: str) -> Select | None:
    """The one select that covers a route."""
    return next((select for select in module.selects if route in select.routes), None)


def choose_policies(module: CheckedModule, route: str, facts: Facts) -> Taken | NotTaken:
    """Run the select of a route."""
    select = select_of(module, route)
    if select is None:
        return Taken(())
    named: set[str] = set()
    for arm in select.arms:
        holds = True if arm.when is None else truth(arm.when, facts)
        names = _names(arm, facts) if holds is True else frozenset()
        if holds is FAULT or names is None:
            return NotTaken(fault=True)
        named |= names
        if holds and facts.tracer is not None:
            facts.tracer.took(select, arm)
        if holds and not select.every:
            return _taken(module, named)
    if not named and facts.tracer is not None:
        facts.tracer.took(select, None)
    return _taken(module, named or ({select.otherwise} if select.otherwise is not None else set()))


def _names(arm: Arm, facts: Facts) -> frozenset[str] | None:
    """The names an arm adds; None for a fault."""
    if not isinstance(arm.policy, Ref):
        return frozenset({arm.policy})
    value = reference(arm.policy, facts)
    if value is FAULT:
        return None
    return value if isinstance(value, frozenset) else frozenset({str(value)})


def _taken(module: CheckedModule, named: set[str]) -> Taken | NotTaken:
    if not named or not named <= set(module.policies):
        return NotTaken(fault=False)
    return Taken(tuple(module.policies[name] for name in sorted(named)))


def fastest(policies: tuple[Policy, ...]) -> Policy | None:
    """The policy whose rate counts: the fastest, then the larger burst, then the first by name."""
    rated = [(policy.rate, policy) for policy in policies if policy.rate is not None]
    rated.sort(key=lambda pair: (-Fraction(pair[0].count, pair[0].per_micros), -pair[0].burst, pair[1].name))
    return rated[0][1] if rated else None


def widest(policies: tuple[Policy, ...]) -> Policy | None:
    """The policy whose concurrency counts: the largest, then the shorter hold, then the first by name."""
    holding = [(policy.concurrency, policy) for policy in policies if policy.concurrency is not None]
    holding.sort(key=lambda pair: (-pair[0].count, pair[0].hold_micros, pair[1].name))
    return holding[0][1] if holding else None


def roomiest(policies: tuple[Policy, ...]) -> Policy | None:
    """The policy whose quota counts: unlimited, then the largest, then the first by name."""
    with_quota = [(policy.quota, policy) for policy in policies if policy.quota is not None]
    with_quota.sort(key=lambda pair: (pair[0].count is not None, -(pair[0].count or 0), pair[1].name))
    return with_quota[0][1] if with_quota else None
