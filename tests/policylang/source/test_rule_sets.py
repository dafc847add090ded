"""One rule set or several, by what lies where."""

from pathlib import Path

import pytest

from policylang.source.rule_sets import rule_sets


def lay(root: Path, *names: str) -> Path:
    for name in names:
        place = root / name
        if name.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text("language 1\n", "utf-8")
    return root


@pytest.mark.parametrize(
    ("names", "sets"),
    [
        (["a.rules"], ["."]),
        ([], ["."]),
        (["a.rules", "x/b.rules", "x/env/"], ["."]),
        (["env/", "x/b.rules", "x/env/"], ["."]),
        (["x/b.rules", "y/c.rules"], ["."]),
        (["x/b.rules", "x/env/"], ["x"]),
        (["y/b.rules", "y/env/", "x/b.rules", "z/deep/c.rules", "keys/k.pem"], ["x", "y"]),
        (["x/b.rules", "x/env/", ".git/c.rules", ".git/env/", "w/.d.rules"], ["x"]),
    ],
)
def test_what_lies_where(tmp_path: Path, names: list[str], sets: list[str]) -> None:
    lay(tmp_path, *names)
    assert rule_sets(tmp_path) == tuple(tmp_path / name for name in sets)


def test_a_file_and_what_is_not_there_are_one(tmp_path: Path) -> None:
    lay(tmp_path, "a.rules")
    for name in ("a.rules", "missing"):
        assert rule_sets(tmp_path / name) == (tmp_path / name,)
