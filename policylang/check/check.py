"""The checker's spine: passes over the AST, from names to what rests on them. No logic of its own.

Law of this folder: what was complained of is repaired or passed over, so that one mistake is one complaint.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from policylang.check import model
from policylang.check.caps import within_caps
from policylang.check.cells import Cells
from policylang.check.claims import metadata_block
from policylang.check.constants import NO_PLACES, Constants, resolve
from policylang.check.environment import Names, Sink
from policylang.check.ground import Ground
from policylang.check.headers import check_headers
from policylang.check.identity_tokens import check_identity_tokens
from policylang.check.issuers import check_issuers
from policylang.check.limits import check_limits
from policylang.check.ownership import check_ownership
from policylang.check.policies import check_policies
from policylang.check.routes import check_routes, unsure_routes
from policylang.check.rules import check_reachable, check_rules
from policylang.check.scopes import Scopes
from policylang.check.select_places import grants_by_route, place_selects, policies_by_reference, policies_named
from policylang.check.selects import check_selects
from policylang.check.symbols import Symbols, collect
from policylang.check.tests import check_files, check_tests
from policylang.check.ties import check_ties
from policylang.check.unused import check_unused
from policylang.check.writers import Writers
from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.syntax import nodes


@dataclass(frozen=True)
class CheckResult:
    """``module`` is None when some diagnostic is an error. ``diagnostics`` are in the order of the source."""

    module: model.CheckedModule | None
    diagnostics: tuple[Diagnostic, ...]


def check(
    rule_set: nodes.RuleSet,
    tree: SourceTree,
    settings: Mapping[str, str | int] | None,
    places: Mapping[str, Span] = NO_PLACES,
) -> CheckResult:
    """Check a whole rule set.

    ``tree`` is where key files are read from. ``settings`` are the values of one environment; None: typed placeholders.
    ``places`` are where their names are written.
    """
    sink = Sink()
    symbols = collect(rule_set, sink)
    check_files(rule_set, sink)
    module = None
    if within_caps(symbols, sink):
        module = _module(symbols, resolve(symbols, settings, sink, places), tree, sink)
    found = sorted(sink.found, key=lambda diagnostic: (diagnostic.span, diagnostic.code))
    failed = any(diagnostic.severity == "error" for diagnostic in found)
    return CheckResult(None if failed else module, tuple(found))


def _module(symbols: Symbols, constants: Constants, tree: SourceTree, sink: Sink) -> model.CheckedModule:
    issuers = check_issuers(constants, tree, sink)
    metadata = metadata_block(symbols.metadata, sink)
    policies = check_policies(symbols, sink)
    routes = check_routes(constants, issuers, sink)
    check_ties(routes, sink)
    scopes = Scopes(routes, symbols, sink)
    placed = place_selects(symbols, scopes, sink)
    claims = [claim for issuer in issuers.values() for claim in issuer.claims]
    values = policies_by_reference(claims, metadata.fields if metadata else ())
    named = [policies_named(here.node, values) for here in placed]
    cells = Cells(routes, issuers, grants_by_route(placed, policies, named), unsure_routes(symbols.routes, issuers))
    names = _names(symbols, issuers, metadata, policies, scopes)
    ground = Ground(symbols, constants, issuers, routes, scopes, cells, names, sink)
    writers = Writers()
    selects = check_selects(placed, ground)
    rules = check_rules(ground)
    check_reachable(ground)
    set_headers, remove_headers = check_headers(ground, writers)
    identity_tokens = check_identity_tokens(ground, writers)
    writers.settle(sink)
    limits = check_limits(ground)
    check_ownership(ground)
    check_unused(symbols, frozenset[str]().union(*named), sink)
    check_tests(ground)
    return model.CheckedModule(
        issuers=issuers,
        metadata=metadata,
        policies=policies,
        selects=selects,
        routes=routes,
        rules=rules,
        set_headers=set_headers,
        remove_headers=remove_headers,
        identity_tokens=identity_tokens,
        limits=limits,
        secrets=tuple(sorted(symbols.secrets)),
        tests=tuple(symbols.tests),
        settings=dict(sorted(constants.values.items())),
        givens=dict(sorted(symbols.givens.items())),
    )


def _names(
    symbols: Symbols,
    issuers: Mapping[str, model.Issuer],
    metadata: model.Metadata | None,
    policies: Mapping[str, model.Policy],
    scopes: Scopes,
) -> Names:
    claims: dict[str, list[tuple[str, model.Claim]]] = {}
    for issuer in issuers.values():
        for claim in issuer.claims:
            claims.setdefault(claim.name, []).append((issuer.name, claim))
    return Names(
        lets=symbols.lets,
        claims={name: tuple(declared) for name, declared in sorted(claims.items())},
        metadata=None if metadata is None else {field.name: field for field in metadata.fields},
        issuers=tuple(issuers),
        captures=scopes.captures,
        policies=policies,
    )
