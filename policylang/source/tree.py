"""The files of a rule set: read from a directory or from one file; every problem is data, none an exception.

Law of this file: nothing outside the rule set's root is ever read, whatever links and names say.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.trouble import Trouble

FILE_CAP = 4 * 1024 * 1024
FILES_CAP = 2_000
TREE_CAP = 64 * 1024 * 1024
DEPTH_CAP = 32
AUX_CAP = 256 * 1024
SUFFIX = ".rules"
TESTS_SUFFIX = ".tests.rules"
"""Files that hold tests alone, and that no plan depends on."""

_READ = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    _READ |= getattr(os, _flag, 0)  # each is missing on some systems

_PLAIN_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class SourceTree:
    """The ``*.rules`` files of a rule set, sorted by path. ``root`` is the directory that relative names start from.

    ``root`` is None for a tree made from text; ``troubles`` say what could not be read. A tree with troubles is not a
    rule set: what is missing may hold denies.
    """

    files: tuple[SourceText, ...]
    root: Path | None = None
    troubles: tuple[Trouble, ...] = ()

    def text_of(self, span: Span) -> str:
        """The source text that a span covers."""
        return self.files[span.file].text[span.start : span.end]


def is_tests_file(path: str) -> bool:
    """Whether a file of a rule set holds tests alone, by its name.

    >>> is_tests_file("orders/limits.tests.rules"), is_tests_file("tests.rules")
    (True, False)
    """
    return path.endswith(TESTS_SUFFIX)


def tree_of(texts: Mapping[str, str], root: Path | None = None) -> SourceTree:
    """A tree from texts by path, as if they had been read from ``root``."""
    return SourceTree(tuple(SourceText(path, texts[path]) for path in sorted(texts)), root)


def tree_of_bytes(path: str, content: bytes) -> SourceTree:
    """A tree of one file that came from elsewhere than a disk, such as standard input, held to what files are held to."""
    text = _decode(content, path) if len(content) <= FILE_CAP else Trouble("size", path, cap=FILE_CAP)
    if isinstance(text, str):
        return SourceTree((SourceText(path, text),))
    return SourceTree((SourceText(path, "", readable=False),), None, (replace(text, file=0),))


def read_tree(path: Path) -> SourceTree:
    """Read a rule set: a directory (recursively, without hidden names and without ``env/``) or a single file."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        return SourceTree((), path, (Trouble("root", str(path), reason=_reason(error)),))
    if stat.S_ISDIR(mode):
        return _read_directory(path)
    if stat.S_ISREG(mode):
        return _read_listed(path.parent, [path.name], [])
    return SourceTree((), path, (Trouble("root", str(path), reason="neither a directory nor a file"),))


def read_aux(root: Path | None, relative: str) -> str | Trouble:
    """The text of a file that rules name, such as ``keys/x.pem``: at most 256 KiB of UTF-8 below the rule set's root.

    The name is made of plain parts (letters, digits, ``. _ -``, none hidden) joined by ``/``; links may not lead out.
    """
    if len(relative) > 1024 or not all(_PLAIN_PART.fullmatch(part) for part in relative.split("/")):
        return Trouble("name", relative)
    if root is None:
        return Trouble("rootless", relative)
    content = _read_inside(root, relative, AUX_CAP)
    return content if isinstance(content, Trouble) else _decode(content, relative)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else "not a usable name"


def _read_directory(root: Path) -> SourceTree:
    found: list[str] = []
    troubles: list[Trouble] = []
    for relative in _walk(root, troubles):
        found.append(relative)
        if len(found) > FILES_CAP:
            return SourceTree((), root, (*troubles, Trouble("files", ".", cap=FILES_CAP)))
    if not found and not troubles:
        troubles.append(Trouble("empty", root.name or "."))
    return _read_listed(root, sorted(found), troubles)


def _walk(root: Path, troubles: list[Trouble]) -> Iterator[str]:
    """Relative POSIX paths of the ``*.rules`` entries below ``root``; links to directories are not followed."""
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as error:
            troubles.append(Trouble("folder", _shown(folder or "."), reason=_reason(error)))
            continue
        for entry in entries:
            relative = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or relative == "env":
                continue
            if entry.is_dir(follow_symlinks=False):
                if relative.count("/") + 1 < DEPTH_CAP:
                    pending.append(relative)
                else:
                    troubles.append(Trouble("depth", _shown(relative), cap=DEPTH_CAP))
            elif entry.name.endswith(SUFFIX):
                yield relative


def _read_listed(root: Path, names: list[str], troubles: list[Trouble]) -> SourceTree:
    files: list[SourceText] = []
    total = 0
    for index, name in enumerate(names):
        content: bytes | str | Trouble = _read_inside(root, name, FILE_CAP)
        if isinstance(content, bytes):
            total += len(content)
            content = _decode(content, name) if total <= TREE_CAP else Trouble("total", name, cap=TREE_CAP)
        if isinstance(content, str):
            files.append(SourceText(_shown(name), content))
            continue
        troubles.append(replace(content, path=_shown(name), file=index))
        files.append(SourceText(_shown(name), "", readable=False))
        if content.kind == "total":
            break
    return SourceTree(tuple(files), root, tuple(troubles))


def _shown(name: str) -> str:
    """A name that can be printed, whatever bytes it has."""
    return "".join(c if c.isprintable() else c.encode("unicode-escape").decode() for c in name)


def _decode(content: bytes, relative: str) -> str | Trouble:
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return Trouble("mark", relative)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Trouble("encoding", relative, reason=f"line {line}, byte {error.start}")


def _read_inside(root: Path, relative: str, cap: int) -> bytes | Trouble:
    """The bytes of a regular file below ``root``, at most ``cap`` of them; links may stay inside, never lead out."""
    try:
        base = root.resolve(strict=True)
        target = (base / relative).resolve(strict=True)
        if not target.is_relative_to(base):
            return Trouble("outside", relative)
        descriptor = os.open(target, _READ)
    except RuntimeError:
        return Trouble("system", relative, reason="a circle of links")
    except (OSError, ValueError) as error:
        return Trouble("system", relative, reason=_reason(error))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return Trouble("irregular", relative)
    with os.fdopen(descriptor, "rb") as stream:
        try:
            content = stream.read(cap + 1)
        except OSError as error:
            return Trouble("system", relative, reason=_reason(error))
    return content if len(content) <= cap else Trouble("size", relative, cap=cap)
