"""What a test run is made of: cases and their steps going in, outcomes coming out.

Law of this file: data only. Spans are of the rule set's source tree; whoever prints them turns them into places.
"""

from dataclasses import dataclass
from typing import Literal

from policylang.check.model import CheckedModule
from policylang.codegen.compiled import CompiledPlan
from policylang.explain.tree import ExplainTree
from policylang.reference.values import Tracer
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.source.spans import Span
from policylang.syntax.nodes_test import ExpectStep


@dataclass(frozen=True, slots=True)
class Used:
    """``used 999 of gold quota``: what stands on a counter before a request.

    ``limit`` is the name in the decision's charges. ``now`` in microseconds: as if that many requests were admitted then.
    """

    limit: str
    count: int
    now: int
    span: Span


@dataclass(frozen=True, slots=True)
class Step:
    """A request, sent ``times`` times; ``expectations`` are of the last answer. ``span`` is the request's, or the repeat's."""

    span: Span
    ask: Ask
    times: int = 1
    used: tuple[Used, ...] = ()
    expectations: tuple[ExpectStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test, or one row of it: ``row`` counts from 1 and is part of ``title``; 0: a test without rows.

    ``span`` is the title's, or the row's.
    """

    title: str
    span: Span
    steps: tuple[Step, ...]
    row: int = 0


FailureKind = Literal["expectation", "disagreement", "arrangement"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something expected that did not come. ``tree`` explains the answer it is about.

    "disagreement": the compiled plan (``actual``) and the reference (``expected``) decided differently. "arrangement": the
    test could not be set up as it says, so it would prove nothing.
    """

    kind: FailureKind
    what: str
    expected: str
    actual: str
    span: Span
    tree: ExplainTree | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The last decision on a step, by the compiled plan, and why."""

    step: Step
    decision: Decision
    tree: ExplainTree


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case. ``answers`` are aligned with its steps."""

    case: Case
    answers: tuple[Answer, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected came."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """The outcomes of a run, in the order of the cases."""

    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every case passed; true of none."""
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that failed."""
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)


@dataclass(frozen=True, slots=True)
class Engines:
    """Who decides: ``compiled`` always; the reference interpreter of ``module`` beside it, unless it is spared.

    ``tracer`` is told what the reference looks at.
    """

    compiled: CompiledPlan
    module: CheckedModule
    reference: Literal["asked", "spared"] = "asked"
    tracer: Tracer | None = None
