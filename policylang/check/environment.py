"""What a rule may name on one cell, and the sink that complaints go to.

Many cells look alike to a rule: environments are interned by content, and a rule is checked once for each distinct one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policylang.check.model import Claim, Policy
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes
from policylang.typesys.terms import Scalar


@dataclass(frozen=True)
class CellEnv:
    """One (route, issuer). ``issuer`` None is anonymous; ``claims`` are that issuer's, none when anonymous.

    ``grants`` are the texts that ``policy.grants`` may hold, None where no select covers the route.
    """

    route: str
    issuer: str | None
    claims: Mapping[str, Claim]
    captures: Mapping[str, Scalar]
    grants: frozenset[str] | None


@dataclass(frozen=True)
class Names:
    """Every name that an expression may use, whatever the cell: for resolution and for did-you-mean.

    ``claims``: claim name to the issuers that declare it. ``metadata``: its fields, None where no block is.
    """

    lets: Mapping[str, nodes.Let]
    claims: Mapping[str, tuple[tuple[str, Claim], ...]]
    metadata: Mapping[str, Claim] | None
    issuers: tuple[str, ...]
    captures: Mapping[str, tuple[str, ...]]  # capture name to the routes that bind it
    policies: Mapping[str, Policy]


@dataclass
class Sink:
    """Collects diagnostics; one complaint for one span and code."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic unless the same code was already given for the same place."""
        if not any(
            d.code == diagnostic.code and d.labels[0].span == diagnostic.labels[0].span for d in self.found[-64:]
        ):
            self.found.append(diagnostic)
