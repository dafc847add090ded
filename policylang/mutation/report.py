"""The result of a mutation run: how many were noticed, and those that were not, in the order of the source."""

from collections import Counter
from dataclasses import dataclass

from policylang.mutation.judge import Fate, Judged
from policylang.source.tree import SourceTree


@dataclass(frozen=True)
class Mutation:
    """``made`` is how many mutants there are; ``judged`` those that were looked at, fewer where a limit was given."""

    made: int
    judged: tuple[Judged, ...]
    tree: SourceTree

    @property
    def fates(self) -> Counter[Fate]:
        """How many came to which end."""
        return Counter(one.fate for one in self.judged)

    @property
    def ran(self) -> int:
        """How many the tests were run on."""
        return self.fates["noticed"] + self.fates["survived"]

    @property
    def percent(self) -> float:
        """The share of those that ran that was noticed, in tenths, rounded down; 100.0 where none ran."""
        return 100.0 if self.ran == 0 else self.fates["noticed"] * 1000 // self.ran / 10

    @property
    def survivors(self) -> tuple[Judged, ...]:
        """Those that no test noticed, in the order of the source."""
        found = [one for one in self.judged if one.fate == "survived"]
        return tuple(sorted(found, key=lambda one: (one.mutant.span, one.mutant.operator, one.mutant.edits)))
