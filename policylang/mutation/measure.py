"""The spine of a mutation run: mutants, a selection of them, and what the cases make of each."""

from collections.abc import Callable, Sequence

from policylang.check.model import CheckedModule
from policylang.mutation.generate import in_turn, mutants_of
from policylang.mutation.judge import judge
from policylang.mutation.mutant import Mutant
from policylang.mutation.report import Mutation
from policylang.mutation.variant import Variants
from policylang.mutation.written import Written
from policylang.source.tree import SourceTree
from policylang.syntax.parse import parse
from policylang.testing.model import Case


class Mutating:
    """A rule set without errors and its mutants, not yet tried; ``total`` is how many there are."""

    def __init__(self, tree: SourceTree, module: CheckedModule) -> None:
        rule_set = parse(tree).rule_set
        written = Written(tree, rule_set, module)
        self._tree = tree
        self._variants = Variants(tree, rule_set, module.settings)
        self._mutants: Sequence[Mutant] = in_turn(mutants_of(written), written)

    @property
    def total(self) -> int:
        """How many mutants there are."""
        return len(self._mutants)

    def run(self, cases: Sequence[Case], limit: int | None, told: Callable[[int], None]) -> Mutation:
        """Try the mutants, until ``limit`` of them have been run; ``told`` hears how many were looked at.

        The cases must pass on the rule set itself: on one that they fail on, every mutant would seem to be noticed.
        """
        return Mutation(self.total, judge(self._mutants, self._variants, cases, limit, told), self._tree)
