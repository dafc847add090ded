"""Diagnostics on their way out: text to standard error, JSON to standard output."""

import json
from pathlib import Path

import pytest

from policylang.cli.report import errors, report
from policylang.compiler import CompileResult, compile_path

BROKEN = "language 1\nallow x on nowhere always\n"


def broken(folder: Path) -> CompileResult:
    (folder / "a.rules").write_text(BROKEN, encoding="utf-8")
    return compile_path(folder)


def test_text_names_files_as_the_user_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = broken(tmp_path)
    assert errors(result.diagnostics) >= 1
    report(result.diagnostics, result.tree, tmp_path, "text", "never")
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{tmp_path}/a.rules:2:" in said.err
    assert "\x1b[" not in said.err
    single = compile_path(tmp_path / "a.rules")
    report(single.diagnostics, single.tree, tmp_path / "a.rules", "text", "never")
    assert f"{tmp_path}/a.rules:2:" in capsys.readouterr().err


def test_colours_when_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = broken(tmp_path)
    report(result.diagnostics, result.tree, tmp_path, "text", "always")
    assert "\x1b[" in capsys.readouterr().err


def test_json_goes_to_standard_output_even_where_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = broken(tmp_path)
    report(result.diagnostics, result.tree, tmp_path, "json", "always")
    said = capsys.readouterr()
    assert said.err == ""
    assert "\x1b[" not in said.out
    assert json.loads(said.out)
    report((), result.tree, tmp_path, "json", "auto")
    assert json.loads(capsys.readouterr().out) == []
    report((), result.tree, tmp_path, "text", "always")
    assert capsys.readouterr() == ("", "")
