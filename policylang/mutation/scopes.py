"""Operators on scopes: one route fewer, one route more."""

from collections.abc import Iterator
from dataclasses import dataclass

from policylang.check.model import CheckedModule
from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes

MOST = 4
"""Of a wide scope, and of a rule set with many routes, only so many are dropped and added: the first by name."""


@dataclass(frozen=True, slots=True)
class Scoped:
    """An item with a scope; ``owner`` is what it is called."""

    owner: str
    scope: nodes.Scope
    item: nodes.Item


def scoped(written: Written) -> Iterator[Scoped]:
    """Every scope of the rule set."""
    for item in written.items():
        match item:
            case nodes.Rule():
                yield Scoped(f"{item.effect} {item.name.text}", item.scope, item)
            case nodes.Headers():
                yield Scoped(f"the {item.direction} headers", item.scope, item)
            case nodes.IdentityToken():
                yield Scoped(f"identity token {item.name.text}", item.scope, item)
            case nodes.Limit():
                yield Scoped(f"limit {item.name.text}", item.scope, item)
            case nodes.Select():
                yield Scoped(f"select {'policies' if item.every else 'policy'}", item.scope, item)


def reach(scope: nodes.Scope, module: CheckedModule) -> tuple[str, ...]:
    """The routes of a scope, by name."""
    names = {name.text for name in scope.names}
    match scope.kind:
        case "all":
            return tuple(module.routes)
        case "names":
            return tuple(sorted(names))
        case "tagged":
            return tuple(name for name, route in module.routes.items() if names & route.tags)
        case "capture":
            return tuple(name for name, route in module.routes.items() if names & route.captures.keys())
        case "trusting":
            return tuple(
                name
                for name, route in module.routes.items()
                if names & {*route.trust, *(["anonymous"] if route.anonymous else [])}
            )


def narrow_scopes(written: Written) -> Iterator[Mutant]:
    """A scope without one of its routes; a wide one is written out."""
    for one in scoped(written):
        routes = reach(one.scope, written.module)
        if len(routes) < 2:
            continue
        spans = [name.span for name in one.scope.names]
        for index, route in enumerate([name.text for name in one.scope.names] if _named(one) else routes[:MOST]):
            left = ", ".join(name for name in routes if name != route)
            edit = without(spans, index) if _named(one) else Edit(one.scope.span, left)
            hint = f"Send a request on route {route} whose answer depends on {one.owner}."
            yield Mutant("narrow_scope", one.scope.span, _on(written, one), (edit,), hint)


def widen_scopes(written: Written) -> Iterator[Mutant]:
    """A scope of names with one route more, on which the item may have an effect."""
    for one in scoped(written):
        if _named(one):
            routes = reach(one.scope, written.module)
            end = one.scope.span.end
            more = [
                name for name in written.module.routes if name not in routes and _effective(written, one.item, name)
            ]
            for route in more[:MOST]:
                edit = Edit(Span(one.scope.span.file, end, end), f", {route}")
                hint = f"Send a request on route {route} whose answer would depend on {one.owner}."
                yield Mutant("widen_scope", one.scope.span, _on(written, one), (edit,), hint, _unseen(one.item))


def _effective(written: Written, item: nodes.Item, route: str) -> bool:
    """Whether on a route more an item could do anything: a rule that is never true there does not."""
    match item:
        case nodes.Rule():
            return written.proofs.may_hold(item, route)
        case nodes.Headers(operations=operations):
            return any(
                isinstance(operation, nodes.RemoveHeader) or written.proofs.may_set(operation, route)
                for operation in operations
            )
        case _:
            return True


def _unseen(item: nodes.Item) -> str:
    if isinstance(item, nodes.Rule) and item.effect.startswith("shadow"):
        return "a test asks whether a shadow is true or false; on a route out of its scope it is neither"
    return ""


def _named(one: Scoped) -> bool:
    return one.scope.kind == "names"


def _on(written: Written, one: Scoped) -> Span:
    """The scope with its ``on``."""
    span = one.scope.span
    return Span(span.file, written.before(span).start, span.end)
