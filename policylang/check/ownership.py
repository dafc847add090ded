"""Ownership: what opens a route or speaks for it stands in the file that declares the route."""

from policylang.check import errors_items as errors
from policylang.check.ground import Ground
from policylang.check.header_names import spelling
from policylang.source.spans import Span
from policylang.syntax import nodes


def check_ownership(ground: Ground) -> None:
    """Complain of each allow, header set and identity token that reaches a route of another file."""
    symbols = ground.symbols
    for rule in symbols.rules.values():
        if rule.effect == "allow":
            _own(f"`allow {rule.name.text}`", rule.scope, rule.name.span, ground)
    for block in symbols.headers:
        for operation in block.operations:
            if isinstance(operation, nodes.SetHeader):
                _own(f"`set {spelling(operation.name)}`", block.scope, operation.name.span, ground)
    for token in symbols.identity_tokens.values():
        _own(f"identity token `{token.name.text}`", token.scope, token.name.span, ground)


def _own(what: str, scope: nodes.Scope, span: Span, ground: Ground) -> None:
    reach = ground.scopes.reach(scope)
    foreign = next((route for file, route in reach.files.items() if file != span.file), None)
    if foreign is not None:
        ground.sink.add(errors.foreign_item(what, foreign, span, ground.routes[foreign].span))
