import os
from pathlib import Path

import pytest

from policylang.source.environment import Environment, NotToml, Unfit, parse_environment, read_environment
from policylang.source.trouble import Trouble


def rule_set(tmp_path: Path, **files: bytes) -> Path:
    (tmp_path / "env").mkdir()
    for name, content in files.items():
        (tmp_path / "env" / f"{name}.toml").write_bytes(content)
    return tmp_path


def kinds(environment: Environment) -> list[str]:
    return [trouble.kind for trouble in environment.troubles if isinstance(trouble, Trouble)]


def test_texts_and_integers_are_values(tmp_path: Path) -> None:
    root = rule_set(tmp_path, prod='# où\nurl = "http://127.0.0.1:9000"\n"n" = -3\n'.encode())
    found = read_environment(root, "prod")
    assert found.values == {"url": "http://127.0.0.1:9000", "n": -3}
    assert found.troubles == ()
    assert found.source is not None
    assert found.source.path == found.path == "env/prod.toml"


def test_an_empty_environment_is_one(tmp_path: Path) -> None:
    assert read_environment(rule_set(tmp_path, prod=b""), "prod") == Environment(
        "prod", "env/prod.toml", {}, parse_environment("prod", "").source
    )


def test_an_environment_that_is_not_there(tmp_path: Path) -> None:
    root = rule_set(tmp_path, prod=b"", dev=b"")
    (root / "env" / "notes.md").write_text("x")
    found = read_environment(root, "prd")
    assert kinds(found) == ["system"]
    assert found.known == ("dev", "prod")
    assert (found.values, found.source) == ({}, None)


def test_a_rule_set_without_environments(tmp_path: Path) -> None:
    found = read_environment(tmp_path, "prod")
    assert (kinds(found), found.known) == (["system"], ())
    assert kinds(read_environment(None, "prod")) == ["rootless"]


@pytest.mark.parametrize("name", ["../prod", "a/b", "", ".", "..", ".hidden", "a b", "a\x00", "é", "x" * 2000])
def test_names_lead_nowhere_else(tmp_path: Path, name: str) -> None:
    (tmp_path / "prod.toml").write_text('a = "outside"')
    (tmp_path / ".toml").write_text('a = "outside"')
    found = read_environment(rule_set(tmp_path, prod=b""), name)
    assert kinds(found) in (["name"], ["system"])
    assert found.values == {}


def test_links_pipes_and_sizes(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    root = rule_set(tmp_path / "rules", big=b"#" * 300_000)
    (tmp_path / "outside.toml").write_text('a = "outside"')
    (root / "env" / "link.toml").symlink_to(tmp_path / "outside.toml")
    os.mkfifo(root / "env" / "pipe.toml")
    assert kinds(read_environment(root, "link")) == ["outside"]
    assert kinds(read_environment(root, "pipe")) == ["irregular"]
    assert kinds(read_environment(root, "big")) == ["size"]


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    root = rule_set(tmp_path, latin=b'a = "\xe9"', marked=b'\xef\xbb\xbfa = "x"')
    assert kinds(read_environment(root, "latin")) == ["encoding"]
    assert kinds(read_environment(root, "marked")) == ["mark"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb: 2\n", 2),
        ("a = \n", 1),
        ("a = 1\r\n\r\nb = =\r\n", 3),
        ('x = 1\na = "unclosed\n', 2),
        ("a = 1\n\na = 2\n", 3),
        ("a = ", 1),
    ],
)
def test_what_is_not_toml_is_placed(text: str, line: int) -> None:
    found = parse_environment("prod", text)
    assert found.values == {}
    assert found.source is not None
    (trouble,) = found.troubles
    assert isinstance(trouble, NotToml)
    assert found.source.position(trouble.offset)[0] == line
    assert "line" not in trouble.reason


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a = " + "9" * 5_000])
def test_what_toml_cannot_hold_is_data_too(text: str) -> None:
    (trouble,) = parse_environment("prod", text).troubles
    assert isinstance(trouble, NotToml)


def test_other_values_are_named_by_kind_and_not_shown() -> None:
    text = "a = true\nb = 1.5\nc = 2026-01-01\nd = [1]\ngood = 1\n'e' = 07:00:00\n[f]\nsecret = 'hunter2'\n[[g]]\n"
    found = parse_environment("prod", text)
    assert found.values == {}
    unfit = [trouble for trouble in found.troubles if isinstance(trouble, Unfit)]
    assert [(trouble.name, trouble.kind) for trouble in unfit] == [
        ("a", "boolean"), ("b", "float"), ("c", "date or time"), ("d", "array"), ("e", "date or time"), ("f", "table"),
        ("g", "array"),
    ]  # fmt: skip
    assert [text[trouble.offset : trouble.offset + 1] for trouble in unfit] == list("abcdefg")
    assert "hunter2" not in repr(found.troubles)


def test_infinity_is_a_float_and_no_value() -> None:
    (trouble,) = parse_environment("prod", "a = inf").troubles
    assert isinstance(trouble, Unfit)
    assert trouble.kind == "float"
