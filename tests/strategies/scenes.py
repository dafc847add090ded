"""What an expression may name in a scope: references with their types, and whether they may be absent there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.strategies import pool
from tests.strategies.routes import RouteSpec
from tests.strategies.schema import Declaration, Kind, Schema

ANY_TEXT = Kind("text", 0, 4096)
IP = Kind("ip")
GRANTS = Kind("set", item=Kind("enum", values=pool.GRANTS))


@dataclass(frozen=True)
class Reference:
    """``claims.x`` and the like as written, its type, and whether some request in scope may lack it."""

    text: str
    kind: Kind
    maybe: bool = False


@dataclass(frozen=True)
class Scene:
    """A scope: the (route, issuer) pairs it reaches, issuer None for anonymous, and what can be named.

    ``wrong`` are references that the checker must refuse, whatever is asked of them; empty where none is wanted.
    """

    schema: Schema
    cells: tuple[tuple[RouteSpec, str | None], ...]
    granted: frozenset[str]
    references: tuple[Reference, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def favourites(self) -> tuple[Reference, ...]:
        """The references, those that come from a token or from behind the gateway more often than the rest."""
        owned = tuple(r for r in self.references if r.text.startswith(("claims", "metadata", "policy")))
        rare = tuple(r for r in owned if r.kind.word in {"time", "set"} or r.text.startswith("metadata"))
        return self.references + owned * 2 + rare * 2 + tuple(r for r in owned if r.kind is GRANTS) * 4

    @property
    def issuers(self) -> tuple[str | None, ...]:
        """The issuers that reach the scope."""
        return tuple(sorted({issuer for _, issuer in self.cells}, key=lambda name: name or ""))

    def narrowed(self, issuer: str | None) -> "Scene":
        """The part of the scope where ``issuer is …`` holds."""
        return seen(replace(self, cells=tuple(cell for cell in self.cells if cell[1] == issuer)))


def scene(schema: Schema, routes: Sequence[RouteSpec], granted: frozenset[str], wrong: tuple[str, ...] = ()) -> Scene:
    """The scene of a scope; ``granted`` are the routes with a select, ``wrong`` what must not be named."""
    cells: list[tuple[RouteSpec, str | None]] = [(route, issuer) for route in routes for issuer in route.trust]
    cells += [(route, None) for route in routes if route.anonymous]
    return seen(Scene(schema, tuple(cells), granted, (), wrong))


def seen(scope: Scene) -> Scene:
    """The scene with its references worked out."""
    found = [Reference("client.ip", IP), Reference("peer.ip", IP)]
    found += [Reference(f'header["{name}"]', ANY_TEXT, maybe=True) for name in pool.HEADERS]
    found += _captures(scope) + _claims(scope) + _behind_the_gateway(scope)
    return replace(scope, references=tuple(found))


def _captures(scope: Scene) -> list[Reference]:
    routes = [route for route, _ in scope.cells]
    first = routes[0].captures if routes else {}
    shared = [name for name, kind in first.items() if all(route.captures.get(name) == kind for route in routes)]
    return [Reference(f"path.{name}", first[name]) for name in shared]


def _claims(scope: Scene) -> list[Reference]:
    if any(not route.trust for route, _ in scope.cells):
        return []
    declared: dict[str, list[Declaration | None]] = {}
    names = {claim.name for _, issuer in scope.cells if issuer for claim in scope.schema.issuer(issuer).claims}
    for name in sorted(names):
        declared[name] = [scope.schema.issuer(i).claim(name) if i else None for _, i in scope.cells]
    return [
        Reference(f"claims.{name}", next(claim.kind for claim in found if claim), any(maybe(claim) for claim in found))
        for name, found in declared.items()
    ]


def maybe(claim: Declaration | None) -> bool:
    """Whether a cell with this declaration may lack the claim."""
    return claim is None or claim.optional


def _behind_the_gateway(scope: Scene) -> list[Reference]:
    if any(issuer is None for _, issuer in scope.cells) or not scope.cells:
        return []
    found = [Reference(f"metadata.{field.name}", field.kind, field.optional) for field in scope.schema.fields or ()]
    if all(route.name in scope.granted for route, _ in scope.cells):
        found.append(Reference("policy.grants", GRANTS))
    return found
