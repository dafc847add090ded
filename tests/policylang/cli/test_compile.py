"""``policylang compile``: a whole plan or none."""

from pathlib import Path

from policylang.plan.codec import decode
from tests.policylang.cli.conftest import QUICKSTART, Run


def test_a_plan_is_written_that_loads(tmp_path: Path, run: Run) -> None:
    output = tmp_path / "plan.json"
    assert run("compile", QUICKSTART, "--env", "local", "-o", output).exit_code == 0
    plan = decode(output.read_bytes())
    assert [route.name for route in plan.routes] == ["health", "orders"]
    assert list(tmp_path.iterdir()) == [output]


def test_standard_output(run: Run) -> None:
    result = run("compile", QUICKSTART, "--env", "local", "-o", "-")
    assert result.exit_code == 0
    assert decode(result.stdout_bytes).language == 1


def test_errors_leave_the_old_plan(tmp_path: Path, run: Run) -> None:
    rules, output = tmp_path / "a.rules", tmp_path / "plan.json"
    rules.write_text("language 1\nallow x on y always\n", encoding="utf-8")
    output.write_text("the old one", encoding="utf-8")
    result = run("compile", rules, "-o", output)
    assert result.exit_code == 1
    assert "error[R" in result.stderr
    assert output.read_text(encoding="utf-8") == "the old one"


def test_printing_for_people(run: Run) -> None:
    result = run("compile", QUICKSTART, "--env", "local", "--print")
    assert result.exit_code == 0
    assert "allow read for GET when" in result.stdout


def test_settings_without_values_make_no_plan(tmp_path: Path, run: Run) -> None:
    result = run("compile", QUICKSTART, "-o", tmp_path / "plan.json")
    assert result.exit_code == 2
    assert "auth, orders" in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert run("compile", QUICKSTART, "--print").exit_code == 0


def test_nowhere_to_go_is_wrong_usage(run: Run) -> None:
    assert run("compile", QUICKSTART).exit_code == 2


def test_a_folder_that_cannot_be_written(tmp_path: Path, run: Run) -> None:
    result = run("compile", QUICKSTART, "--env", "local", "-o", tmp_path / "none" / "plan.json")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
