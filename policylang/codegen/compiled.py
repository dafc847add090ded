"""A plan that runs: its look-up, its cells, and what the gateway must know of its headers.

Law of this file: a cell's code is generated when it is first asked for or ahead in slices, and then kept: how many there
are is the plan's choice, never the clients'.
"""

import weakref
from collections.abc import Mapping
from typing import NamedTuple

from policylang.codegen.assemble import cell_name, cell_steps, source_steps
from policylang.codegen.scope import headers_read
from policylang.codegen.source_map import Listing, listing, register, unregister
from policylang.plan.index import Match, Miss, RouteIndex
from policylang.plan.model import Plan, Route
from policylang.plan.steps import Steps, run
from policylang.request.fields import fold
from policylang.runtime.cell import Cell
from policylang.runtime.policies import Policies
from policylang.runtime.rendering import is_field_text

CellKey = tuple[int, str, int | None]
"""Index of a route, method, index of an issuer or None for anonymous."""


class HeadersRead(NamedTuple):
    """Lower-case names of the client's headers that rules read.

    ``strict``: twice, or not printable ASCII, is a malformed request. ``lenient``: only shadow rules read it; then it is
    left out of ``RequestFacts.headers`` and named in ``RequestFacts.unreadable``.
    """

    strict: frozenset[str]
    lenient: frozenset[str]


class CompiledPlan:
    """A plan with the values of its secrets.

    Raises:
        ValueError: a secret that the plan names is missing, or cannot stand in the header that a rule sets to it.
        PlanRefused: two routes take the same requests, or an expression that no checked rule set has; from the
            constructor, ``match``, ``cell`` or ``warm_steps``, whichever comes to it first.
    """

    def __init__(self, plan: Plan, secrets: Mapping[str, str]) -> None:
        self.plan = plan
        self.secrets = _checked(plan, secrets)
        self._policies = Policies(plan.policies)
        self._index: RouteIndex | None = None
        self._cells: dict[CellKey, Cell] = {}
        self._read: dict[tuple[int, str | None], HeadersRead] = {}
        self.output_names = _output_names(plan)

    def match(self, labels: tuple[str, ...], segments: tuple[str, ...], method: str) -> Match | Miss:
        """The route that takes a request; see ``RouteIndex.match``."""
        if self._index is None:
            self._index = RouteIndex(self.plan.routes)
        return self._index.match(labels, segments, method)

    def cell(self, route: int, method: str, issuer: int | None) -> Cell:
        """The cell of a matched request. Raises KeyError for a method or an issuer that the route does not have."""
        key = (route, method, issuer)
        known = self._cells.get(key)
        if known is None:
            if key not in _cell_keys(self.plan.routes[route], route):
                raise KeyError(key)
            known = run(self._generate(key))
        return known

    def warm_steps(self) -> Steps[None]:
        """Build the look-up and generate every cell that is not there yet, giving way every millisecond or so."""
        if self._index is None:
            self._index = yield from RouteIndex.build_steps(self.plan.routes)
        for number, route in enumerate(self.plan.routes):
            for key in _cell_keys(route, number):
                if key not in self._cells:
                    yield from self._generate(key)
                yield

    def headers_read(self, route: int, method: str | None = None) -> HeadersRead:
        """The client's headers that a route's rules read for a method; for None: for any of its methods."""
        key = (route, method)
        known = self._read.get(key)
        if known is None:
            declared = self.plan.routes[route]
            asked = method if method is None or method in _methods(declared) else None
            known = self._read[route, asked] = HeadersRead(*headers_read(self.plan, declared, asked))
        return known

    def request_removals(self, route: int) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
        """Folded names, and folded beginnings of names, that the route's rules remove from the request."""
        names, prefixes = self._removed(route, "request")
        return frozenset(map(fold, names)), tuple(sorted(set(map(fold, prefixes))))

    def response_edit(self, route: int) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
        """Lower-case names, and beginnings of names, that go from the answer: those removed, and those that rules set."""
        names, prefixes = self._removed(route, "response")
        headers = (self.plan.set_headers[i] for i in self.plan.routes[route].set_headers)
        own = {header.name.lower().encode("ascii") for header in headers if header.direction == "response"}
        return frozenset(names) | own, tuple(sorted(set(prefixes)))

    def _removed(self, route: int, direction: str) -> tuple[list[bytes], list[bytes]]:
        removals = [self.plan.remove_headers[i] for i in self.plan.routes[route].remove_headers]
        own = [removal for removal in removals if removal.direction == direction]
        whole = [removal.name.encode("ascii") for removal in own if not removal.prefix]
        return whole, [removal.name.encode("ascii") for removal in own if removal.prefix]

    def _generate(self, key: CellKey) -> Steps[Cell]:
        cell = yield from cell_steps(self.plan, self.secrets, self._policies, key)
        self._cells[key] = cell
        plan, secrets, policies = self.plan, self.secrets, self._policies

        def make() -> list[str]:
            # Written again rather than kept: the same arguments give the same lines.
            source = run(source_steps(plan, secrets, policies, key))
            return listing(source.functions, source.places, plan)

        name, lines = cell_name(plan, *key), Listing(make)
        register(name, lines)
        weakref.finalize(cell.decide, unregister, name, lines).atexit = False
        return cell


def _methods(route: Route) -> frozenset[str]:
    return frozenset(method for pattern in route.patterns for method in pattern.methods)


def _cell_keys(route: Route, number: int) -> list[CellKey]:
    issuers: list[int | None] = [*route.trust]
    if route.anonymous:
        issuers.append(None)
    return [(number, method, issuer) for method in sorted(_methods(route)) for issuer in issuers]


def _checked(plan: Plan, secrets: Mapping[str, str]) -> dict[str, str]:
    """The values of the plan's secrets. No message carries a value."""
    missing = sorted(set(plan.secrets) - secrets.keys())
    if missing:
        raise ValueError(f"the rules name secrets that are not given: {', '.join(missing)}")
    for header in plan.set_headers:
        if header.secret is not None and not (secrets[header.secret] and is_field_text(secrets[header.secret])):
            raise ValueError(f"secret {header.secret} cannot stand in header {header.name}: see the rules for values")
    return {name: secrets[name] for name in plan.secrets}


def _output_names(plan: Plan) -> frozenset[bytes]:
    """Folded names of the request headers that any rule or identity token of the plan may set."""
    set_by_rules = (header.name for header in plan.set_headers if header.direction == "request")
    return frozenset(fold(name.encode("ascii")) for name in (*set_by_rules, *(token.header for token in plan.tokens)))
