"""The first pass: every declared name, by kind. Of two declarations of one name the first counts.

Names are global for each kind, whatever the file; rules of all effects share one kind, and so do issuers and keyrings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from policylang.check import errors_names as errors
from policylang.check.environment import Sink
from policylang.check.fields import opening
from policylang.check.nearest import nearest
from policylang.syntax import nodes, nodes_test

Kind = Literal[
    "setting", "secret", "issuer", "keyring", "policy", "route", "rule", "let", "limit", "identity token", "fixture"
]

GUESSES = 200
"""Names for which a near miss is looked up in one check: a search through every name is not free."""


@dataclass
class Symbols:
    """Declarations by kind and name, in the author's order; what has no name in lists.

    ``items`` are all of them, those included that another declaration of the same name keeps out of its table.
    """

    settings: dict[str, nodes.Setting] = field(default_factory=dict)
    secrets: dict[str, nodes.Secret] = field(default_factory=dict)
    issuers: dict[str, nodes.Issuer] = field(default_factory=dict)
    keyrings: dict[str, nodes.Keyring] = field(default_factory=dict)
    policies: dict[str, nodes.Policy] = field(default_factory=dict)
    routes: dict[str, nodes.Route] = field(default_factory=dict)
    rules: dict[str, nodes.Rule] = field(default_factory=dict)
    lets: dict[str, nodes.Let] = field(default_factory=dict)
    limits: dict[str, nodes.Limit] = field(default_factory=dict)
    identity_tokens: dict[str, nodes.IdentityToken] = field(default_factory=dict)
    selects: list[nodes.Select] = field(default_factory=list)
    headers: list[nodes.Headers] = field(default_factory=list)
    tests: list[nodes_test.Test] = field(default_factory=list)
    givens: dict[str, nodes_test.Given] = field(default_factory=dict)
    metadata: nodes.Metadata | None = None
    items: tuple[nodes.Item, ...] = ()
    guesses: int = GUESSES

    def guess(self, name: str, candidates: Iterable[str]) -> str | None:
        """The candidate that ``name`` may be a misspelling of; None once this check has looked up enough of them."""
        if self.guesses == 0:
            return None
        self.guesses -= 1
        return nearest(name, candidates)


def collect(rule_set: nodes.RuleSet, sink: Sink) -> Symbols:
    """Gather the declarations of all files. Complains of names declared twice."""
    symbols = Symbols(items=tuple(item for file in rule_set.files for item in file.items))
    for item in symbols.items:
        match item:
            case nodes.Setting():
                _declare("setting", item, symbols.settings, sink)
            case nodes.Secret():
                _declare("secret", item, symbols.secrets, sink)
            case nodes.Issuer():
                _declare("issuer", item, symbols.issuers, sink, symbols.keyrings)
            case nodes.Keyring():
                _declare("keyring", item, symbols.keyrings, sink, symbols.issuers)
            case nodes.Policy():
                _declare("policy", item, symbols.policies, sink)
            case nodes.Route():
                _declare("route", item, symbols.routes, sink)
            case nodes.Rule():
                _declare("rule", item, symbols.rules, sink)
            case nodes.Let():
                _declare("let", item, symbols.lets, sink)
            case nodes.Limit():
                _declare("limit", item, symbols.limits, sink)
            case nodes.IdentityToken():
                _declare("identity token", item, symbols.identity_tokens, sink)
            case nodes.Metadata():
                if symbols.metadata is not None:
                    places = (opening(node, "metadata") for node in (item, symbols.metadata))
                    sink.add(errors.second_metadata(*places))
                symbols.metadata = symbols.metadata or item
            case nodes.Select():
                symbols.selects.append(item)
            case nodes.Headers():
                symbols.headers.append(item)
            case nodes_test.Test():
                symbols.tests.append(item)
            case nodes_test.Given():
                _declare("fixture", item, symbols.givens, sink)
    return symbols


Named = (
    nodes.Setting | nodes.Secret | nodes.Issuer | nodes.Keyring | nodes.Policy | nodes.Route | nodes.Rule | nodes.Let
    | nodes.Limit | nodes.IdentityToken | nodes_test.Given
)  # fmt: skip
Declared = TypeVar("Declared", bound=Named)
NO_OTHERS: Mapping[str, Named] = {}


def _declare(
    kind: Kind, item: Declared, table: dict[str, Declared], sink: Sink, beside: Mapping[str, Named] = NO_OTHERS
) -> None:
    """``beside`` is another table, whose names are not free either."""
    name = item.name.text
    first = beside.get(name) or table.setdefault(name, item)
    if first is not item:
        sink.add(errors.duplicate_name(kind, name, item.name.span, first.name.span))
