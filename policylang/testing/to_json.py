"""A test run as JSON values, for other programs: ``schemas/test-report.v1.json`` says what is in it."""

from typing import Any

from policylang.explain.to_json import to_json as explanation
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.testing.model import Failure, Outcome, SuiteResult
from policylang.testing.render_text import place_of

FORMAT = "policylang.test-report/1"


def to_json(result: SuiteResult, tree: SourceTree) -> dict[str, Any]:
    """The report of a run; files are relative to the rule set."""
    return {
        "format": FORMAT,
        "tests": len(result.outcomes),
        "failed": len(result.failed),
        "outcomes": [_outcome(outcome, tree) for outcome in result.outcomes],
    }


def _outcome(outcome: Outcome, tree: SourceTree) -> dict[str, Any]:
    case = outcome.case
    return {
        "title": case.title,
        "row": case.row or None,
        "place": _place(case.span, tree),
        "passed": outcome.passed,
        "answers": [
            {"place": _place(answer.step.span, tree), "status": answer.decision.status, "kind": answer.decision.kind}
            for answer in outcome.answers
        ],
        "failures": [_failure(failure, tree) for failure in outcome.failures],
    }


def _failure(failure: Failure, tree: SourceTree) -> dict[str, Any]:
    return {
        "kind": failure.kind,
        "what": failure.what,
        "expected": failure.expected,
        "actual": failure.actual,
        "place": _place(failure.span, tree),
        "explanation": None if failure.tree is None else explanation(failure.tree),
    }


def _place(span: Span, tree: SourceTree) -> dict[str, Any]:
    place = place_of(span, tree)
    return {"file": place.file, "line": place.line, "column": place.column}
