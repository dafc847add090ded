"""What fuzzing begins with: the rules and payloads of the conformance suite, and what was found before."""

from collections.abc import Iterable
from pathlib import Path

from tests.conformance.document import Suite, paths
from tests.conformance.run import suites_of

KEPT = Path(__file__).parent / "kept"
LARGEST_RULES = 2_500
CROSSED = 40
"""Payloads of one suite of crossings: the others differ in names alone."""
ROOT = Path(__file__).parents[2]


def seeds(target: str) -> list[bytes]:
    """The seeds of a target, without repetition, in a fixed order."""
    suites = [suite for path in paths() for suite in suites_of(path)[:1]]
    made = _rules(suites) if target == "parser" else _payloads(suites)
    return list(dict.fromkeys([*kept(target), *made]))


def kept(target: str) -> list[bytes]:
    """Cases that fuzzing found, each of them once a failure."""
    return [path.read_bytes() for path in sorted((KEPT / target).glob("*.case"))]


def _rules(suites: Iterable[Suite]) -> Iterable[bytes]:
    for suite in suites:
        yield from (text.encode() for text in suite.files.values() if len(text) <= LARGEST_RULES)
        yield from (refused.rules.encode() for refused in suite.refused)
    for path in sorted((ROOT / "tests" / "data").rglob("*.rules")):
        if path.stat().st_size <= LARGEST_RULES:
            yield path.read_bytes()


def _payloads(suites: Iterable[Suite]) -> Iterable[bytes]:
    for suite in suites:
        for case in suite.cases[:: max(1, len(suite.cases) // CROSSED)]:
            yield from (step.ask.payload for step in case.steps if step.ask.payload is not None)
