"""Cell environments: what a rule may name on each (route, issuer) it reaches, each distinct environment once.

Law of this file: a scope over thousands of routes costs as many checks as there are different environments in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policylang.check.environment import CellEnv
from policylang.check.model import Claim, Issuer, Route
from policylang.typesys.terms import Scalar

Class = tuple[str | None, tuple[tuple[str, Scalar], ...], frozenset[str] | None, bool, bool]
"""What a rule can tell of a cell: its issuer, its captures with their types, what its policies may grant.

And two facts of its route: whether it takes tokens, whether it takes anonymous requests. With them, the first route of
an anonymous cell is also the first of a cell with a token on routes like it, so that both name the same route.
"""


@dataclass
class Cells:
    """``unsure`` routes have no cells: it is not known what their tokens say, so rules are not judged on them."""

    routes: Mapping[str, Route]
    issuers: Mapping[str, Issuer]
    grants: Mapping[str, frozenset[str]]
    unsure: frozenset[str]
    _claims: dict[str, Mapping[str, Claim]] = field(default_factory=dict)
    _of_route: dict[str, tuple[tuple[Class, CellEnv], ...]] = field(default_factory=dict)
    _of_scope: dict[tuple[str, ...], tuple[CellEnv, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._claims = {name: {claim.name: claim for claim in issuer.claims} for name, issuer in self.issuers.items()}
        self._of_route = {name: self._made(route) for name, route in self.routes.items() if name not in self.unsure}

    def of(self, routes: tuple[str, ...]) -> tuple[CellEnv, ...]:
        """The distinct environments of some routes; each stands for all like it and names the first of their routes."""
        cells = self._of_scope.get(routes)
        if cells is None:
            distinct: dict[Class, CellEnv] = {}
            for route in routes:
                for class_, cell in self._of_route.get(route, ()):
                    distinct.setdefault(class_, cell)
            cells = self._of_scope[routes] = tuple(distinct.values())
        return cells

    def trusted(self, routes: tuple[str, ...]) -> tuple[CellEnv, ...]:
        """The environments of some routes in which there is a token."""
        return tuple(cell for cell in self.of(routes) if cell.issuer is not None)

    def _made(self, route: Route) -> tuple[tuple[Class, CellEnv], ...]:
        captures = tuple(sorted(route.captures.items()))
        grants = self.grants.get(route.name)
        issuers: list[str | None] = [*route.trust, *([None] if route.anonymous else [])]
        return tuple(
            (
                (issuer, captures, grants, bool(route.trust), route.anonymous),
                CellEnv(
                    route=route.name,
                    issuer=issuer,
                    claims={} if issuer is None else self._claims[issuer],
                    captures=route.captures,
                    grants=grants,
                ),
            )
            for issuer in issuers
        )
