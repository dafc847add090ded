"""``policylang test --mutate``."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policylang.plan.schema_files import load_schema
from tests.strategies.half_tested import RULES, run_tests


def test_survivors_are_told_after_the_tests(tmp_path: Path) -> None:
    result = run_tests(tmp_path, "--mutate")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{tmp_path}: 1 test passed",
        "mutation: 1 of 2 changes noticed, 50.0 %",
        "  not counted: 2 refused by the checker",
        "",
        f"{tmp_path}/a.rules:2:26: no test notices widen_path",
        '  - "/a"',
        '  + "/*"',
        "  Send a request that differs from route a in segment `a` alone.",
    ]


@pytest.mark.parametrize(("least", "code"), [("50", 0), ("50.1", 1)])
def test_a_minimum_turns_it_on_and_is_held(tmp_path: Path, least: str, code: int) -> None:
    result = run_tests(tmp_path, "--mutate-min", least)
    assert result.exit_code == code
    assert (f"mutation: 50.0 % is below the minimum of {least} %" in result.stdout) is bool(code)


def test_a_limit_turns_it_on_and_is_kept(tmp_path: Path) -> None:
    first = run_tests(tmp_path, "--mutate-limit", "1")
    assert "of 1 changes noticed" in first.stdout
    assert "not tried: " in first.stdout
    assert first.stdout == run_tests(tmp_path, "--mutate-limit", "1").stdout
    assert run_tests(tmp_path, "--mutate-limit", "0").exit_code == 2


def test_in_json_it_is_part_of_the_report(tmp_path: Path) -> None:
    report = json.loads(run_tests(tmp_path, "--mutate", "--coverage", "--format", "json").stdout)
    Draft202012Validator(load_schema("test-report.v1")).validate(report)
    Draft202012Validator(load_schema("mutation.v1")).validate(report["mutation"])
    assert (report["mutation"]["noticed"], report["mutation"]["survived"]) == (1, 1)
    assert "coverage" in report


def test_where_a_test_fails_nothing_is_changed(tmp_path: Path) -> None:
    rules = RULES.replace("expect allow", "expect deny 404")
    result = run_tests(tmp_path, "--mutate", rules=rules)
    assert result.exit_code == 1
    assert result.stdout.endswith("mutation: not run, as it says nothing where a test fails by itself\n")


def test_values_of_an_environment_stay(tmp_path: Path) -> None:
    rules = RULES.replace('upstream "http://127.0.0.1:9000"', "upstream setting.service").replace(
        "language 1\n", "language 1\nsetting service url\n"
    )
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "here.toml").write_text('service = "http://127.0.0.1:9001"\n', encoding="utf-8")
    for options in (("--env", "here"), ()):
        assert (
            "mutation: 1 of 2 changes noticed, 50.0 %" in run_tests(tmp_path, "--mutate", *options, rules=rules).stdout
        )
