"""What lint rules look at: one rule set without errors, as it was written and as it was understood."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from policylang.check.model import CheckedModule, Rule
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.syntax import nodes
from policylang.syntax.trivia import Trivia
from policylang.syntax.walk import walk

ItemT = TypeVar("ItemT", bound=nodes.Node)

DECIDING = (
    nodes.Issuer, nodes.Keyring, nodes.Metadata, nodes.Let, nodes.Policy, nodes.Select, nodes.Route, nodes.Rule,
    nodes.Headers, nodes.IdentityToken, nodes.Limit,
)  # fmt: skip
"""The items that say what is decided."""


@dataclass(frozen=True)
class Subject:
    """A rule set. ``at`` is the instant that rules about expiry judge by (seconds since 1970); None: they say nothing."""

    module: CheckedModule
    rule_set: nodes.RuleSet
    tree: SourceTree
    trivia: Trivia
    at: int | None = None

    def items(self, kind: type[ItemT]) -> Iterator[ItemT]:
        """The items of a kind, in the order of the source."""
        for file in self.rule_set.files:
            for item in file.items:
                if isinstance(item, kind):
                    yield item

    def callers(self) -> Iterator[nodes.Issuer | nodes.Keyring]:
        """The issuers, then the keyrings."""
        yield from self.items(nodes.Issuer)
        yield from self.items(nodes.Keyring)

    def written(self, kind: type[ItemT]) -> Iterator[ItemT]:
        """Every node of exactly this kind in the items that decide something, in the order of the source.

        Tests are left aside.
        """
        for node in self._by_kind.get(kind, ()):
            if isinstance(node, kind):
                yield node

    @cached_property
    def _by_kind(self) -> Mapping[type[nodes.Node], list[nodes.Node]]:
        """All nodes by their kind: many rules ask, and one walk answers."""
        found: dict[type[nodes.Node], list[nodes.Node]] = {}
        for file in self.rule_set.files:
            for item in file.items:
                if isinstance(item, DECIDING):
                    for node in walk(item):
                        found.setdefault(type(node), []).append(node)
        return found

    def text(self, span: Span) -> str:
        """The source text at a span."""
        return self.tree.text_of(span)

    def text_of(self, const: nodes.Const) -> str:
        """The value of a constant: of a setting, that of the environment or its placeholder."""
        return const.value if isinstance(const, nodes.Str) else str(self.module.settings.get(const.name, ""))

    @cached_property
    def rule_nodes(self) -> Mapping[str, nodes.Rule]:
        """The allows, denies and shadows as written, by name."""
        return {rule.name.text: rule for rule in self.items(nodes.Rule)}

    @cached_property
    def route_nodes(self) -> Mapping[str, nodes.Route]:
        """The routes as written, by name."""
        return {route.name.text: route for route in self.items(nodes.Route)}

    @cached_property
    def allows(self) -> tuple[Rule, ...]:
        """The allows that decide, sorted by name."""
        return tuple(rule for rule in self.module.rules if rule.effect == "allow")

    @cached_property
    def denies(self) -> tuple[Rule, ...]:
        """The denies that decide, sorted by name."""
        return tuple(rule for rule in self.module.rules if rule.effect == "deny")

    @cached_property
    def allows_by_route(self) -> Mapping[str, tuple[Rule, ...]]:
        """The allows in scope of each route; a route that has none is not in it."""
        return _by_route(self.allows)

    @cached_property
    def denies_by_route(self) -> Mapping[str, tuple[Rule, ...]]:
        """The denies in scope of each route; a route that has none is not in it."""
        return _by_route(self.denies)

    def methods(self, rule: Rule, route: str) -> Set[str]:
        """The methods of a route that a rule is for."""
        having = frozenset(self.module.routes[route].methods)
        return having & frozenset(rule.methods) if rule.methods else having

    def issuers(self, route: str) -> tuple[str | None, ...]:
        """Who may call a route: issuers, and None where anonymous requests are taken."""
        declared = self.module.routes[route]
        return (*declared.trust, None) if declared.anonymous else declared.trust


def _by_route(rules: tuple[Rule, ...]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for route in rule.routes:
            found.setdefault(route, []).append(rule)
    return {route: tuple(listed) for route, listed in found.items()}
