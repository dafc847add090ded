"""A test run for a terminal: each failure with both sides and the explanation of its answer, then one line in all.

Law of this file: nothing of a test reaches the terminal as a control sequence.
"""

from collections.abc import Iterator

from policylang.diagnostics.cells import printable
from policylang.diagnostics.render_text import PLAIN, Paint
from policylang.explain.render_text import render_text as explanation
from policylang.explain.tree import Place
from policylang.source.spans import Span
from policylang.source.tree import SourceTree
from policylang.testing.model import Failure, FailureKind, Outcome, SuiteResult

_HEADS: dict[FailureKind, str] = {"expectation": "FAILED", "arrangement": "FAILED", "disagreement": "DISAGREEMENT"}
_SIDES: dict[FailureKind, tuple[str, str]] = {
    "expectation": ("expected", "actual"),
    "arrangement": ("expected", "actual"),
    "disagreement": ("the reference decides", "the plan decides"),
}
_OUR_FAULT = "This is a fault of policylang, not of your rules: please report it with the rules and the test."


def render_text(result: SuiteResult, tree: SourceTree, name: str, base: str = "", paint: Paint = PLAIN) -> str:
    """The failures and a summary line. ``name`` is what was tested, ``base`` is put before the paths of files."""
    lines: list[str] = []
    for outcome in result.failed:
        lines += [*_outcome(outcome, tree, base, paint), ""]
    return "\n".join([*lines, _summary(result, name, paint)]) + "\n"


def place_of(span: Span, tree: SourceTree, base: str = "") -> Place:
    """Where a span begins."""
    source = tree.files[span.file]
    return Place(base + source.path, *source.position(span.start))


def _outcome(outcome: Outcome, tree: SourceTree, base: str, paint: Paint) -> Iterator[str]:
    kinds = {failure.kind for failure in outcome.failures}
    head = _HEADS["disagreement" if "disagreement" in kinds else "expectation"]
    place = place_of(outcome.case.span, tree, base)
    yield f"{paint.error}{head}{paint.reset}  {paint.strong}{printable(outcome.case.title)}{paint.reset}  ({place})"
    failures = outcome.failures
    for index, failure in enumerate(failures):
        yield from _failure(failure, tree, base, paint)
        following = failures[index + 1].tree if index + 1 < len(failures) else None
        if failure.tree is not None and failure.tree is not following:
            yield ""
            yield from (f"    {printable(line)}" for line in explanation(failure.tree).splitlines())
    if "disagreement" in kinds:
        yield f"  {paint.error}{_OUR_FAULT}{paint.reset}"


def _failure(failure: Failure, tree: SourceTree, base: str, paint: Paint) -> Iterator[str]:
    first, second = _SIDES[failure.kind]
    width = max(len(first), len(second))
    yield ""
    yield f"  {place_of(failure.span, tree, base)}: {printable(failure.what)}"
    yield f"    {first:<{width}}  {paint.strong}{printable(failure.expected)}{paint.reset}"
    yield f"    {second:<{width}}  {paint.error}{printable(failure.actual)}{paint.reset}"


def _summary(result: SuiteResult, name: str, paint: Paint) -> str:
    count, failed = len(result.outcomes), len(result.failed)
    tests = f"{count:,} test{'' if count == 1 else 's'}"
    if not failed:
        return f"{name}: {tests} passed"
    return f"{name}: {paint.error}{failed:,} of {tests} failed{paint.reset}"
