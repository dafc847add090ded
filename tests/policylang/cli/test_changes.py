import os
from pathlib import Path

import pytest

from policylang.cli.changes import INTERVAL_SECONDS, Stamps, stamps, wait_for_change


def test_stamps_are_of_rules_environments_and_keys_but_not_of_hidden_files(tmp_path: Path) -> None:
    for name in ("a.rules", "deep/b.tests.rules", "env/prod.toml", "keys/k.pem", ".hidden/c.rules", ".d.rules"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = {str(Path(name).relative_to(tmp_path)) for name in stamps(tmp_path)}
    assert found == {"a.rules", "deep/b.tests.rules", "env/prod.toml", "keys/k.pem"}


def test_a_single_file_is_watched_with_its_environments(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    for name in ("a.rules", "b.rules", "env/prod.toml"):
        (tmp_path / name).write_text("x")
    assert {Path(name).name for name in stamps(tmp_path / "a.rules")} == {"a.rules", "prod.toml"}


def test_what_the_run_itself_writes_is_no_change(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    before = stamps(tmp_path, report)
    report.write_text("x")
    assert stamps(tmp_path, report) == before
    assert stamps(tmp_path) != before


def test_a_touched_a_grown_and_a_removed_file_are_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    path.write_text("x")
    seen = [stamps(tmp_path)]
    os.utime(path, ns=(1, 1))
    seen.append(stamps(tmp_path))
    path.write_text("xy")
    os.utime(path, ns=(1, 1))
    seen.append(stamps(tmp_path))
    path.unlink()
    seen.append(stamps(tmp_path))
    assert len({tuple(sorted(one.items())) for one in seen}) == 4


def test_a_rule_set_that_went_away_has_no_stamps(tmp_path: Path) -> None:
    assert stamps(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("looks", "sleeps"),
    [(["a", "a", "b", "b"], 4), (["b", "b"], 2), (["b", "c", "d", "d"], 4)],
)
def test_waiting_ends_when_nothing_changes_any_more(looks: list[str], sleeps: int) -> None:
    slept: list[float] = []
    seen: list[Stamps] = [{name: (0, 0)} for name in looks]
    last = seen[-1]
    assert wait_for_change(lambda: seen.pop(0), {"a": (0, 0)}, slept.append) == last
    assert slept == [INTERVAL_SECONDS] * sleeps
