"""Snapshots: everything that a load reads shows in them, and a writer shows as a difference."""

import os
from pathlib import Path

import pytest

from gateway.policy.snapshot_fs import Snapshot, snapshot, still


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "env").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("a.rules", "env/prod.toml", "keys.jwks", "notes.txt", ".a.rules.swp", ".hidden.rules", ".git/x.rules"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def names(taken: Snapshot, folder: Path) -> list[str]:
    return [os.path.relpath(path, folder) for path, *_ in taken]


def test_the_files_that_matter(rules: Path, tmp_path: Path) -> None:
    assert names(snapshot(rules, None), rules) == ["a.rules", "env/prod.toml", "keys.jwks"]
    facts = tmp_path / "facts.json"
    assert names(snapshot(rules / "a.rules", facts), tmp_path) == ["facts.json", "rules/a.rules"]
    assert snapshot(rules, None) == snapshot(rules, None)


def test_a_change_of_content_shows_even_where_size_and_times_stay(rules: Path) -> None:
    path = rules / "a.rules"
    before, stamps = snapshot(rules, None), path.stat()
    path.write_text("b.rules", encoding="utf-8")
    os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))
    assert snapshot(rules, None) != before


def test_a_touch_a_rename_and_a_removal_show(rules: Path) -> None:
    seen = [snapshot(rules, None)]
    os.utime(rules / "a.rules", ns=(0, 0))
    seen.append(snapshot(rules, None))
    (rules / "new.rules").write_text("a.rules", encoding="utf-8")
    seen.append(snapshot(rules, None))
    (rules / "new.rules").rename(rules / "a.rules")
    seen.append(snapshot(rules, None))
    (rules / "a.rules").unlink()
    seen.append(snapshot(rules, None))
    assert len(set(seen)) == len(seen)


def test_links_are_what_they_lead_to(rules: Path, tmp_path: Path) -> None:
    """Mounted volumes swap a link to a folder: the link to the file stays as it was."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "c.rules").write_text(name, encoding="utf-8")
    (tmp_path / "data").symlink_to("one")
    (rules / "c.rules").symlink_to(tmp_path / "data" / "c.rules")
    before = snapshot(rules, None)
    (tmp_path / "other").symlink_to("two")
    (tmp_path / "other").rename(tmp_path / "data")
    assert snapshot(rules, None) != before


def test_what_is_no_file_is_not_waited_for(rules: Path) -> None:
    os.mkfifo(rules / "pipe.rules")
    (rules / "folder.rules").mkdir()
    (rules / "broken.rules").symlink_to("nowhere")
    assert {"pipe.rules", "broken.rules"} < set(names(snapshot(rules, None), rules))
    assert names(snapshot(rules / "gone", None), rules) == ["gone"]


async def test_a_writer_is_waited_for(rules: Path) -> None:
    path, rest = rules / "a.rules", ["b", "c", ""]

    async def pause() -> None:
        if rest and (more := rest.pop(0)):
            path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")

    taken = await still(lambda: snapshot(rules, None), pause)
    assert rest == []
    assert path.read_text(encoding="utf-8") == "a.rulesbc"
    assert taken == snapshot(rules, None)
