from policylang.source.spans import NOWHERE
from policylang.testing.model import Case, Failure, Outcome, SuiteResult

CASE = Case("t", NOWHERE, ())
FAILURE = Failure("expectation", "the answer", "allow", "deny 403", NOWHERE, None)


def test_a_case_passes_when_nothing_failed() -> None:
    assert Outcome(CASE, (), ()).passed
    assert not Outcome(CASE, (), (FAILURE,)).passed


def test_a_run_passes_when_all_its_cases_do() -> None:
    good, bad = Outcome(CASE, (), ()), Outcome(CASE, (), (FAILURE,))
    assert SuiteResult(()).passed
    assert SuiteResult((good, good)).passed
    assert not SuiteResult((good, bad)).passed
    assert SuiteResult((good, bad, bad)).failed == (bad, bad)
