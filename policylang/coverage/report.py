"""The result of a measurement: goals beside how often each was met, counted by kind and listed by place."""

from collections.abc import Mapping
from dataclasses import dataclass

from policylang.coverage.goal import KINDS, MISSED, Goal, Kind
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.syntax.one_line import one_line


@dataclass(frozen=True, slots=True)
class Share:
    """``met`` of ``all`` goals."""

    met: int
    all: int

    @property
    def percent(self) -> float:
        """In tenths, rounded down, so that 100.0 is all of them; of no goals at all it is 100.0."""
        return 100.0 if self.all == 0 else self.met * 1000 // self.all / 10

    def __str__(self) -> str:
        return f"{self.met:,} of {self.all:,}"


@dataclass(frozen=True, slots=True)
class Gap:
    """What was not seen of one place. ``text`` is the source text of a condition, else the name of what stands there."""

    span: Span
    kind: Kind
    text: str
    missed: tuple[Goal, ...]

    @property
    def words(self) -> str:
        """What was never seen: "never false"."""
        if {goal.wanted for goal in self.missed} == {"true", "false"}:
            return "never looked at"
        return ", ".join(MISSED[goal.wanted] for goal in self.missed)


@dataclass(frozen=True)
class Coverage:
    """The goals of a rule set in the order of the source, and how often each was met."""

    goals: tuple[Goal, ...]
    met: Mapping[Goal, int]
    tree: SourceTree

    @property
    def share(self) -> Share:
        """Of all goals."""
        return self._share(self.goals)

    def by_kind(self) -> dict[Kind, Share]:
        """Of the goals of each kind that there is."""
        kinds = [kind for kind in KINDS if any(goal.kind == kind for goal in self.goals)]
        return {kind: self._share(tuple(goal for goal in self.goals if goal.kind == kind)) for kind in kinds}

    def by_file(self) -> dict[int, Share]:
        """Of the goals of each file that has any."""
        files = sorted({goal.span.file for goal in self.goals})
        return {file: self._share(tuple(goal for goal in self.goals if goal.span.file == file)) for file in files}

    def gaps(self) -> tuple[Gap, ...]:
        """The places with goals that were not met, in the order of the source."""
        missed: dict[tuple[Span, Kind, str], list[Goal]] = {}
        for goal in self.goals:
            if not self.met.get(goal):
                missed.setdefault((goal.span, goal.kind, goal.subject), []).append(goal)
        return tuple(
            Gap(span, kind, subject or one_line(self.tree.text_of(span)), tuple(goals))
            for (span, kind, subject), goals in missed.items()
        )

    def _share(self, goals: tuple[Goal, ...]) -> Share:
        return Share(sum(1 for goal in goals if self.met.get(goal)), len(goals))
