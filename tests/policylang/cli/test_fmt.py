"""``policylang fmt``: in place, as a check, as a diff, as a filter."""

import errno
import shutil
from pathlib import Path

import pytest

from policylang.formatter import format as spine
from policylang.formatter.proof import laid_out
from tests.policylang.cli.conftest import QUICKSTART, Run

UGLY = "language 1\nsetting  a url # one\n"
NICE = "language 1\nsetting a url    # one\n"
BROKEN = "language 1\nallow x  on y\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "ugly.rules").write_text(UGLY)
    (tmp_path / "sub" / "nice.rules").write_text(NICE)
    (tmp_path / ".hidden.rules").write_text(UGLY)
    return tmp_path


def test_files_are_rewritten_in_place(rules: Path, run: Run) -> None:
    (rules / "ugly.rules").chmod(0o640)
    result = run("fmt", rules)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{rules}/ugly.rules: formatted\n1 of 2 files formatted\n"
    assert (rules / "ugly.rules").read_text() == NICE
    assert (rules / "ugly.rules").stat().st_mode & 0o777 == 0o640
    assert (rules / ".hidden.rules").read_text() == UGLY
    assert sorted(path.name for path in rules.iterdir()) == [".hidden.rules", "sub", "ugly.rules"]
    assert run("fmt", rules).stdout == "0 of 2 files formatted\n"


def test_what_is_right_is_not_written(rules: Path, run: Run) -> None:
    before = (rules / "sub" / "nice.rules").stat()
    run("fmt", rules)
    after = (rules / "sub" / "nice.rules").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_check_names_files_and_writes_nothing(rules: Path, run: Run) -> None:
    result = run("fmt", "--check", rules)
    assert (result.exit_code, result.stdout) == (1, f"{rules}/ugly.rules\n")
    assert (rules / "ugly.rules").read_text() == UGLY
    assert run("fmt", "--check", rules / "sub").exit_code == 0


@pytest.mark.parametrize("also", [(), ("--check",)])
def test_diff_shows_and_writes_nothing(rules: Path, run: Run, also: tuple[str, ...]) -> None:
    result = run("fmt", "--diff", *also, rules)
    name = f"{rules}/ugly.rules"
    assert result.exit_code == 1
    assert result.stdout == (
        f"--- {name}\n+++ {name}\n@@ -1,2 +1,2 @@\n language 1\n-setting  a url # one\n+setting a url    # one\n"
    )
    assert (rules / "ugly.rules").read_text() == UGLY


def test_a_diff_marks_a_last_line_without_its_end(rules: Path, run: Run) -> None:
    (rules / "ugly.rules").write_text(NICE.rstrip())
    assert run("fmt", "--diff", rules / "ugly.rules").stdout.splitlines()[3:] == [
        " language 1",
        "-setting a url    # one",
        "\\ No newline at end of file",
        "+setting a url    # one",
    ]


def test_a_filter(run: Run) -> None:
    assert run("fmt", "-", stdin=UGLY).stdout == NICE
    assert run("fmt", "-", stdin=NICE).stdout == NICE
    check = run("fmt", "-", "--check", stdin=UGLY)
    assert (check.exit_code, check.stdout) == (1, "<stdin>\n")


def test_a_filter_of_what_does_not_parse_says_nothing_on_stdout(run: Run) -> None:
    result = run("fmt", "-", stdin=BROKEN)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[R111]" in result.stderr
    assert "<stdin>:2:1" in result.stderr


def test_a_filter_stands_alone(rules: Path, run: Run) -> None:
    assert run("fmt", "-", rules).exit_code == 2


def test_what_does_not_parse_is_left_and_the_rest_is_done(rules: Path, run: Run) -> None:
    (rules / "broken.rules").write_text(BROKEN)
    result = run("fmt", rules)
    assert result.exit_code == 1
    assert f"{rules}/broken.rules:2:1" in result.stderr
    assert (rules / "broken.rules").read_text() == BROKEN
    assert (rules / "ugly.rules").read_text() == NICE


def test_several_paths(rules: Path, run: Run) -> None:
    (rules / "other.rules").write_text(UGLY)
    result = run("fmt", rules / "ugly.rules", rules / "other.rules")
    assert result.stdout.endswith("2 of 2 files formatted\n")


def test_an_internal_error_writes_nothing_at_all(rules: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (rules / "z.rules").write_text("language 1\nsecret   b\n")
    monkeypatch.setattr(spine, "laid_out", lambda text, file: laid_out(text, file).replace("secret b", "secret c"))
    result = run("fmt", rules)
    assert result.exit_code == 1
    assert "internal error: formatting z.rules would change what it says" in result.stderr
    assert (rules / "ugly.rules").read_text() == UGLY


def test_a_link_stays_a_link(rules: Path, run: Run) -> None:
    (rules / "link.rules").symlink_to("ugly.rules")
    (rules / "sub" / "nice.rules").write_text(UGLY)
    assert run("fmt", rules).exit_code == 0
    assert (rules / "link.rules").is_symlink()
    assert (rules / "ugly.rules").read_text() == NICE


def test_a_file_that_cannot_be_written_is_left_whole(rules: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    result = run("fmt", rules)
    assert result.exit_code == 1
    assert "ugly.rules cannot be written: no space left on device" in result.stderr
    assert (rules / "ugly.rules").read_text() == UGLY
    assert sorted(path.name for path in rules.iterdir()) == [".hidden.rules", "sub", "ugly.rules"]


def test_the_quickstart_formats_to_the_same_plan(tmp_path: Path, run: Run) -> None:
    shutil.copytree(QUICKSTART, tmp_path / "rules")
    plans = [tmp_path / "before.json", tmp_path / "after.json"]
    run("compile", tmp_path / "rules", "--env", "local", "--output", plans[0])
    assert run("fmt", tmp_path / "rules").exit_code == 0
    run("compile", tmp_path / "rules", "--env", "local", "--output", plans[1])
    digests = [run("check", plan, "--plan").stdout.rsplit(maxsplit=1)[-1] for plan in plans]
    assert digests[0] == digests[1]
    assert len(digests[0]) > 20


def test_files_that_do_not_parse_are_counted(rules: Path, run: Run) -> None:
    (rules / "broken.rules").write_text(BROKEN)
    result = run("fmt", rules)
    assert result.exit_code == 1
    assert result.stdout.endswith("1 of 3 files formatted; 1 left as it is, see above\n")
    assert (rules / "broken.rules").read_text() == BROKEN
    assert run("fmt", rules / "broken.rules").stdout == "0 of 1 file formatted; 1 left as it is, see above\n"
