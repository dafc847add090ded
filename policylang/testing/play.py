"""One case played: every request put to both engines, every answer held against what is expected of it.

Law of this file: the engines share nothing but the asks; each has counters of its own, at zero when the case begins.
"""

from dataclasses import dataclass, field, replace

from policylang.explain.tree import ExplainTree
from policylang.reference.oracle import Oracle
from policylang.reference.values import StuckError
from policylang.runtime.ask import Ask
from policylang.runtime.decision import ChargeRecord, Decision
from policylang.simulate.simulation import Simulation
from policylang.source.spans import Span
from policylang.syntax import nodes_test as ast
from policylang.testing.compare import Counted, compare
from policylang.testing.model import Answer, Case, Engines, Failure, Outcome, Step, Used
from policylang.testing.words import counter_words, decision_words, differences


def play(case: Case, engines: Engines) -> Outcome:
    """The outcome of a case. It goes on after a failure, so that all that is wrong is told at once."""
    playing = _Playing(engines)
    answers = tuple(playing.step(step) for step in case.steps)
    return Outcome(case, answers, tuple(playing.failures))


@dataclass
class _Playing:
    engines: Engines
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._simulation = Simulation(self.engines.compiled)
        spared = self.engines.reference == "spared"
        self._oracle = None if spared else Oracle(self.engines.module, tracer=self.engines.tracer)

    def step(self, step: Step) -> Answer:
        before = [used for used in step.used if not self._put(step.ask, used)]
        for _ in range(step.times - 1):
            if not self._agree(step.span, self._simulation.ask(step.ask), None, self._reference(step.ask)):
                break
        reference = self._reference(step.ask)
        decision, tree = self._simulation.explain(step.ask, "shown")
        self.failures += [_not_counted(used, decision, tree) for used in before]
        self._agree(step.span, decision, tree, reference)
        answer = Answer(step, decision, tree)
        counted = Counted({record.limit: self._left(record, step) for record in self._records(step, decision)})
        for expected in step.expectations:
            self.failures += compare(expected, answer, counted, self.engines.compiled)
        return answer

    def _put(self, ask: Ask, used: Used) -> bool:
        """Set a counter that the next request is charged on; False where it is charged on none of that name."""
        record = _record(Simulation(self.engines.compiled).ask(ask), used.limit)
        if record is None:
            return False
        self._simulation.counters.put(record, used.count, used.now)
        if self._oracle is not None:
            other = _record(Oracle(self.engines.module).ask(ask), used.limit)
            if other is not None:
                self._oracle.counters.put(other, used.count, used.now)
        return True

    def _reference(self, ask: Ask) -> Decision | StuckError | None:
        if self._oracle is None:
            return None
        try:
            return self._oracle.ask(ask)
        except StuckError as stuck:
            return stuck

    def _agree(
        self, span: Span, decision: Decision, tree: ExplainTree | None, reference: Decision | StuckError | None
    ) -> bool:
        """Whether the engines decided alike, their reasons aside; a disagreement is noted."""
        if reference is None:
            return True
        if isinstance(reference, Decision):
            reference, plain = replace(reference, reason=""), replace(decision, reason="")
            if reference == plain:
                return True
            expected, actual = differences(reference, plain)
        else:
            expected, actual = f"no decision: {reference}", decision_words(decision)
        self.failures.append(Failure("disagreement", "the compiled plan", expected, actual, span, tree))
        return False

    def _records(self, step: Step, decision: Decision) -> tuple[ChargeRecord, ...]:
        """The counters that a request is charged on, if any expectation is about what is left of one."""
        if not any(_asks_what_is_left(expected) for expected in step.expectations):
            return ()
        if decision.kind == "limited":
            return Simulation(self.engines.compiled).ask(step.ask).charges
        return decision.charges

    def _left(self, record: ChargeRecord, step: Step) -> int:
        left = self._simulation.counters.left(record, step.ask.now)
        if self._oracle is not None:
            other = self._oracle.counters.left(record, step.ask.now)
            if other != left:
                what = f"what is left of {counter_words(record.limit)}"
                self.failures.append(Failure("disagreement", what, str(other), str(left), step.span, None))
        return left


def _record(decision: Decision, limit: str) -> ChargeRecord | None:
    return next((record for record in decision.charges if record.limit == limit), None)


def _not_counted(used: Used, decision: Decision, tree: ExplainTree) -> Failure:
    what = f"used {used.count} of {counter_words(used.limit)}"
    actual = ", ".join(sorted(counter_words(charge.limit) for charge in decision.charges)) or "nothing"
    wanted, came = "the next request is counted by it", f"it is counted by: {actual}"
    return Failure("arrangement", what, wanted, came, used.span, tree)


def _asks_what_is_left(step: ast.ExpectStep) -> bool:
    answer = step.answer
    return isinstance(answer, ast.Expected) and any(isinstance(e, ast.ExpectLeft) for e in answer.expectations)
