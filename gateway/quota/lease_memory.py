"""Leases of counters in memory: for tests, and for gateways that are tried out within one process."""

from gateway.quota.lease import Taken, share
from gateway.quota.limits_memory import MemoryLimits
from policylang.embed import Charge, QuotaState, ask, plan_model


class MemoryLeases(MemoryLimits):
    """A LimitStore and its Leases."""

    def take(self, charge: Charge, units: int, now: int) -> Taken:
        """Charge several units at once; see the port. Raises TypeError for what is no quota."""
        amount = charge.amount
        if not isinstance(amount, plan_model.Quota):
            msg = "only a quota has leases"
            raise TypeError(msg)
        before = self._young.get(charge.key) or self._old.get(charge.key)
        standing, state = ask(amount, before, now)
        if not isinstance(state, QuotaState):
            msg = "a quota keeps a quota's state"
            raise TypeError(msg)
        if not standing.admitted:
            return Taken(0, state.end, state.end - now)
        granted = share(units, standing.remaining + 1)
        self._old.pop(charge.key, None)
        self._young[charge.key] = state._replace(used=state.used + granted - 1)
        return Taken(granted, state.end, state.end - now)

    def give_back(self, charge: Charge, units: int, end: int) -> None:
        """See the port."""
        for generation in (self._young, self._old):
            state = generation.get(charge.key)
            if isinstance(state, QuotaState) and state.end == end:
                generation[charge.key] = state._replace(used=max(0, state.used - units))
