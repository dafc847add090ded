"""``policylang test``: exit codes, formats, filters, watching."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from policylang.cli import measures
from policylang.cli import test as subject
from policylang.cli.measures import Measure, Measured, Run
from policylang.cli.test import Wanted, run_and_watch
from policylang.plan.schema_files import load_schema
from tests.policylang.cli import conftest
from tests.policylang.cli.conftest import QUICKSTART

SMALL = """language 1
route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
allow use_a on a always
"""
GOOD = 'test "open" { request GET "/a"  expect allow }\n'
BAD = 'test "shut" { request GET "/a"  expect deny 403 by no_one_else }\n'.replace(" by no_one_else", "")


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Path]:
    def write(tests: str) -> Path:
        folder = tmp_path / "rules"
        folder.mkdir(exist_ok=True)
        (folder / "a.rules").write_text(SMALL, encoding="utf-8")
        (folder / "a.tests.rules").write_text(f"language 1\n{tests}", encoding="utf-8")
        return folder

    return write


Write = Callable[[str], Path]


def test_the_quickstart_rules_are_as_their_tests_say(run: conftest.Run) -> None:
    for environment in ((), ("--env", "local")):
        result = run("test", QUICKSTART, "--require", *environment)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "tests passed" in result.stdout


def test_a_failure_is_exit_code_1_with_place_and_explanation(rules: Write, run: conftest.Run) -> None:
    folder = rules(GOOD + BAD)
    result = run("test", folder)
    assert result.exit_code == 1
    assert f"FAILED  shut  ({folder}/a.tests.rules:3:6)" in result.stdout
    assert f"{folder}/a.tests.rules:3:33: the answer" in result.stdout
    assert "+ allow use_a: true  (a.rules:3:7)  <-- decides" in result.stdout
    assert result.stdout.endswith(f"{folder}: 1 of 2 tests failed\n")


def test_a_single_file_is_a_rule_set(tmp_path: Path, run: conftest.Run) -> None:
    path = tmp_path / "one.rules"
    path.write_text(SMALL + BAD, encoding="utf-8")
    result = run("test", path)
    assert result.exit_code == 1
    assert f"({tmp_path}/one.rules:4:6)" in result.stdout


def test_rules_with_errors_are_not_tested(rules: Write, run: conftest.Run) -> None:
    result = run("test", rules(GOOD + 'test "x" { request GET "/a"  expect allow by nobody }\n'))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[R746]" in result.stderr
    told = run("test", rules("test"), "--format", "json")
    assert told.exit_code == 1
    Draft202012Validator(load_schema("diagnostics.v1")).validate(json.loads(told.stdout))


def test_warnings_are_told_and_do_not_fail(rules: Write, run: conftest.Run) -> None:
    result = run("test", rules(GOOD + "given nobody { token absent }\n"))
    assert result.exit_code == 0
    assert "warning[R750]" in result.stderr
    assert "1 test passed" in result.stdout


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--require",), 1), (("--filter", "x"), 0)])
def test_a_rule_set_without_tests_says_so(
    rules: Write, run: conftest.Run, arguments: tuple[str, ...], code: int
) -> None:
    result = run("test", rules(""), *arguments)
    assert result.exit_code == code
    assert "no tests; write one" in result.stdout


@pytest.mark.parametrize(
    ("pattern", "code", "told"), [("open", 0, "1 test passed"), ("SHU*", 1, "1 of 1 test failed"), ("*", 1, "1 of 2")]
)
def test_a_filter_takes_some(rules: Write, run: conftest.Run, pattern: str, code: int, told: str) -> None:
    result = run("test", rules(GOOD + BAD), "--filter", pattern)
    assert result.exit_code == code
    assert told in result.stdout


def test_a_filter_that_takes_none_is_a_mistake(rules: Write, run: conftest.Run) -> None:
    result = run("test", rules(GOOD + BAD), "--filter", "opne")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none of 2 tests fits --filter opne" in result.stderr


def test_json_is_one_report_by_its_schema(rules: Write, run: conftest.Run) -> None:
    result = run("test", rules(GOOD + BAD), "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    Draft202012Validator(load_schema("test-report.v1")).validate(report)
    assert (report["tests"], report["failed"]) == (2, 1)
    empty = run("test", rules(""), "--format", "json")
    assert (empty.exit_code, json.loads(empty.stdout)["outcomes"]) == (0, [])


def test_junit_is_written_beside_the_text(rules: Write, run: conftest.Run, tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    result = run("test", rules(GOOD + BAD), "--junit", path)
    assert result.exit_code == 1
    assert "1 of 2 tests failed" in result.stdout
    assert ET.fromstring(path.read_bytes()).attrib["failures"] == "1"


def test_a_report_that_cannot_be_written_is_told(rules: Write, run: conftest.Run, tmp_path: Path) -> None:
    result = run("test", rules(GOOD), "--junit", tmp_path / "none" / "report.xml")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_an_environment_gives_its_settings(tmp_path: Path, run: conftest.Run) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(QUICKSTART, folder, ignore=shutil.ignore_patterns("*.py"))
    assert run("test", folder, "--env", "nowhere").exit_code == 1
    assert run("test", folder, "--env", "local", "--filter", "health").exit_code == 0


def test_colours_only_when_wanted(rules: Write, run: conftest.Run) -> None:
    assert "\x1b[" not in run("test", rules(BAD)).stdout
    assert "\x1b[1;31mFAILED" in run("test", rules(BAD), "--color", "always").stdout


@pytest.mark.parametrize("arguments", [("--watch", "--format", "json"), ("--format", "xml"), ("--what",)])
def test_wrong_usage(rules: Write, run: conftest.Run, arguments: tuple[str, ...]) -> None:
    assert run("test", rules(GOOD), *arguments).exit_code == 2


def test_watching_runs_again_after_a_change(rules: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rules(GOOD)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            rules(GOOD + BAD)
        if len(slept) == 6:
            raise KeyboardInterrupt

    wanted = Wanted(folder, None, None, require=False, junit=folder / "report.xml", form="text", color="never")
    with pytest.raises(SystemExit) as ended:
        run_and_watch(wanted, {}, sleep)
    out = capsys.readouterr()
    assert ended.value.code == 1
    assert f"{folder}: 1 test passed\n" in out.out
    assert f"{folder}: 1 of 2 tests failed\n" in out.out
    assert out.err.count("(Ctrl-C ends)") == 2


def test_watching_goes_on_over_rules_with_errors(rules: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rules("test")
    turns: list[float] = []

    def sleep(seconds: float) -> None:
        turns.append(seconds)
        if len(turns) == 1:
            rules(GOOD)
        if len(turns) == 4:
            raise KeyboardInterrupt

    wanted = Wanted(folder, None, None, require=False, junit=None, form="text", color="never")
    with pytest.raises(SystemExit) as ended:
        run_and_watch(wanted, {}, sleep)
    out = capsys.readouterr()
    assert (ended.value.code, "error[R104]" in out.err, "1 test passed" in out.out) == (0, True, True)


def test_a_measure_speaks_after_the_tests_and_can_fail(
    rules: Write, run: conftest.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(run: Run, values: Any) -> Measured:
        return Measured(values["least"] < 50, f"{len(run.cases)} looked at\n", {"cases": len(run.cases)})

    own = Measure("coverage", (click.option("--coverage", is_flag=True), click.option("--least", default=0)), measure)
    monkeypatch.setattr(measures, "MEASURES", (own,))
    command = click.Command("test", params=[*subject.command.params], callback=subject.command.callback)
    options = measures.add_options(lambda: None).__click_params__  # type: ignore[attr-defined]
    command.params = [p for p in command.params if p.name not in {"coverage", "least"}] + list(reversed(options))
    folder = str(rules(GOOD))
    assert CliRunner().invoke(command, [folder, "--coverage"]).stdout.endswith("1 test passed\n1 looked at\n")
    assert "looked" not in CliRunner().invoke(command, [folder]).stdout
    failed = CliRunner().invoke(command, [folder, "--coverage", "--least", "60", "--format", "json"])
    assert (failed.exit_code, json.loads(failed.stdout)["coverage"]) == (1, {"cases": 1})
