from dataclasses import replace
from xml.etree import ElementTree as ET

from policylang.testing.model import SuiteResult
from policylang.testing.suite import cases_of, engines_of, run_suite
from policylang.testing.to_junit import to_junit
from tests.policylang.testing.worlds import ASK, compiled


def document(tests: str, disagreeing: bool = False) -> ET.Element:
    done = compiled(tests)
    assert done.module is not None
    assert done.plan is not None
    result = run_suite(cases_of(done.module), engines_of(done.module, done.plan), lambda _: None)
    if disagreeing:
        kinds = [
            replace(o, failures=tuple(replace(f, kind="disagreement") for f in o.failures)) for o in result.outcomes
        ]
        result = SuiteResult(tuple(kinds))
    return ET.fromstring(to_junit(result, done.tree))


def test_a_suite_for_each_file_and_a_case_for_each_test() -> None:
    root = document(f'test "t" {{ {ASK} expect allow }}\ntest "u" {{ {ASK} expect deny 403 }}')
    assert root.attrib == {"tests": "3", "failures": "1", "errors": "0"}
    counts = [(suite.attrib["name"], suite.attrib["tests"], suite.attrib["failures"]) for suite in root]
    assert counts == [("a.tests.rules", "2", "1"), ("main.rules", "1", "0")]
    passed, failed = root[0]
    assert passed.attrib == {"classname": "a.tests.rules", "name": "t", "file": "a.tests.rules", "line": "2"}
    assert (list(passed), failed[0].tag, failed[0].attrib["type"]) == ([], "failure", "expectation")
    assert failed[0].attrib["message"] == "the answer: expected deny 403, actual allow by read"
    assert "allow read is true and no deny is" in (failed[0].text or "")
    assert "a.tests.rules:3:55: the answer" in (failed[0].text or "")


def test_a_disagreement_is_an_error() -> None:
    root = document(f'test "t" {{ {ASK} expect deny 403 }}', disagreeing=True)
    assert root.attrib == {"tests": "2", "failures": "0", "errors": "1"}
    assert root[0][0][0].tag == "error"


def test_what_xml_cannot_hold_is_replaced_and_the_rest_escaped() -> None:
    root = document(f'test "a<&\\u{{1}}" {{ {ASK} expect allow }}'.replace(r"\u{1}", "\\u{1}"))
    assert root[0][0].attrib["name"] == "a<&\ufffd"
