"""``policylang test --coverage``."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policylang.plan.schema_files import load_schema
from tests.strategies.half_tested import RULES, run_tests


def test_what_was_not_seen_is_told_after_the_tests(tmp_path: Path) -> None:
    result = run_tests(tmp_path, "--coverage")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{tmp_path}: 1 test passed",
        "coverage: 3 of 4 goals, 75.0 %",
        "  conditions 1 of 2, rules 1 of 1, routes 1 of 1",
        "",
        f"{tmp_path}/a.rules: 3 of 4 goals, 75.0 %",
        '3 | allow use_a on a when header["X-A"] present',
        "  |                       ^^^^^^^^^^^^^^^^^^^^^ never false",
    ]


@pytest.mark.parametrize(("least", "code"), [("75", 0), ("75.1", 1), ("100", 1), ("0", 0)])
def test_a_minimum_turns_it_on_and_is_held(tmp_path: Path, least: str, code: int) -> None:
    result = run_tests(tmp_path, "--coverage-min", least)
    assert result.exit_code == code
    assert "coverage: 3 of 4 goals, 75.0 %" in result.stdout
    assert (f"coverage: 75.0 % is below the minimum of {least} %" in result.stdout) is bool(code)


@pytest.mark.parametrize("least", ["101", "-1", "most"])
def test_a_minimum_is_a_percentage(tmp_path: Path, least: str) -> None:
    result = run_tests(tmp_path, "--coverage-min", least)
    assert result.exit_code == 2
    assert "--coverage-min" in result.stderr


def test_in_json_it_is_part_of_the_report(tmp_path: Path) -> None:
    report = json.loads(run_tests(tmp_path, "--coverage", "--format", "json").stdout)
    Draft202012Validator(load_schema("test-report.v1")).validate(report)
    Draft202012Validator(load_schema("coverage.v1")).validate(report["coverage"])
    assert report["coverage"]["met"] == 3
    assert "mutation" not in report


def test_a_failing_test_is_a_failure_whatever_was_seen(tmp_path: Path) -> None:
    rules = RULES.replace("expect allow", "expect deny 404")
    result = run_tests(tmp_path, "--coverage-min", "50", rules=rules)
    assert result.exit_code == 1
    assert "coverage: 3 of 4 goals" in result.stdout
    assert "below the minimum" not in result.stdout
