"""Which routes decide otherwise in one plan than in another: tests of the others need not be run again.

Law of this file: a route counts as the same only when everything that its decisions are made of is equal, places in the
source aside. What all routes share is compared as a whole.
"""

from dataclasses import fields, is_dataclass
from typing import Any

from policylang.plan.model import Plan, Route, Select

_PLACES = frozenset({"at"})


class Makings:
    """What the decisions of a plan are made of. ``shared``: how a route is found, and what is kept from all services."""

    def __init__(self, plan: Plan) -> None:
        self._tables = {
            name: tuple(map(_bare, getattr(plan, name)))
            for name in ("issuers", "policies", "rules", "set_headers", "remove_headers", "tokens", "limits")
        }
        self.shared = (
            _bare(tuple((route.name, route.patterns, route.hosts) for route in plan.routes)),
            _bare(plan.metadata),
            frozenset(header.name for header in plan.set_headers if header.direction == "request"),
            frozenset(token.header for token in plan.tokens),
            plan.secrets,
        )
        self.routes = {route.name: self._of_route(plan, route) for route in plan.routes}

    def changed(self, other: "Makings") -> frozenset[str] | None:
        """The routes that are not made of the same things; None: no route can be told to be."""
        if self.shared != other.shared:
            return None
        return frozenset(name for name, makings in self.routes.items() if makings != other.routes[name])

    def _of_route(self, plan: Plan, route: Route) -> tuple[Any, ...]:
        select = None if route.select == -1 else plan.selects[route.select]
        resolved = {"trust", "rules", "select", "set_headers", "remove_headers", "tokens", "limits"}
        own = tuple(_bare(getattr(route, part.name)) for part in fields(route) if part.name not in resolved | _PLACES)
        return (
            own,
            tuple(self._tables["issuers"][i] for i in route.trust),
            *(
                tuple(self._tables[name][i] for i in getattr(route, name))
                for name in ("rules", "set_headers", "remove_headers", "tokens", "limits")
            ),
            None if select is None else self._of_select(select),
        )

    def _of_select(self, select: Select) -> tuple[Any, ...]:
        policies = self._tables["policies"]
        by_value = any(arm.named is not None for arm in select.arms)
        arms = tuple(
            (None if arm.policy == -1 else policies[arm.policy], arm.named, _bare(arm.when)) for arm in select.arms
        )
        last = None if select.otherwise == -1 else policies[select.otherwise]
        return select.every, arms, last, policies if by_value else None


def _bare(value: Any) -> Any:
    """A value of a plan as nested tuples, without places."""
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    if is_dataclass(value):
        parts = (part.name for part in fields(value) if part.name not in _PLACES)
        return (type(value).__name__, *(_bare(getattr(value, name)) for name in parts))
    return value
