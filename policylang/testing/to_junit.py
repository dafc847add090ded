"""A test run as JUnit XML, which build servers read: a suite for each file, a case for each test or row.

There is no standard; the names are those that Jenkins, GitLab and GitHub's report actions take. No times: a test has a
clock of its own, and the run's would differ each time.
"""

import re
from itertools import groupby
from xml.etree import ElementTree as ET

from policylang.explain.render_text import render_text as explanation
from policylang.source.tree import SourceTree
from policylang.testing.model import Failure, Outcome, SuiteResult
from policylang.testing.render_text import place_of

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even as references (section 2.2)."""


def to_junit(result: SuiteResult, tree: SourceTree) -> bytes:
    """The document, UTF-8."""
    failed, erred = _counted(result.outcomes)
    root = ET.Element("testsuites", tests=str(len(result.outcomes)), failures=failed, errors=erred)
    for file, group in groupby(result.outcomes, key=lambda outcome: outcome.case.span.file):
        outcomes = tuple(group)
        failed, erred = _counted(outcomes)
        name = _clean(tree.files[file].path)
        suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(outcomes)), failures=failed, errors=erred)
        for outcome in outcomes:
            place = place_of(outcome.case.span, tree)
            case = ET.SubElement(
                suite, "testcase", classname=name, name=_clean(outcome.case.title), file=name, line=str(place.line)
            )
            _told(case, outcome, tree)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _counted(outcomes: tuple[Outcome, ...]) -> tuple[str, str]:
    """How many failed, and how many of them by a disagreement, which is an error."""
    erred = sum(_is_error(outcome) for outcome in outcomes)
    failed = sum(not outcome.passed for outcome in outcomes) - erred
    return str(failed), str(erred)


def _is_error(outcome: Outcome) -> bool:
    return any(failure.kind == "disagreement" for failure in outcome.failures)


def _told(case: ET.Element, outcome: Outcome, tree: SourceTree) -> None:
    if outcome.passed:
        return
    first = outcome.failures[0]
    message = f"{first.what}: expected {first.expected}, actual {first.actual}"
    tag = "error" if _is_error(outcome) else "failure"
    kinds = ", ".join(sorted({failure.kind for failure in outcome.failures}))
    element = ET.SubElement(case, tag, message=_clean(message), type=kinds)
    element.text = _clean("\n".join(_lines(failure, tree) for failure in outcome.failures))


def _lines(failure: Failure, tree: SourceTree) -> str:
    told = f"{place_of(failure.span, tree)}: {failure.what}\n  expected  {failure.expected}\n  actual    {failure.actual}\n"
    return told if failure.tree is None else f"{told}\n{explanation(failure.tree)}"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
