"""The runner tells findings from silence, and a failure from a time that is up."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import __main__, atheris_run, property_run
from tests.fuzz.row import Row, table


def test_the_table_has_a_line_for_each() -> None:
    lines = table(
        [Row("one", 5, 1.25, "nothing found"), Row("another", None, 60, "time is up, nothing found")]
    ).splitlines()
    assert lines[0].split() == ["name", "examples", "seconds", "outcome"]
    assert lines[1].split(maxsplit=3) == ["one", "5", "1.2", "nothing found"]
    assert lines[2].split(maxsplit=3) == ["another", "-", "60.0", "time is up, nothing found"]


def test_what_counts_as_a_failure() -> None:
    assert not Row("a", 1, 1, "nothing found").failed
    assert not Row("a", None, 1, "time is up, nothing found").failed
    assert Row("a", 1, 1, "FOUND: AssertionError").failed
    assert Row("a", None, 1, "hangs: it did not end when its time was up").failed


PASSING = """
from hypothesis import given, settings, strategies as st
@settings(max_examples=7, database=None)
@given(st.integers())
def test_it(n):
    assert {}
"""


@pytest.mark.parametrize(
    ("claim", "outcome", "least"),
    [("True", "nothing found: there are no more examples", 7), ("n < 3", "FOUND: assert 3 < 3", 1)],
)
def test_a_property_is_run_and_counted(tmp_path: Path, claim: str, outcome: str, least: int) -> None:
    path = tmp_path / "test_one.py"
    path.write_text(PASSING.format(claim), encoding="utf-8")
    (node,) = property_run.properties(str(path))
    row = property_run.run_property(f"{path}::test_it", 120)
    assert (row.outcome, node.endswith("test_one.py::test_it"), row.name) == (outcome, True, "test_one.py::test_it")
    assert row.examples is not None
    assert row.examples >= least


def test_what_cannot_be_collected_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "test_broken.py"
    path.write_text("import nothing_of_that_name\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="cannot be collected"):
        property_run.properties(str(path))


def test_a_property_whose_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("pytest", 1)

    monkeypatch.setattr(subprocess, "run", late)
    row = property_run.run_property("tests/properties/test_x.py::test_y", 1)
    assert (row.name, row.examples, row.outcome) == ("test_x.py::test_y", None, "time is up, nothing found")


def rounds(monkeypatch: pytest.MonkeyPatch, *codes: int) -> list[int]:
    """Rounds that run what they are asked for and end with these codes; the sizes that were asked for."""
    sizes: list[int] = []

    def play(_node: str, size: int, seed: int, _seconds: float) -> Any:
        sizes.append(size)
        assert seed == len(sizes)
        code = codes[seed - 1] if seed <= len(codes) else 0
        text = f"{size - bool(code)} passing examples, {int(bool(code))} failing\nE   assert 1 == 2\n"
        return subprocess.CompletedProcess([], code, text, "")

    monkeypatch.setattr(property_run, "_round", play)
    return sizes


def test_rounds_go_on_until_there_were_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = rounds(monkeypatch)
    row = property_run.run_property("tests/properties/test_x.py::test_y", 600, 5_000)
    assert (row.examples, row.outcome) == (5_000, "nothing found")
    assert (sizes[0], sum(sizes)) == (property_run.FIRST_ROUND, 5_000)


def test_a_later_round_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds(monkeypatch, 0, 1)
    row = property_run.run_property("tests/properties/test_x.py::test_y", 600, 5_000)
    assert (row.failed, row.outcome, row.examples) == (True, "FOUND: assert 1 == 2", 5_000)


def completed(stderr: str, code: int) -> Any:
    return lambda *_, **__: subprocess.CompletedProcess([], code, "", stderr)


def test_a_target_that_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", completed("stat::number_of_executed_units: 812\n", 0))
    row = atheris_run.run_target("token", 1, tmp_path)
    assert (row.examples, row.outcome, row.failed) == (812, "nothing found", False)
    assert len(list((tmp_path / "token-corpus").iterdir())) >= 50


def test_a_target_that_fails_is_told_of_with_its_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", completed("noise\nRecursionError: too deep\n==1== libFuzzer\n", 77))
    row = atheris_run.run_target("parser", 1, tmp_path)
    assert row.outcome == "FOUND no artifact: RecursionError: too deep"
    assert row.failed


@pytest.mark.parametrize(("code", "outcome"), [(0, "nothing found"), (77, "FOUND timeout-1: AssertionError")])
def test_an_input_that_took_long_is_tried_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, outcome: str
) -> None:
    def fuzzed(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if command[-1].endswith("timeout-1"):
            return subprocess.CompletedProcess([], code, "", "")
        (tmp_path / "token-found" / "timeout-1").write_bytes(b"x")
        return subprocess.CompletedProcess([], 70, "", "AssertionError\n")

    monkeypatch.setattr(subprocess, "run", fuzzed)
    assert atheris_run.run_target("token", 1, tmp_path).outcome == outcome


def test_words_choose_what_is_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setattr(__main__, "properties", lambda _: ["tests/properties/test_a.py::test_b", "x::test_token"])
    monkeypatch.setattr(__main__, "run_property", lambda node, _: Row(node, 1, 0, "nothing found"))
    monkeypatch.setattr(__main__, "run_target", lambda name, *_: Row(f"atheris {name}", 1, 0, "FOUND x"))
    monkeypatch.setattr(__main__, "find_spec", lambda _: object())
    assert __main__.main(["--only", "test_b", "--keep", str(tmp_path)]) == 0
    assert __main__.main(["--only", "token", "--keep", str(tmp_path)]) == 1
    assert "atheris token" in capsys.readouterr().out


def test_without_atheris_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    monkeypatch.setattr(__main__, "properties", lambda _: [])
    monkeypatch.setattr(__main__, "find_spec", lambda _: None)
    assert __main__.main(["--keep", str(tmp_path)]) == 0
    assert "atheris is not installed" in capsys.readouterr().out
