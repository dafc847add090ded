"""``policylang lint``: exit codes, formats, fixes that are written and diffs that are not."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policylang.plan.schema_files import load_schema
from tests.policylang.cli.conftest import QUICKSTART, Run
from tests.strategies.sarif import check_sarif

HEAD = """language 1
issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   risk: int 0..100 optional }
}
route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders for GET when "orders:read" in claims.scope
"""
WARNS = HEAD + "allow all_of_it on orders for GET always   # as it was\n"
NOTES = HEAD + "deny risky on orders when not claims.risk present\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


def put(folder: Path, text: str) -> Path:
    (folder / "a.rules").write_text(text, encoding="utf-8")
    return folder


def test_the_quickstart_is_clean(run: Run) -> None:
    result = run("lint", QUICKSTART)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "no findings in" in result.stdout


def test_warnings_fail_and_say_where(rules: Path, run: Run) -> None:
    result = run("lint", put(rules, WARNS))
    assert result.exit_code == 1
    assert "warning[L001]: `all_of_it` lets every valid token of `corp` in" in result.stderr
    assert f"--> {rules}/a.rules:9:7" in result.stderr
    assert "^^^^^^^^^ always, on `orders`" in result.stderr
    assert result.stdout == ""


def test_notes_fail_only_when_strict(rules: Path, run: Run) -> None:
    put(rules, NOTES)
    result = run("lint", rules)
    assert result.exit_code == 0
    assert "note[L045]" in result.stderr
    assert "nothing but notes in 1 file" in result.stdout
    assert run("lint", rules, "--strict").exit_code == 1


def test_errors_of_the_rules_come_first(rules: Path, run: Run) -> None:
    result = run("lint", put(rules, WARNS.replace("trust corp", "trust crop")))
    assert result.exit_code == 1
    assert "error[R252]" in result.stderr
    assert "L001" not in result.stderr


def test_json_is_valid_by_its_schema(rules: Path, run: Run) -> None:
    result = run("lint", put(rules, NOTES), "--format", "json")
    found = json.loads(result.stdout)
    Draft202012Validator(load_schema("diagnostics.v1")).validate(found)
    assert {each["code"] for each in found} >= {"L045", "L037"}
    assert any(each["edits"] for each in found)
    assert result.exit_code == 0


def test_sarif_has_the_published_structure(rules: Path, run: Run) -> None:
    result = run("lint", put(rules, WARNS), "--format", "sarif")
    assert result.exit_code == 1
    log = json.loads(result.stdout)
    check_sarif(log)
    rule = next(rule for rule in log["runs"][0]["tool"]["driver"]["rules"] if rule["id"] == "L001")
    assert rule["name"] == "allow-always"
    assert "```rules" in rule["help"]["markdown"]


def test_check_speaks_sarif_too(rules: Path, run: Run) -> None:
    result = run("check", put(rules, WARNS.replace("trust corp", "trust crop")), "--format", "sarif")
    assert result.exit_code == 1
    log = json.loads(result.stdout)
    check_sarif(log)
    (rule,) = (rule for rule in log["runs"][0]["tool"]["driver"]["rules"] if rule["id"] == "R252")
    assert rule["help"]["text"]
    clean = run("check", QUICKSTART, "--format", "sarif")
    assert (clean.exit_code, json.loads(clean.stdout)["runs"][0]["results"]) == (0, [])


def test_a_diff_is_shown_and_nothing_is_written(rules: Path, run: Run) -> None:
    put(rules, NOTES)
    result = run("lint", rules, "--diff")
    assert (
        "-deny risky on orders when not claims.risk present\n+deny risky on orders when claims.risk absent\n"
        in result.stdout
    )
    assert f"--- a/{rules}/a.rules" in result.stdout
    assert (rules / "a.rules").read_text(encoding="utf-8") == NOTES


def test_a_last_line_without_its_end_is_marked(rules: Path, run: Run) -> None:
    result = run("lint", put(rules, NOTES.rstrip("\n")), "--diff")
    assert result.stdout.count("\\ No newline at end of file\n") == 2


def test_fixes_are_written_and_the_rest_is_reported(rules: Path, run: Run) -> None:
    put(rules, NOTES)
    result = run("lint", rules, "--fix")
    assert result.exit_code == 0
    assert "1 fix in 1 file" in result.stderr
    assert "L045" not in result.stderr
    text = (rules / "a.rules").read_text(encoding="utf-8")
    assert text == NOTES.replace("not claims.risk present", "claims.risk absent")
    again = run("lint", rules, "--fix")
    assert "nothing to fix" in again.stderr
    assert (rules / "a.rules").read_text(encoding="utf-8") == text


def test_a_fix_that_changes_the_plan_is_told(rules: Path, run: Run) -> None:
    put(rules, HEAD + "allow trial on orders for GET when claims.risk absent until 2025-01-01T00:00:00Z\n")
    assert "L040" not in run("lint", rules).stderr
    result = run("lint", rules, "--fix", "--at", "2025-06-01T00:00:00Z")
    assert "the plan changes: the rule is gone" in result.stderr
    assert "trial" not in (rules / "a.rules").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(rules: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = run("lint", put(rules, NOTES), "--fix")
    assert result.exit_code == 1
    assert "a.rules cannot be written: no space left on device; it is left as it is" in result.stderr
    assert (rules / "a.rules").read_text(encoding="utf-8") == NOTES


def test_lint_toml_is_obeyed(rules: Path, run: Run) -> None:
    put(rules, WARNS)
    (rules / "lint.toml").write_text('[severity]\nL001 = "off"\nL002 = "off"\nL015 = "off"\n', encoding="utf-8")
    assert run("lint", rules).exit_code == 0
    (rules / "lint.toml").write_text('[severity]\nL001 = "of"\n', encoding="utf-8")
    result = run("lint", rules)
    assert result.exit_code == 1
    assert "error[L913]" in result.stderr
    assert f"--> {rules}/lint.toml:2:1" in result.stderr


def test_allowed_findings_are_counted(rules: Path, run: Run) -> None:
    comment = "# lint: allow L001, L002 a test of ours\n"
    allowed = HEAD.replace("   risk: int 0..100 optional", "") + "allow all_of_it on orders for GET always\n"
    text = allowed.replace("allow read", "# lint: allow L002 a test of ours\nallow read").replace(
        "allow all_of_it", f"{comment.replace(', L002', '')}allow all_of_it"
    )
    result = run("lint", put(rules, text))
    assert result.exit_code == 0
    assert "2 findings allowed by comments" in result.stdout


@pytest.mark.parametrize("asked", ["L008", "l008", "long-leeway"])
def test_a_page_is_printed(run: Run, asked: str) -> None:
    result = run("lint", "--explain", asked)
    assert result.exit_code == 0
    assert result.stdout.startswith("# L008: long-leeway\n")
    assert "Bad:" in result.stdout


def test_a_page_that_is_not_there(run: Run) -> None:
    result = run("lint", "--explain", "L0O8")
    assert result.exit_code == 2
    assert "did you mean L008?" in result.stderr


def test_a_complaint_of_the_compiler_has_its_page_elsewhere(run: Run) -> None:
    for asked in ("R204", "r204"):
        result = run("lint", "--explain", asked)
        assert result.exit_code == 2
        assert "policylang check --explain R204" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["nowhere"], [QUICKSTART, "--at", "yesterday"], [QUICKSTART, "--at", "2026-01-01T00:00:00"]]
)
def test_wrong_usage(run: Run, arguments: list[object]) -> None:
    assert run("lint", *arguments).exit_code == 2
