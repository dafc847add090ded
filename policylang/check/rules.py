"""Rules: allows, denies and their shadows, each checked once for every distinct environment it reaches."""

from collections.abc import Sequence

from policylang.check import errors_routes as errors
from policylang.check import errors_scopes
from policylang.check.environment import CellEnv, Sink
from policylang.check.fields import distinct_names
from policylang.check.ground import Ground
from policylang.check.infer import check_condition
from policylang.check.model import Rule, TypedExpr
from policylang.check.scopes import Reach
from policylang.check.texts import constant
from policylang.syntax import nodes

_BREAKING = frozenset(' "\\')
"""What would end a value in ``acr_values="…"`` (RFC 9470 section 3, RFC 9110 section 5.6.4)."""


def check_rules(ground: Ground) -> tuple[Rule, ...]:
    """Every rule, sorted by effect and name."""
    rules = ground.symbols.rules
    return tuple(sorted((_rule(rules[name], ground) for name in rules), key=lambda rule: (rule.effect, rule.name)))


def check_reachable(ground: Ground) -> None:
    """Complain of each route that no allow reaches; of none while the scope of an allow is in doubt."""
    allows = [item for item in ground.symbols.items if isinstance(item, nodes.Rule) and item.effect == "allow"]
    reaches = {id(reach): reach for reach in (ground.scopes.reach(rule.scope) for rule in allows)}
    if not all(reach.whole for reach in reaches.values()):
        return
    reached = {route for reach in reaches.values() for route in reach.routes}
    for name, route in ground.routes.items():
        if name not in reached:
            ground.sink.add(errors.nothing_allowed(name, route.span))


def _rule(node: nodes.Rule, ground: Ground) -> Rule:
    sink = ground.sink
    reach = ground.scopes.reach(node.scope)
    if node.effect == "allow" and node.scope.kind == "all":
        sink.add(errors_scopes.allow_on_all(node.name.text, node.scope.span, _narrower(ground)))
    if node.until is not None and node.effect == "deny":
        sink.add(errors.until_on_deny(node.until.span))
    return Rule(
        effect=node.effect,
        name=node.name.text,
        routes=reach.routes,
        methods=_methods(node, reach, ground),
        condition=_condition(node, ground.cells.of(reach.routes), ground),
        until=None if node.until is None else node.until.seconds,
        step_up=None if node.step_up is None else _step_up(node, node.step_up, sink),
        span=node.name.span,
    )


def _narrower(ground: Ground) -> str:
    """A scope to suggest in the place of ``all``."""
    return ", ".join(sorted(ground.routes)) if len(ground.routes) <= 3 else "routes tagged …"


def _methods(node: nodes.Rule, reach: Reach, ground: Ground) -> tuple[str, ...]:
    named = distinct_names("method", node.methods, ground.sink)
    for method in named:
        if reach.methods and method.text not in reach.methods:
            near = ground.symbols.guess(method.text, reach.methods)
            ground.sink.add(errors.method_nowhere(method.text, reach.methods, near, method.span))
    return tuple(sorted(method.text for method in named))


def _condition(node: nodes.Rule, cells: Sequence[CellEnv], ground: Ground) -> TypedExpr | None:
    """``when and not unless``, so that what ``when`` guards is guarded in ``unless`` too; None for ``always``."""
    if not cells or node.when is None:
        return None
    whole = node.when
    if node.unless is not None:
        exception = nodes.Not(node.unless.span, node.unless)
        whole = nodes.And(node.when.span.to(node.unless.span), (node.when, exception))
    return check_condition(whole, cells, ground.names, ground.sink, effect=node.effect)


def _step_up(node: nodes.Rule, value: nodes.Str, sink: Sink) -> str:
    if node.effect != "deny":
        sink.add(errors.step_up_elsewhere(node.effect, value.span))
    text = constant("an authentication context class", value, sink)
    fits = text and text.isascii() and text.isprintable() and _BREAKING.isdisjoint(text)
    if not fits and not value.holes:
        sink.add(errors.step_up_malformed(value.span))
    return text
