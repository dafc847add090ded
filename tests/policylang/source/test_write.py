"""Writing back: only over what was read, only inside, whole or not at all."""

import stat
from pathlib import Path

import pytest

from policylang.source.text import SourceText
from policylang.source.write import NotWritten, replace_text


def test_the_text_is_replaced_and_the_mode_stays(tmp_path: Path) -> None:
    target = tmp_path / "a.rules"
    target.write_bytes(b"old\r\n")
    target.chmod(0o640)
    replace_text(tmp_path, SourceText("a.rules", "old\r\n"), "neu \u00e4\r\n")
    assert target.read_bytes() == "neu \u00e4\r\n".encode()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.rules"]


def test_what_has_changed_since_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "a.rules"
    target.write_text("newer")
    with pytest.raises(NotWritten, match="has changed since it was read"):
        replace_text(tmp_path, SourceText("a.rules", "old"), "text")
    assert target.read_text() == "newer"


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "real.rules").write_text("old")
    (tmp_path / "link.rules").symlink_to("real.rules")
    for name in ("real.rules", "link.rules"):
        replace_text(tmp_path, SourceText(name, "old"), "new")
    assert (tmp_path / "real.rules").read_text() == "new"


def test_a_link_inside_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.rules").write_text("old")
    (tmp_path / "link.rules").symlink_to("real.rules")
    replace_text(tmp_path, SourceText("link.rules", "old"), "new")
    assert (tmp_path / "link.rules").is_symlink()
    assert (tmp_path / "real.rules").read_text() == "new"


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.rules"
    outside.write_text("old")
    root = tmp_path / "rules"
    root.mkdir()
    (root / "a.rules").symlink_to(outside)
    with pytest.raises(NotWritten, match="leads out"):
        replace_text(root, SourceText("a.rules", "old"), "new")
    assert outside.read_text() == "old"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="cannot be written"):
        replace_text(tmp_path, SourceText("a.rules", "old"), "new")


def test_a_failure_leaves_the_old_text_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.rules"
    target.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotWritten, match="no space left"):
        replace_text(tmp_path, SourceText("a.rules", "old"), "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.rules"]
