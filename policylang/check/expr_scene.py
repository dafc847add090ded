"""Where an expression is being checked: on which cases, with which names, for which effect, and inside which let."""

from dataclasses import dataclass, replace
from typing import Literal

from policylang.check.environment import Names, Sink
from policylang.check.expr_cases import Case
from policylang.check.nearest import nearest
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span
from policylang.syntax import nodes

GUESSING_ENDS = 200
"""Once a check has so many complaints, near misses are no longer looked up: a search through every name is not free."""


Parent = Literal["", "and", "or", "not"]


@dataclass(frozen=True, slots=True)
class Scene:
    """``use``: where the let was named that the expression stands in, None outside lets. ``effect``: the rule's, where
    there is one. ``negated``: under an odd number of ``not``; ``parent``: the operator just above, "" for none.
    ``atom``: the smallest condition around a value."""

    cases: tuple[Case, ...]
    names: Names
    sink: Sink
    effect: nodes.Effect | None = None
    use: Span | None = None
    negated: bool = False
    parent: Parent = ""
    atom: nodes.Expr | None = None

    def complain(self, diagnostic: Diagnostic) -> None:
        """Report; what is wrong inside a let is reported once, and says where the let was named."""
        complain(self.sink, diagnostic, self.use)

    def near(self, name: str, candidates: "list[str]") -> str | None:
        """The candidate that a name may be a misspelling of; of one or two letters anything might be."""
        return nearest(name, candidates) if len(name) > 2 and len(self.sink.found) < GUESSING_ENDS else None

    def peel(self, expr: nodes.Expr) -> "tuple[nodes.Expr, Scene]":
        """An expression that is no let, and the scene to check it in."""
        scene = self
        while isinstance(expr, nodes.LetRef):
            scene = scene if scene.use is not None else scene._inside(expr.span)
            expr = self.names.lets[expr.name].value
        return expr, scene

    def under_not(self) -> "Scene":
        """The scene of what stands under a ``not``."""
        return self._below("not", negated=not self.negated)

    def under(self, parent: Parent) -> "Scene":
        """The scene of the operands of ``and`` or ``or``."""
        return self if self.parent == parent else self._below(parent, negated=self.negated)

    def around(self, atom: nodes.Expr) -> "Scene":
        """The scene of the values in a condition that is not made of conditions."""
        return Scene(self.cases, self.names, self.sink, self.effect, self.use, self.negated, self.parent, atom)

    # spelt out: these are made for each part of each condition, and ``replace`` takes four times as long

    def _inside(self, use: Span) -> "Scene":
        return Scene(self.cases, self.names, self.sink, self.effect, use, self.negated, self.parent, self.atom)

    def _below(self, parent: Parent, *, negated: bool) -> "Scene":
        return Scene(self.cases, self.names, self.sink, self.effect, self.use, negated, parent, self.atom)


def complain(sink: Sink, diagnostic: Diagnostic, use: Span | None) -> None:
    """Add a complaint to a sink; with ``use``, at most once for its place, and with a label there."""
    if use is None:
        sink.add(diagnostic)
        return
    if any(known.code == diagnostic.code and known.span == diagnostic.span for known in sink.found):
        return
    sink.add(replace(diagnostic, labels=(*diagnostic.labels, Label(use, "the let is used here"))))
