import os
from pathlib import Path

import pytest

from policylang.source import tree as tree_module
from policylang.source.spans import Span
from policylang.source.tree import read_aux, read_tree, tree_of, tree_of_bytes
from policylang.source.trouble import Trouble


def kinds(path: Path) -> list[tuple[str, int | None]]:
    return [(trouble.kind, trouble.file) for trouble in read_tree(path).troubles]


def test_a_directory_is_read_recursively_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "b.rules").write_text("b")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "z.rules").write_text("z")
    (tmp_path / "a.rules").write_text("a")
    (tmp_path / "notes.md").write_text("no rules")
    tree = read_tree(tmp_path)
    assert [(file.path, file.text) for file in tree.files] == [("a.rules", "a"), ("a/z.rules", "z"), ("b.rules", "b")]
    assert tree.troubles == ()
    assert tree.root == tmp_path
    assert tree.text_of(Span(1, 0, 1)) == "z"


def test_hidden_names_and_the_environments_are_passed_over(tmp_path: Path) -> None:
    for name in (".hidden.rules", ".git/x.rules", "env/x.rules", "a/env/kept.rules"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [file.path for file in read_tree(tmp_path).files] == ["a/env/kept.rules"]


def test_a_single_file_is_a_rule_set_rooted_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "one.rules").write_text("x")
    (tmp_path / "other.rules").write_text("y")
    tree = read_tree(tmp_path / "one.rules")
    assert [file.path for file in tree.files] == ["one.rules"]
    assert tree.root == tmp_path


def test_a_missing_root_is_a_trouble(tmp_path: Path) -> None:
    tree = read_tree(tmp_path / "nowhere")
    assert tree.files == ()
    assert tree.troubles == (Trouble("root", str(tmp_path / "nowhere"), reason="no such file or directory"),)


def test_a_name_that_no_system_takes_is_a_trouble() -> None:
    assert [trouble.kind for trouble in read_tree(Path("a\0b")).troubles] == ["root"]


def test_a_root_that_is_no_file_is_a_trouble(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert kinds(tmp_path / "pipe") == [("root", None)]


def test_an_empty_directory_is_a_trouble(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("x")
    assert kinds(tmp_path) == [("empty", None)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xef\xbb\xbflanguage 1", "mark"),
        ("language 1".encode("utf-16"), "mark"),
        (b"language 1\n# caf\xe9", "encoding"),
        (b"\xed\xa0\x80", "encoding"),
    ],
)
def test_what_is_not_plain_utf8_is_a_trouble_of_its_file(tmp_path: Path, content: bytes, kind: str) -> None:
    (tmp_path / "a.rules").write_text("language 1")
    (tmp_path / "b.rules").write_bytes(content)
    tree = read_tree(tmp_path)
    assert [(trouble.kind, trouble.file) for trouble in tree.troubles] == [(kind, 1)]
    assert [(file.path, file.readable) for file in tree.files] == [("a.rules", True), ("b.rules", False)]


def test_bad_utf8_says_where(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_bytes(b"language 1\n\xff")
    assert read_tree(tmp_path).troubles[0].reason == "line 2, byte 11"


def test_links_may_stay_inside_and_never_lead_out(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    root.mkdir()
    (tmp_path / "secret.rules").write_text("outside")
    (root / "real.rules").write_text("inside")
    (root / "alias.rules").symlink_to("real.rules")
    (root / "leak.rules").symlink_to(tmp_path / "secret.rules")
    (root / "dangling.rules").symlink_to("nothing")
    (root / "loop.rules").symlink_to("loop.rules")
    tree = read_tree(root)
    assert {file.path: file.text for file in tree.files if file.readable} == {
        "alias.rules": "inside",
        "real.rules": "inside",
    }
    assert {trouble.path: trouble.kind for trouble in tree.troubles} == {
        "dangling.rules": "system",
        "leak.rules": "outside",
        "loop.rules": "system",
    }


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.rules").write_text("x")
    root = tmp_path / "rules"
    root.mkdir()
    (root / "a.rules").write_text("a")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    assert [file.path for file in read_tree(root).files] == ["a.rules"]


def test_a_folder_or_pipe_named_like_rules_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text("a")
    os.mkfifo(tmp_path / "p.rules")
    (tmp_path / "d.rules").mkdir()
    assert kinds(tmp_path) == [("irregular", 1)]


def test_a_file_beyond_the_cap_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "FILE_CAP", 10)
    (tmp_path / "a.rules").write_text("0123456789")
    (tmp_path / "b.rules").write_text("0123456789a")
    assert kinds(tmp_path) == [("size", 1)]


def test_a_rule_set_beyond_the_cap_is_not_read_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "TREE_CAP", 10)
    for name in "abc":
        (tmp_path / f"{name}.rules").write_text("012345")
    tree = read_tree(tmp_path)
    assert [(trouble.kind, trouble.file) for trouble in tree.troubles] == [("total", 1)]
    assert [file.path for file in tree.files] == ["a.rules", "b.rules"]


def test_too_many_files_are_not_read_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "FILES_CAP", 2)
    for name in "abc":
        (tmp_path / f"{name}.rules").write_text("x")
    tree = read_tree(tmp_path)
    assert tree.files == ()
    assert [(trouble.kind, trouble.cap) for trouble in tree.troubles] == [("files", 2)]


def test_folders_are_not_followed_for_ever(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * tree_module.DEPTH_CAP)
    deep.mkdir(parents=True)
    (deep / "x.rules").write_text("x")
    (tmp_path / "a.rules").write_text("a")
    assert kinds(tmp_path) == [("depth", None)]


def test_an_unlistable_folder_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.rules").write_text("a")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    tree = read_tree(tmp_path)
    assert tree.troubles == (Trouble("folder", "closed", reason="permission denied"),)


def test_a_name_with_control_characters_is_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.rules").write_text("x")
    assert [file.path for file in read_tree(tmp_path).files] == ["a\\x1b[31m.rules"]


def test_a_tree_of_texts_is_sorted_and_has_no_root() -> None:
    tree = tree_of({"b.rules": "b", "a.rules": "a"})
    assert [file.path for file in tree.files] == ["a.rules", "b.rules"]
    assert tree.root is None


def test_a_named_file_is_read_below_the_root(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "x.pem").write_text("PEM")
    assert read_aux(tmp_path, "keys/x.pem") == "PEM"


@pytest.mark.parametrize(
    "name",
    ["../x.pem", "keys/../../x", "/etc/passwd", "", ".", "a//b", "keys/", ".hidden", "a\\b", "a\0b", "~/x", "x" * 1025],
)
def test_a_name_that_could_lead_out_is_refused_unread(tmp_path: Path, name: str) -> None:
    assert read_aux(tmp_path, name) == Trouble("name", name)


def test_a_named_file_may_not_be_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "out.pem").write_text("secret")
    root = tmp_path / "rules"
    root.mkdir()
    (root / "x.pem").symlink_to(tmp_path / "out.pem")
    (root / "folder").symlink_to(tmp_path)
    assert read_aux(root, "x.pem") == Trouble("outside", "x.pem")
    assert read_aux(root, "folder/out.pem") == Trouble("outside", "folder/out.pem")


def test_a_named_file_has_a_cap_and_is_text(tmp_path: Path) -> None:
    (tmp_path / "big.pem").write_bytes(b"x" * (tree_module.AUX_CAP + 1))
    (tmp_path / "der").write_bytes(b"\x30\x82\xff")
    (tmp_path / "dir").mkdir()
    assert read_aux(tmp_path, "big.pem") == Trouble("size", "big.pem", cap=tree_module.AUX_CAP)
    assert read_aux(tmp_path, "der") == Trouble("encoding", "der", reason="line 1, byte 1")
    assert read_aux(tmp_path, "dir") == Trouble("irregular", "dir")
    missing = read_aux(tmp_path, "missing.pem")
    assert isinstance(missing, Trouble)
    assert missing.kind == "system"


def test_rules_without_a_directory_have_no_files() -> None:
    assert read_aux(None, "keys/x.pem") == Trouble("rootless", "keys/x.pem")


def test_bytes_from_elsewhere_are_held_to_what_files_are(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tree_of_bytes("<stdin>", "é".encode())
    assert [(file.path, file.text, file.readable) for file in tree.files] == [("<stdin>", "é", True)]
    assert tree.troubles == ()
    monkeypatch.setattr(tree_module, "FILE_CAP", 3)
    for content, kind in ((b"\xff", "encoding"), (b"\xef\xbb\xbf", "mark"), (b"1234", "size")):
        tree = tree_of_bytes("<stdin>", content)
        assert [(trouble.kind, trouble.file) for trouble in tree.troubles] == [(kind, 0)]
        assert [(file.text, file.readable) for file in tree.files] == [("", False)]
