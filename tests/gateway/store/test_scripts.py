"""A script is its file, behind the files that it shares with others."""

from pathlib import Path

import pytest

from gateway.store.scripts import script_beside


def test_shared_text_stands_before_the_script(tmp_path: Path) -> None:
    (tmp_path / "shared.lua").write_text("local one = 1\n", "ascii")
    (tmp_path / "own.lua").write_text("return one\n", "ascii")
    script = script_beside(str(tmp_path / "module.py"), "shared", "own")
    assert (script.name, script.text) == ("own", "local one = 1\nreturn one\n")


def test_what_is_shared_is_part_of_the_name_that_servers_know(tmp_path: Path) -> None:
    (tmp_path / "shared.lua").write_text("local one = 1\n", "ascii")
    (tmp_path / "own.lua").write_text("return 1\n", "ascii")
    module = str(tmp_path / "module.py")
    assert script_beside(module, "shared", "own").sha != script_beside(module, "own").sha


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        script_beside(str(tmp_path / "module.py"), "own")
