"""``policylang check``: many complaints at once, exit codes, formats."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policylang.plan.schema_files import load_schema
from tests.policylang.cli.conftest import QUICKSTART, Run

TEN_MISTAKES = """language 1
issuer corp {
  iss "https://auth.example.com"   keys "https://auth.example.com/jwks"   algorithms ES256   audience "api"
  identity by claims.sub
  claims { sub: text(1..128)   plan: one of "free", "gold"   risk: int 0..100 optional   age: int 9..1 }
}
policy free { rate 5 per 1s burst 5 }
select policy on orders { use fre otherwise }
route orders { match GET on "/v1/{tenant: slug}/orders"   trust corp   upstream "http://127.0.0.1:9000" }
route lonely { match GET on "/lonely"   trust corp   upstream "http://127.0.0.1:9000" }
route twin { match GET on "/v1/{other: slug}/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders for GET when claims.plan == "glod"
allow more on orders for POST when claims.sub == "a"
allow everything on all always
deny risky on orders when claims.risk > 50
deny typo on orders when claims.tenat == "x"
deny many on orders when claims.sub == 5
request headers on orders { set Host "x" }
"""


def test_ten_mistakes_give_ten_diagnostics(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "ten.rules"
    path.write_text(TEN_MISTAKES, encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert result.stderr.count("error[R") == 10
    assert "10 errors" in result.stderr
    assert result.stderr.count("-->") >= 10
    assert "help:" in result.stderr


def test_a_good_rule_set(run: Run) -> None:
    result = run("check", QUICKSTART)
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.search(r"no errors in \d files?: 2 routes, 4 rules", result.stdout)


def test_json_is_valid_by_its_schema(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "ten.rules"
    path.write_text(TEN_MISTAKES, encoding="utf-8")
    result = run("check", path, "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    Draft202012Validator(load_schema("diagnostics.v1")).validate(found)
    assert len(found) == 10


def test_an_environment_that_is_not_there(run: Run) -> None:
    result = run("check", QUICKSTART, "--env", "prod")
    assert result.exit_code == 1
    assert "env/prod.toml" in result.stderr


def test_a_path_that_is_not_there_is_wrong_usage(run: Run) -> None:
    assert run("check", "no-such-rules").exit_code == 2


@pytest.mark.parametrize(("color", "escapes"), [("always", True), ("never", False), ("auto", False)])
def test_colours_only_where_they_are_wanted(tmp_path: Path, run: Run, color: str, escapes: bool) -> None:
    path = tmp_path / "a.rules"
    path.write_text("language 1\nallow x on y always\n", encoding="utf-8")
    assert ("\x1b[" in run("check", path, "--color", color).stderr) == escapes


def test_a_plan_is_checked_too(tmp_path: Path, run: Run) -> None:
    plan = tmp_path / "plan.json"
    assert run("compile", QUICKSTART, "--env", "local", "--output", plan).exit_code == 0
    assert run("check", plan, "--plan").exit_code == 0
    plan.write_bytes(plan.read_bytes().replace(b'"orders"', b'"0rders"', 1))
    result = run("check", plan, "--plan")
    assert result.exit_code == 1
    assert "error: " in result.stderr


def test_syntax_errors_do_not_hide_other_mistakes(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "mixed.rules"
    path.write_text(TEN_MISTAKES.replace("allow more on", "allow more in"), encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert "error[R10" in result.stderr
    assert "error[R204]" in result.stderr
    assert "error[R600]" in result.stderr


@pytest.mark.parametrize("name", ["plan.json", "plan", "plan.rules"])
def test_a_plan_in_the_place_of_rules_is_told_from_them(tmp_path: Path, run: Run, name: str) -> None:
    plan = tmp_path / name
    assert run("compile", QUICKSTART, "--env", "local", "--output", plan).exit_code == 0
    result = run("check", plan)
    assert result.exit_code == 2
    assert f"is a compiled plan, not rules: policylang check {plan} --plan" in result.stderr
    assert "error[R" not in result.stderr


@pytest.mark.parametrize("text", ['{"corp": {}}', "\ufeff  \n[1]", "{"])
def test_other_json_in_the_place_of_rules(tmp_path: Path, run: Run, text: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 2
    assert "is JSON, and rules are not" in result.stderr
    assert "--plan" in result.stderr


def test_rules_that_only_contain_braces_are_rules(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.rules"
    path.write_text("# {\n{", encoding="utf-8")
    result = run("check", path)
    assert result.exit_code == 1
    assert "error[R" in result.stderr


def test_a_directory_is_no_plan(run: Run) -> None:
    result = run("check", QUICKSTART, "--plan")
    assert result.exit_code == 2
    assert "is a directory" in result.stderr


def test_the_page_of_a_diagnostic(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no rules are needed for it
    result = run("check", "--explain", "r204")
    assert result.exit_code == 0
    assert result.stdout.startswith("R204: ")
    assert "Bad:" in result.stdout
    assert "Good:" in result.stdout


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("R2044", "did you mean R204?"),
        ("X1", "no diagnostic has the code X1: they are R"),
        ("L001", "policylang lint --explain L001"),
    ],
)
def test_a_code_that_there_is_not(run: Run, code: str, said: str) -> None:
    result = run("check", "--explain", code)
    assert result.exit_code == 2
    assert said in result.stderr
