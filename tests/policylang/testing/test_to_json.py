import json

from jsonschema import Draft202012Validator

from policylang.plan.schema_files import load_schema
from policylang.testing.model import SuiteResult
from policylang.testing.suite import cases_of, engines_of, run_suite
from policylang.testing.to_json import to_json
from tests.policylang.testing.worlds import ASK, compiled


def test_the_report_has_every_outcome_and_fits_its_schema() -> None:
    done = compiled(
        f'test "t" {{\n row {{ a: allow }} row {{ a: deny 403 }}\n {ASK}\n expect row.a }}\n'
        f'test "u" {{ used 1 of gold rate {ASK} expect allow }}'
    )
    assert done.module is not None
    assert done.plan is not None
    result = run_suite(cases_of(done.module), engines_of(done.module, done.plan), lambda _: None)
    report = json.loads(json.dumps(to_json(result, done.tree), default=list))
    Draft202012Validator(load_schema("test-report.v1")).validate(report)
    assert (report["tests"], report["failed"]) == (4, 2)
    first, second, third, _ = report["outcomes"]
    assert (first["title"], first["row"], first["passed"], first["failures"]) == ("t [row 1]", 1, True, [])
    assert first["answers"] == [
        {"place": {"file": "a.tests.rules", "line": 4, "column": 13}, "status": 200, "kind": "allow"}
    ]
    (failure,) = second["failures"]
    assert (failure["expected"], failure["actual"]) == ("deny 403", "allow by read")
    assert failure["explanation"]["format"] == "policylang.explanation/1"
    assert failure["place"] == {"file": "a.tests.rules", "line": 5, "column": 2}
    assert [failure["kind"] for failure in third["failures"]] == ["arrangement"]


def test_a_report_without_tests_fits_too() -> None:
    report = to_json(SuiteResult(()), compiled("").tree)
    Draft202012Validator(load_schema("test-report.v1")).validate(report)
