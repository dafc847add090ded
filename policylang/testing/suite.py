"""The spine of a test run: tests to cases, cases to outcomes. No logic of its own."""

from collections.abc import Callable, Iterable

from policylang.check.model import CheckedModule
from policylang.check.rows import examples
from policylang.codegen.compiled import CompiledPlan
from policylang.diagnostics.model import Diagnostic
from policylang.plan.model import Plan
from policylang.testing.arrange import arranged
from policylang.testing.fixtures import made_up_secrets
from policylang.testing.model import Case, Engines, Outcome, SuiteResult
from policylang.testing.play import play


def cases_of(module: CheckedModule) -> tuple[Case, ...]:
    """Every test of a rule set as cases, in the order of the source; a table is a case for each row."""
    found = (example for test in module.tests for example in examples(test, module.givens, _unheard))
    return tuple(arranged(example, module) for example in found)


def engines_of(module: CheckedModule, plan: Plan) -> Engines:
    """Both engines of one rule set; secrets are made up."""
    return Engines(CompiledPlan(plan, made_up_secrets(plan.secrets)), module)


def run_case(case: Case, engines: Engines) -> Outcome:
    """Send the requests of a case, in order, from counters at zero; compare each answer with what is expected."""
    return play(case, engines)


def run_suite(cases: Iterable[Case], engines: Engines, told: Callable[[Outcome], None]) -> SuiteResult:
    """Run all the cases; ``told`` hears of each outcome as it comes."""
    outcomes = []
    for case in cases:
        outcome = run_case(case, engines)
        told(outcome)
        outcomes.append(outcome)
    return SuiteResult(tuple(outcomes))


def _unheard(diagnostic: Diagnostic) -> None:
    """A checked module has nothing left to complain of."""
    raise AssertionError(diagnostic)
