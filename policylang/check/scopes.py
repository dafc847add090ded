"""Scopes become sorted names of routes. Wide scopes are looked up in tables that are made once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policylang.check import errors_names
from policylang.check import errors_scopes as errors
from policylang.check.constants import member_span
from policylang.check.environment import Sink
from policylang.check.fields import distinct_names
from policylang.check.model import Route
from policylang.check.routes import ANONYMOUS
from policylang.check.symbols import Symbols
from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.syntax import nodes


@dataclass(frozen=True, eq=False)
class Reach:
    """``routes`` are sorted; ``whole`` is False when some part of the scope was complained of.

    Scopes that say the same share one reach, and with it what is derived from all its routes.
    """

    routes: tuple[str, ...]
    whole: bool
    declared: Mapping[str, Route] = field(repr=False)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Every method that some of the routes has, sorted."""
        return tuple(sorted({method for name in self.routes for method in self.declared[name].methods}))

    @cached_property
    def files(self) -> dict[int, str]:
        """The files that declare the routes, each with the first of its routes."""
        first: dict[int, str] = {}
        for name in self.routes:
            first.setdefault(self.declared[name].span.file, name)
        return first

    @cached_property
    def nameless(self) -> tuple[str, ...]:
        """Those of the routes on which a request may have no identity."""
        return tuple(name for name in self.routes if self.declared[name].anonymous)


@dataclass
class Scopes:
    """Resolves scopes over a set of routes."""

    routes: Mapping[str, Route]
    symbols: Symbols
    sink: Sink
    _all: tuple[str, ...] = ()
    _tagged: dict[str, list[str]] = field(default_factory=dict)
    _capturing: dict[str, list[str]] = field(default_factory=dict)
    _trusting: dict[str, list[str]] = field(default_factory=dict)
    _known: dict[int, Reach] = field(default_factory=dict)
    _shared: dict[tuple[str, ...], Reach] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = tuple(sorted(self.routes))
        for name in self._all:
            route = self.routes[name]
            for tag in route.tags:
                self._tagged.setdefault(tag, []).append(name)
            for capture in route.captures:
                self._capturing.setdefault(capture, []).append(name)
            for issuer in (*route.trust, *([ANONYMOUS] if route.anonymous else [])):
                self._trusting.setdefault(issuer, []).append(name)

    @property
    def captures(self) -> dict[str, tuple[str, ...]]:
        """Capture name to the routes that bind it."""
        return {name: tuple(routes) for name, routes in sorted(self._capturing.items())}

    def reach(self, scope: nodes.Scope) -> Reach:
        """The routes of a scope; complains, once for each scope, when it is empty or names what is not there."""
        known = self._known.get(id(scope))
        if known is None:
            words = (scope.kind, *[name.text for name in scope.names])
            known = self._shared.get(words)
            if known is None:
                before = len(self.sink.found)
                known = self._resolve(scope)
                if known.whole and len(self.sink.found) == before:
                    self._shared[words] = known
            self._known[id(scope)] = known
        return known

    def _resolve(self, scope: nodes.Scope) -> Reach:
        match scope.kind:
            case "all":
                if not self._all:
                    self.sink.add(errors.no_routes(scope.span))
                return self._made(self._all, whole=bool(self._all))
            case "names":
                return self._named(scope)
            case "tagged":
                return self._wide(scope.names, self._tagged, errors.no_route_tagged)
            case "capture":
                return self._wide(scope.names, self._capturing, errors.no_route_capturing)
            case "trusting":
                return self._trusted(scope.names[0])

    def _made(self, routes: tuple[str, ...], *, whole: bool) -> Reach:
        return Reach(routes, whole, self.routes)

    def _named(self, scope: nodes.Scope) -> Reach:
        found: list[str] = []
        whole = True
        for name in distinct_names("route", scope.names, self.sink):
            if name.text in self.routes:
                found.append(name.text)
            else:
                whole = False
                near = self.symbols.guess(name.text, self.routes)
                self.sink.add(errors_names.unknown_name("route", name.text, name.span, near))
        return self._made(tuple(sorted(found)), whole=whole)

    def _wide(
        self,
        names: tuple[nodes.Name, ...],
        table: Mapping[str, list[str]],
        complaint: Callable[[str, str | None, tuple[str, ...], Span], Diagnostic],
    ) -> Reach:
        found: set[str] = set()
        whole = True
        for name in names:
            routes = table.get(name.text, ())
            found.update(routes)
            if not routes:
                whole = False
                near = self.symbols.guess(name.text, table)
                self.sink.add(complaint(name.text, near, tuple(sorted(table)), member_span(name.span, name.text)))
        return self._made(tuple(sorted(found)), whole=whole)

    def _trusted(self, issuer: nodes.Name) -> Reach:
        routes = self._trusting.get(issuer.text, ())
        if routes:
            return self._made(tuple(routes), whole=True)
        known = [*self.symbols.issuers, *self.symbols.keyrings]
        if issuer.text in known or issuer.text == ANONYMOUS:
            self.sink.add(errors.no_route_trusting(issuer.text, issuer.span))
        else:
            near = self.symbols.guess(issuer.text, known)
            self.sink.add(errors_names.unknown_name("issuer", issuer.text, issuer.span, near))
        return self._made((), whole=False)
